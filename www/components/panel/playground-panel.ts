import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { View } from '../../../pkg/guidance_playground.js';
import type { PlaneBackend, PlaneRecord } from '../../plane/engine/backend.js';
import type { Group } from '../groups.js';
import type { PlaneEngine } from '../../plane/engine/engine.js';
import { ownNetworks } from '../../engine/networks.js';
import type { ShownPanel } from '../../export/export-source.js';
import { isOneField, isSame, type RunConfig } from '../../scheme/scheme.js';
import type { SchemeTable } from '../../scheme/table.js';
import type { Lit } from '../../plane/drawing/lit-shapes.js';
import { mostPanels } from '../../scheme/address.js';
import type { Pull } from '../../plane/pointing/pointing.js';
import { planeBasis } from '../../plane/state/lab.js';
import type { PlaneState } from '../../plane/state/state.js';
import type { PanelState } from '../../state/state.js';
import { controls } from '../../styles/controls.js';
import { formatDuration } from '../../text/format.js';
import { describeLost } from '../../text/lost.js';
import { mainMetrics } from '../../text/metrics.js';
import { summarise } from '../../text/summary.js';
import { describeStandIn } from '../../text/stand-in.js';
import { titleOf } from '../../text/title.js';
import type { PanelCommand } from '../../state/changes.js';
import type { PanelMenu } from './panel-menu.js';
import '../../plane/picture/panel-picture.js';
import { sceneOf } from '../../plane/picture/seen.js';
import type { PanelPicture } from '../../plane/picture/panel-picture.js';
import './panel-poster.js';
import './panel-results.js';
import './scheme-picker.js';
import { StagedElement } from '../staged-element.js';

/** Seconds that are worth telling how many are left. */
const longWait = 10;

/** One scheme: its settings, its particles, its result. */
@customElement('gp-playground-panel')
export class PlaygroundPanel extends StagedElement {
  @property({ attribute: false }) table!: SchemeTable;
  /** The part of the plane that is seen; null until the core is loaded. */
  @property({ attribute: false }) view: View | null = null;
  /** The part of it that the data are in; null until that is known. */
  @property({ attribute: false }) overview: View | null = null;
  @property({ attribute: false }) state!: PlaneState;
  @property({ attribute: false }) panel!: PanelState;
  @property({ attribute: false }) number = 1;
  @property({ attribute: false }) engine: PlaneEngine | null = null;
  @property({ attribute: false }) backend: PlaneBackend | null = null;
  @property({ attribute: false }) run: PlaneRecord | null = null;
  /** The run under way, where it is not a preview. */
  @property({ attribute: false }) pending: PlaneRecord | null = null;
  /** The parts of it that are shown. */
  @property({ attribute: false }) groups: ReadonlySet<Group> = new Set();
  /** What pulls at the place that is pointed at; null where nobody points. */
  @property({ attribute: false }) pull: Pull | null = null;
  /** The particles that are lit; null until they are known here. */
  @property({ attribute: false }) lit: Lit | null = null;
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

