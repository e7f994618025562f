import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Configuration, RunRecord } from '../../engine/backend.js';
import type { Engine } from '../../engine/engine.js';
import type { Lab, LabExplorer, LabView, PanelPicture, ShownPanel, ViewKinds } from '../../lab/lab.js';
import type { Group } from '../groups.js';
import { ownNetworks } from '../../engine/networks.js';
import { isSame } from '../../scheme/scheme.js';
import { mostPanels } from '../../scheme/address.js';
import type { PanelState, State } from '../../state/state.js';
import { measured } from '../../study/metrics.js';
import { controls } from '../../styles/controls.js';
import { formatBytes, formatDuration } from '../../text/format.js';
import { titleOf } from '../../text/title.js';
import type { PanelCommand } from '../../state/changes.js';
import type { PanelMenu } from './panel-menu.js';
import './panel-poster.js';
import './panel-results.js';
import './scheme-picker.js';
import { StagedElement } from '../staged-element.js';

/** Seconds that are worth telling how many are left. */
const longWait = 10;

/** Whether something of two objects with the same fields is not the same. */
function differs(next: object, last: object | undefined): boolean {
  return !last || Object.entries(next).some(([field, value]) => value !== (last as Record<string, unknown>)[field]);
}

/** One scheme: its settings, its samples, its result. */
@customElement('gp-playground-panel')
export class PlaygroundPanel extends StagedElement {
  @property({ attribute: false }) lab!: Lab;
  @property({ attribute: false }) view!: LabView;
  /** What its picture shows besides its run. */
  @property({ attribute: false, hasChanged: differs }) seen!: object;
  @property({ attribute: false }) state!: State<ViewKinds>;
  @property({ attribute: false }) panel!: PanelState;
  @property({ attribute: false }) number = 1;
  @property({ attribute: false }) engine: Engine | null = null;
  @property({ attribute: false }) backend: Engine['backend'] = null;
  @property({ attribute: false }) run: RunRecord<ViewKinds> | null = null;
  /** How it differs from others, where that is shown. */
  @property({ attribute: false }) compared: unknown = nothing;
  /** The run under way, where it is not a preview. */
  @property({ attribute: false }) pending: RunRecord<ViewKinds> | null = null;
  /** The parts of it that are shown. */
  @property({ attribute: false }) groups: ReadonlySet<Group> = new Set();
  /** There where all tools are. */
  @property({ attribute: false }) explorer: LabExplorer | null = null;
  /** Steps of both runs, so that the element renders as they advance. */
  @property({ attribute: false }) progress = '';

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-row: span 6;
        grid-template-rows: subgrid;
        grid-template-columns: minmax(0, 1fr);
        min-width: 0;
        padding-bottom: var(--space-6);
      }

      header {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: start;
      }

      section {
        display: contents;
      }

      .title {
        font-size: var(--size-normal);
        font-weight: 600;
        line-height: 1.4;
      }

      .caption,
      .remarks {
        color: var(--ink-soft);
        font-size: var(--size-small);
        line-height: 1.45;
        overflow-wrap: anywhere;
        text-wrap: pretty;
      }

      /* A message that is taller than the picture makes room for itself. */
      .picture {
        position: relative;
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        align-items: start;
      }

      .picture > :first-child,
      .failure {
        grid-area: 1 / 1;
      }

      .stale > :first-child {
        opacity: 0.4;
      }

      progress {
        position: absolute;
        inset: auto 0 0;
        width: 100%;
        height: 3px;
        appearance: none;
        border: 0;
        background: none;
        border-radius: 0 0 var(--radius) var(--radius);
        overflow: hidden;
      }

      progress::-webkit-progress-bar {
        background: none;
      }

      progress::-webkit-progress-value {
        background: var(--accent);
      }

      progress::-moz-progress-bar {
        background: var(--accent);
      }

      .wait {
        position: absolute;
        inset: auto var(--space-2) var(--space-2) auto;
        padding: 0.1rem var(--space-2);
        border-radius: var(--radius);
        background: color-mix(in srgb, var(--surface) 88%, transparent);
        color: var(--ink-soft);
        font-size: 0.75rem;
        font-variant-numeric: tabular-nums;
        pointer-events: none;
      }

      .message {
        position: absolute;
        inset: auto 1px 1px;
        display: grid;
        place-content: center;
        gap: var(--space-2);
        padding: var(--space-2) var(--space-6);
        background: color-mix(in srgb, var(--surface) 85%, transparent);
        color: var(--ink-soft);
        font-size: var(--size-small);
        text-align: center;
      }

      p {
        margin: 0;
      }

      .failure {
        position: relative;
        inset: auto;
        align-self: stretch;
        margin: 1px;
        font-size: inherit;
        background: color-mix(in srgb, var(--surface) 90%, transparent);
      }

      .message button {
        justify-self: center;
      }

      strong {
        color: var(--ink);
        font-weight: 600;
      }

      a {
        color: inherit;
      }
    `,
  ];

  /** Puts the focus on the menu that arranges it. */
  focusMenu(): void {
    this.renderRoot.querySelector<PanelMenu>('gp-panel-menu')?.focus();
  }

  protected override render() {
    const { panel, run, pending, groups } = this;
    const finished = run?.finished ?? false;
    const busy = pending !== null || !(finished || run?.failure);
    const picture = this.#picture;
    return html`
      <section aria-label="Panel ${this.number}" role=${groups.has('sampling') ? nothing : 'group'}>
        <header>
          ${this.#renderTitle()}
          ${groups.has('menus') ? html`<gp-panel-menu label="panel ${this.number}" .of=${this} .barred=${this.#barred()}></gp-panel-menu>` : nothing}
        </header>
        <div class="picture ${this.#stale || this.#behind ? 'stale' : ''}" aria-busy=${busy}>
          ${this.view.renderPicture(picture)}
          ${this.#renderMessage()} ${this.#renderProgress()}
        </div>
        <div class="below">
          ${this.view.renderBelow(picture)}
          ${
            groups.has('models')
              ? html`<gp-scheme-models
                .lab=${this.lab}
                .choice=${panel.choice}
                .scheme=${panel.scheme}
                .sampling=${this.state.sampling}
                .own=${ownNetworks()}
              ></gp-scheme-models>`
              : nothing
          }
        </div>
        <div>
          ${
            groups.has('results')
              ? html`<gp-panel-results
                .lab=${this.lab}
                .run=${this.#stale ? null : run}
                .engine=${this.engine}
                .evaluations=${run?.evaluations ?? 0}
                .finished=${finished}
              ></gp-panel-results>`
              : nothing
          }
          ${this.compared}
        </div>
        ${
          groups.has('details')
            ? html`<gp-scheme-details .table=${this.lab.schemes} .explorer=${this.explorer} .choice=${panel.choice} .scheme=${panel.scheme} label="panel ${this.number}"></gp-scheme-details>`
            : nothing
        }
        ${this.#renderCaption()}
      </section>
    `;
  }

  /** Whether the picture is of other settings than those now set, with the new one still to come. */
  get #stale(): boolean {
    const { run, pending } = this;
    // While a hand drags, one preview follows the other.
    if (!run || !pending || run === pending || pending.preview) return false;
    const [one, other] = [run.config, pending.config];
    return one.seed !== other.seed || !isSame(one.scheme, other.scheme) || !this.lab.isSameData(one, other);
  }

  /** Whether the picture is of an earlier step than the clock's. */
  get #behind(): boolean {
    const { run } = this;
    if (!run?.started || run.failure) return false;
    return !run.reaches(this.state.playback.position);
  }

  /** The clock's, as far as the run has come. */
  get #position(): number {
    return Math.min(this.state.playback.position, this.run?.stepsDone ?? 0);
  }

  /** What explanations are of: what is set now, once its samples are to be seen. */
  get #config(): Configuration | null {
    return this.run?.started ? this.lab.runConfig(this.panel, this.state.sampling) : null;
  }

  get #picture(): PanelPicture {
    const { panel, number, state, engine, backend, run, seen } = this;
    const [position, stale, config] = [this.#position, this.#stale, this.#config];
    return {
      panel,
      number,
      state,
      engine,
      backend,
      run,
      seen,
      position,
      stale,
      config,
      label: this.#describe(),
      poster: this.#renderPoster(),
    };
  }

  /** What cannot be done with this panel among the others. */
  #barred(): PanelCommand[] {
    const { length } = this.state.panels;
    const barred: [PanelCommand, boolean][] = [
      ['duplicate', length >= mostPanels],
      ['move-left', this.number === 1],
      ['move-right', this.number === length],
      ['remove', length === 1],
    ];
    return barred.flatMap(([command, is]) => (is ? [command] : []));
  }

  #describe(): string {
    const { run } = this;
    const choice = this.lab.schemes.choiceOf(this.panel.choice);
    if (run?.metrics && !this.#stale) return this.lab.metrics.summarise(choice, run.config, run.metrics);
    return `${choice.name}: ${this.lab.samples.many}, still being computed`;
  }

  /** No heading, which would stand somewhere among those of the page around; as its panels are no places of that page. */
  #renderTitle() {
    const { choice, scheme } = this.panel;
    const [menu, parameters] = [this.groups.has('schemes'), this.groups.has('parameters')];
    if (!menu && !parameters) return html`<p class="title">${titleOf(this.lab.schemes, choice, scheme)}</p>`;
    return html`<gp-scheme-picker .table=${this.lab.schemes} .choice=${choice} .scheme=${scheme} label="panel ${this.number}" ?fixed=${!menu} ?brief=${!parameters}></gp-scheme-picker>`;
  }

  #renderCaption() {
    const said = { 'stand-in': this.lab.describeStandIn(this.panel), engine: this.run?.failure ? '' : (this.run?.remark ?? '') };
    const remarks = Object.entries(said).flatMap(([about, sentence]) =>
      sentence ? [html`<p role="status" data-remark=${about}>${sentence}</p>`] : [],
    );
    if (!this.groups.has('captions')) return remarks.length > 0 ? html`<div class="remarks">${remarks}</div>` : nothing;
    const { choice, scheme } = this.panel;
    return html`<div class="caption">
      <gp-scheme-explanation .table=${this.lab.schemes} choice=${choice} .scheme=${scheme}></gp-scheme-explanation>
      ${remarks}
    </div>`;
  }

  /** Until there are samples, where they will end: of schemes that the page has a poster of. */
  #renderPoster() {
    const { choice, scheme } = this.panel;
    if (this.run || !isSame(scheme, this.lab.schemes.choiceOf(choice).scheme)) return nothing;
    return html`<gp-panel-poster lab=${this.lab.id} choice=${choice}></gp-panel-poster>`;
  }

  /** What it shows, to be saved. */
  get shown(): ShownPanel {
    const { panel, run } = this;
    const { main, describeLost } = this.lab.metrics;
    const metrics = this.#stale ? null : run?.metrics;
    const lost = metrics ? describeLost(metrics) : '';
    const values = metrics ? main.map(({ id, label, format }) => `${label} ${format(measured(metrics, id).value)}`) : [];
    return {
      panel,
      run,
      seen: this.seen,
      position: this.#position,
      stale: this.#stale,
      title: titleOf(this.lab.schemes, panel.choice, panel.scheme),
      metrics: lost ? [...values, lost] : values,
      picture: this.square,
    };
  }

  /** Its picture. */
  get square(): HTMLElement {
    return this.renderRoot.querySelector<HTMLElement>('.picture > :first-child')!;
  }

  #renderMessage() {
    const { run, pending } = this;
    if (run?.failure) {
      return html`<div class="message failure" role="alert">
        <p><strong>${run.failure.message}</strong></p>
        <p>${run.failure.advice}</p>
        ${
          // What the core refuses, it refuses again.
          run.failure.code === 'invalid' ? nothing : html`<button @click=${() => this.dispatchEvent(new Event('retry'))}>Try again</button>`
        }
      </div>`;
    }
    if (run?.started) return nothing;
    return html`<div class="message"><p>${pending ? this.#describeWork(pending) : 'Loading the sampler'}</p></div>`;
  }

  #describeWork({ networks: { loaded, total }, bytes }: RunRecord<ViewKinds>): string {
    if (total <= loaded) return `Placing the ${this.lab.samples.many}`;
    return `Fetching network ${loaded + 1} of ${total}${bytes && bytes.total > bytes.loaded ? `, ${formatBytes(bytes)}` : ''}`;
  }

  #renderProgress() {
    const { pending } = this;
    if (!pending || pending.finished || pending.preview) return nothing;
    const left = pending.secondsLeft ?? 0;
    return html`<progress
        aria-label="Computing panel ${this.number}"
        max=${pending.steps}
        .value=${pending.stepsDone}
      ></progress>
      ${left > longWait ? html`<p class="wait" data-wait>about ${formatDuration(1000 * left)} left</p>` : nothing}`;
  }
}