      gp-force-formula {
        position: absolute;
        inset: auto 0 0;
        /* Above lit paths. */
        z-index: 1;
        padding: var(--space-1) var(--space-2);
        pointer-events: none;
        background: color-mix(in srgb, var(--surface) 88%, transparent);
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

      gp-panel-picture,
      .failure {
        grid-area: 1 / 1;
      }

      .stale gp-panel-picture {
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
    return html`
      <section aria-label="Panel ${this.number}" role=${groups.has('sampling') ? nothing : 'group'}>
        <header>
          ${this.#renderTitle()}
          ${groups.has('menus') ? html`<gp-panel-menu label="panel ${this.number}" .barred=${this.#barred()}></gp-panel-menu>` : nothing}
        </header>
        <div class="picture ${this.#stale || this.#behind ? 'stale' : ''}" aria-busy=${busy}>
          <gp-panel-picture
            .backend=${run?.backend ?? this.backend}
            .scene=${this.#scene}
            tool=${this.state.look.tool}
            name="panel ${this.number}"
            label=${this.#describe()}
          >
            ${this.#renderPoster()}
            ${
              this.state.look.coverage
                ? html`<gp-branch-coverage
                  overlay
                  .engine=${this.engine}
                  .run=${run}
                  .finished=${finished}
                  .view=${this.view}
                ></gp-branch-coverage>`
                : nothing
            }
            ${this.#renderExplanations()}
            <gp-lit-particles .view=${this.view} .lit=${this.#stale ? null : this.lit} .position=${this.#position}></gp-lit-particles>
          </gp-panel-picture>
          ${this.#renderMessage()} ${this.#renderProgress()}
        </div>
        <div class="below">
          ${
            this.state.look.cut
              ? html`<gp-line-cut
                .engine=${this.engine}
                .config=${this.#config}
                .step=${this.#position}
                .cut=${this.state.look.cut}
                @cut-change=${() => this.renderRoot.querySelector<PanelPicture>('gp-panel-picture')?.focus()}
              ></gp-line-cut>`
              : nothing
          }
          ${
            groups.has('models')
              ? html`<gp-scheme-models
                .table=${this.table}
                .choice=${panel.choice}
                .scheme=${panel.scheme}
                .distribution=${this.state.sampling.distribution}
                .own=${ownNetworks()}
              ></gp-scheme-models>`
              : nothing
          }
        </div>
        <div>
          ${
            groups.has('results')
              ? html`<gp-panel-results
                .run=${this.#stale ? null : run}
                .engine=${this.engine}
                .evaluations=${run?.evaluations ?? 0}
                .finished=${finished}
              ></gp-panel-results>`
              : nothing
          }
        </div>
        ${
          groups.has('details')
            ? html`<gp-scheme-details .table=${this.table} .choice=${panel.choice} .scheme=${panel.scheme} label="panel ${this.number}"></gp-scheme-details>`
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
    return run.config.seed !== pending.config.seed || !isOneField(run.config, pending.config);
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

  /** What explanations are of: what is set now, once its particles are to be seen. */
  get #config(): RunConfig | null {
    return this.run?.started ? planeBasis.runConfig(this.panel, this.state.sampling) : null;
  }

  get #scene() {
    return sceneOf(this.run, this.state, this.view, this.overview, this.#position);
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
    const choice = this.table.choiceOf(this.panel.choice);
    if (run?.metrics && !this.#stale) return summarise(choice, run.config.scheme, run.metrics);
    return `${choice.name}: particles, still being computed`;
  }

  /** No heading, which would stand somewhere among those of the page around; as its panels are no places of that page. */
  #renderTitle() {
    const { choice, scheme } = this.panel;
    const [menu, parameters] = [this.groups.has('schemes'), this.groups.has('parameters')];
    if (!menu && !parameters) return html`<p class="title">${titleOf(this.table, choice, scheme)}</p>`;
    return html`<gp-scheme-picker .table=${this.table} .choice=${choice} .scheme=${scheme} label="panel ${this.number}" ?fixed=${!menu} ?brief=${!parameters}></gp-scheme-picker>`;
  }

  #renderCaption() {
    const said = { 'stand-in': describeStandIn(this.table, this.panel), engine: this.run?.failure ? '' : (this.run?.remark ?? '') };
    const remarks = Object.entries(said).flatMap(([about, sentence]) =>
      sentence ? [html`<p role="status" data-remark=${about}>${sentence}</p>`] : [],
    );
    if (!this.groups.has('captions')) return remarks.length > 0 ? html`<div class="remarks">${remarks}</div>` : nothing;
    const { choice, scheme } = this.panel;
    return html`<div class="caption">
      <gp-scheme-explanation .table=${this.table} choice=${choice} .scheme=${scheme}></gp-scheme-explanation>
      ${remarks}
    </div>`;
  }

  /** Until there are particles, where they will end: of schemes that the page has a poster of. */
  #renderPoster() {
    const { choice, scheme } = this.panel;
    if (this.run || !isSame(scheme, this.table.choiceOf(choice).scheme)) return nothing;
    return html`<gp-panel-poster choice=${choice}></gp-panel-poster>`;
  }

  /** What it shows, to be saved. */
  get shown(): ShownPanel {
    const { panel, run } = this;
    const metrics = run?.metrics;
    const lost = metrics && !this.#stale ? describeLost(metrics) : '';
    const values = metrics && !this.#stale ? mainMetrics.map(({ id, label, format }) => `${label} ${format(metrics[id].value)}`) : [];
    return {
      panel,
      run,
      lit: this.#stale ? null : this.lit,
      title: titleOf(this.table, panel.choice, panel.scheme),
      metrics: lost ? [...values, lost] : values,
      scene: this.#scene,
      picture: this.renderRoot.querySelector('gp-panel-picture')!,
    };
  }

  /** What is laid over the particles to show why they go where they go. */
  #renderExplanations() {
    const { engine, view, pull } = this;
    const { field, cut } = this.state.look;
    const config = this.#config;
    const step = this.#position;
    return html`
      ${
        field
          ? html`<gp-field-overlay
            .engine=${engine}
            .config=${config}
            .step=${step}
            .view=${view}
            .field=${field}
          ></gp-field-overlay>`
          : nothing
      }
      ${
        pull
          ? html`<gp-force-overlay .view=${view} .forces=${pull.forces && 'sigma' in pull.forces ? pull.forces : null}></gp-force-overlay>
            <gp-force-formula .pull=${pull}></gp-force-formula>`
          : nothing
      }
      ${cut ? html`<gp-cut-overlay .view=${view} .cut=${cut}></gp-cut-overlay>` : nothing}
    `;
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

  #describeWork({ networks: { loaded, total } }: PlaneRecord): string {
    return total > loaded ? `Fetching network ${loaded + 1} of ${total}` : 'Placing the particles';
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
