import { LitElement, css, html, nothing, unsafeCSS } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import { followNoise, sigmaAt } from '../drawing/camera.js';
import { closeUp, zoom } from '../drawing/navigation.js';
import type { Metrics, View } from '../../pkg/guidance_playground.js';
import { figureGroups, type Group } from '../element/groups.js';
import type { FigureEvents, Tell } from '../element/news.js';
import type { Engine } from '../engine/engine.js';
import { AdvisedError, asError } from '../engine/failure.js';
import type { RunRecord } from '../engine/run-record.js';
import type { Failure } from '../engine/types.js';
import type { Exhibit } from '../export/exhibit.js';
import type { DataType, ImageType, Patience } from '../export/request.js';
import { choiceOf } from '../scheme/catalogue.js';
import * as changes from '../state/changes.js';
import type { Demonstration } from '../state/demonstration.js';
import type { Asked } from '../state/address.js';
import { Session, usualBeginning } from '../state/session.js';
import { Pointing } from '../state/pointing.js';
import { mostPanels } from '../scheme/address.js';
import { withNetwork } from '../scheme/own-network.js';
import type { PanelState, State } from '../state/state.js';
import type { Trials } from '../study/trials.js';
import { controls } from '../styles/controls.js';
import tokens from '../styles/tokens.css?inline';
import { elementCode, frameCode, type Embedded } from '../text/embed-code.js';
import { summarise } from '../text/summary.js';
import { titleOf } from '../text/title.js';
import type { Demonstrate } from './studies/demonstrate.js';
import './engine-status.js';
import type { FileOpening, NetworkOpened, StateOpened } from './file-opening.js';
import type { StripCurve, StripEdit } from './guidance-strip.js';
import type { PanelAction } from './panel/panel-menu.js';
import type { LinkChange, LitPanel } from './lit-table.js';
import type { CutChange, Picked, PointAt, ViewChange } from './panel/panel-picture.js';
import './panel/playground-panel.js';
import type { PlaygroundPanel } from './panel/playground-panel.js';
import type { Copied, ToolChosen } from './playground-toolbar.js';
import './playground-transport.js';
import type { TransportEvent } from './playground-transport.js';
import type { LookChange, SamplingChange } from './sampling-settings.js';
import type { SchemeChange, SchemeChosen } from './panel/scheme-picker.js';
import { properties } from './properties.js';
import { allRendered } from './staged-element.js';
import type { ToolbarAction, ToolbarCommand } from './toolbar-action.js';
import type { SweepStudy } from './studies/sweep-study.js';
import type { TrialsCleared, TrialsTable } from './studies/trials-table.js';

declare global {
  interface HTMLElementTagNameMap {
    'gp-instrument': PlaygroundInstrument;
  }
}

const seedsOffered = 1_000_000;
/** Milliseconds that the toolbar says what became of a command. */
const shownFor = 2500;
/** Enlargement by one press of a button. */
const zoomFactor = 1.5;
/** Panels side by side where there is room. */
const mostColumns = 4;

/** Panels in a row that is moved sideways, where they cannot stand side by side. */
const row = css`
  /* Pictures first. */
  gp-playground-toolbar {
    order: 1;
    margin-block: var(--space-2) var(--space-4);
  }

  .panels {
    grid-template-columns: none;
    grid-template-rows: repeat(6, auto);
    grid-auto-flow: column;
    grid-auto-columns: min(86%, 26rem);
    margin-inline: calc(-1 * var(--gutter));
    padding-inline: var(--gutter);
    scroll-padding-inline: var(--gutter);
    overflow-x: auto;
    scroll-snap-type: x mandatory;
  }

  .panels > * {
    scroll-snap-align: start;
  }

  .panels ~ * {
    order: 2;
  }

  .bar {
    margin-inline: calc(-1 * var(--gutter));
    padding-inline: var(--gutter);
  }
`;

/** The instrument: panels on one noise and one clock. */
@customElement('gp-instrument')
export class PlaygroundInstrument extends LitElement {
  /** Whether its parts are still rendered one by one: until they are together, the poster stands before them. */
  @property({ type: Boolean, reflect: true }) composing = true;
  /** The parts of it that are shown. */
  @property({ attribute: false }) groups: ReadonlySet<Group> = new Set(figureGroups);
  /** The page that “Copy link” leads to; null is the page that this is on. */
  @property({ attribute: false }) home: string | null = null;
  /** Hears what becomes of it. */
  tell: Tell = () => {};
  /** What it shows first; not read again. */
  beginning = usualBeginning;
  /** Files dropped beside it are meant for it too: where the page has nothing else that takes files. */
  @property({ attribute: false }) wholePage = false;
  readonly #session = new Session(() => this.requestUpdate());
  readonly #announced = new WeakSet<RunRecord>();
  /** There once there is a table of them. */
  #trials: Trials | null = null;
  #announcement = '';
  #copied: Copied | null = null;
  /** Who waits for all results. */
  readonly #waiting: { resolve: () => void; reject: (reason: unknown) => void }[] = [];
  /** What was last told of, by the type of news. */
  readonly #told = new Map<keyof FigureEvents, string>();
  #start = 0;
  #begun = false;
  /** Off the page, perhaps only on the way to another place of it. */
  #leaving = 0;
  /** What is fetched only where it is shown. */
  #explorer: Promise<unknown> | null = null;
  #overlays: Promise<unknown> | null = null;
  readonly #sight = new IntersectionObserver(
    (entries) => (this.#session.inSight = entries.at(-1)!.isIntersecting),
  );
  readonly #pointing = new Pointing(this.#session, () => this.requestUpdate());

  /** Nothing of the page around comes in but its colour scheme, which whoever puts it there decides, and what is named here. */
  static override styles = [
    css`
      :host {
        all: initial;
      }

      ${unsafeCSS(tokens)}

      :host {
        --gutter: var(--guidance-playground-gutter, 0px);
        --page: var(--ground, light-dark(#fdfcfa, #151413));
        --covered: 0px;
      }
    `,
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        direction: ltr;
        container: instrument / inline-size;
        color: var(--ink);
        font: var(--size-normal) / 1.5 var(--font);
        -webkit-text-size-adjust: 100%;
      }

      :host([figure]) {
        container-name: figure;
        padding-bottom: 0;
      }

      :host([composing]) {
        visibility: hidden;
      }

      .panels {
        /* Holds what is visually hidden inside, or it would widen the page when the row scrolls. */
        position: relative;
        /* By the bar, at the most. */
        --covered: 11rem;
        display: grid;
        grid-template-columns: repeat(var(--columns), minmax(0, var(--panel)));
        gap: 0 clamp(1rem, 2.5vw, 2.5rem);
      }

      gp-playground-toolbar {
        margin-bottom: var(--space-4);
      }

      .panels > * {
        row-gap: var(--space-3);
      }

      :host([figure]) .panels {
        justify-content: safe center;
      }

      :host([figure]) .panels > * {
        row-gap: var(--space-2);
        padding-bottom: 0;
      }

      .bar {
        position: sticky;
        bottom: 0;
        margin-top: var(--space-4);
        padding-block: var(--space-3);
        border-top: 1px solid var(--line);
        background: var(--page);
        /* Above the progress bars that pass under it. */
        z-index: 1;
      }

      /* A figure is no higher than a window. */
      :host([figure]) .bar {
        position: static;
        background: none;
      }

      gp-lit-table {
        padding-block: var(--space-3);
        border-top: 1px solid var(--line);
      }

      gp-sampling-settings {
        padding-top: var(--space-3);
        border-top: 1px solid var(--line);
      }

      .studies {
        margin-top: var(--space-6);
        border-bottom: 1px solid var(--line);
      }

      .notice {
        max-width: 46rem;
        padding: var(--space-4) var(--space-6);
        border: 1px solid var(--line);
        border-left: 4px solid var(--accent);
        border-radius: var(--radius);
        background: var(--surface);
      }

      .notice p {
        margin: 0 0 var(--space-2);
      }

      @media (max-height: 30rem) {
        .bar {
          padding-block: var(--space-1);
        }
      }

      @container instrument (max-width: 705px) {
        ${row}
      }

      @container figure (max-width: 560px) {
        ${row}
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    this.#sight.observe(this);
    this.#ownRem();
    // Moved to another place of the page, it goes on.
    if (this.#leaving) {
      clearTimeout(this.#leaving);
      this.#leaving = 0;
      return;
    }
    if (!this.#begun) this.#session.begin(this.beginning);
    this.#begun = true;
    // In a task of its own: the page is busy with its modules.
    this.#start = window.setTimeout(() => this.#session.start());
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#sight.disconnect();
    this.#leaving = window.setTimeout(() => {
      this.#leaving = 0;
      clearTimeout(this.#start);
      this.#session.stop();
      const gone = new AdvisedError('gone', 'The figure was taken off the page.', 'Ask again when it is back.');
      for (const { reject } of this.#waiting.splice(0)) reject(gone);
    });
  }

  /** Lengths follow the reader's own size of text, whatever the page has at its root. */
  #ownRem() {
    this.style.fontSize = 'medium';
    this.style.setProperty('--rem', getComputedStyle(this).fontSize);
    this.style.fontSize = '';
  }

  /** The settings now, for scripts that look on. */
  get currentState(): State {
    return this.#session.settings;
  }

  /** What samples, for scripts that look on. */
  get engine(): Engine | null {
    return this.#session.engine;
  }

  /** The address of a page of this site that shows what is seen now. */
  linkTo(page: string): string {
    return this.#session.linkTo(page);
  }

  /** Sets the instrument to show something, which can be undone; throws a sentence where that cannot be. */
  show(demonstration: Demonstration): void {
    this.#session.show(demonstration);
    // A finger does not leave as a pointer does.
    this.#pointing.forget();
    if (demonstration.open) void this.#unfold(demonstration.open);
  }

  async #unfold(which: 'sweep' | 'tried') {
    await this.updateComplete;
    const study = this.renderRoot.querySelector<SweepStudy | TrialsTable>(which === 'sweep' ? 'gp-sweep-study' : 'gp-trials-table');
    if (!study) return;
    study.open = true;
    await study.updateComplete;
    study.scrollIntoView({ behavior: this.#session.motion ? 'smooth' : 'auto' });
  }

  /** What brings the state of now back, in an address behind the `#`. */
  get text(): string {
    return this.#session.text;
  }

  /** Changes what is asked for, by the names and the grammar of an address; throws an AdvisedError, and then changes nothing. */
  ask(asked: Asked, whole = false): void {
    this.#session.ask(asked, whole);
  }

  /** Plays, from the start where it is at its end, or pauses. */
  play(is: boolean): void {
    if (this.currentState.playback.playing !== is) this.#session.change(changes.togglePlay);
  }

  /** Each panel's figures, once all are sampled; null of one that failed. */
  async metrics(): Promise<(Metrics | null)[]> {
    await this.#sampled();
    return this.currentState.panels.map(({ id }) => this.#session.runs(id).shown?.metrics ?? null);
  }

  /** What is seen now, as a picture, or a film of how it came about; rejects with an AdvisedError, or with the signal's reason. */
  async exportImage(type: ImageType, patience: Patience): Promise<Blob> {
    await this.#sampled();
    const { exportImage } = await import('../export/export.js');
    return exportImage(this.#exhibit()!, type, patience);
  }

  /** Particles, trajectories, or everything with the figures; rejects in the same way. */
  async exportData(type: DataType, patience: Patience): Promise<Blob> {
    await this.#sampled();
    const { exportData } = await import('../export/export.js');
    return exportData(this.#exhibit()!, type, patience);
  }

  /** Resolves when every panel has its result, and is seen. */
  #sampled(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#session.awaited = true;
      this.requestUpdate();
    });
  }

  /** Positions that a panel shows at a step, or null where it has not got there. */
  async positions(panel: number, step: number): Promise<Float32Array | null> {
    const id = this.#session.settings.panels[panel]?.id;
    return (id !== undefined && this.#session.engine?.positions(id, step)) || null;
  }

  protected override willUpdate() {
    if (this.#session.failure) this.composing = false;
    this.toggleAttribute('figure', !this.groups.has('sampling'));
    this.#fetchParts();
    this.#announce();
    this.#noteTrials();
  }

  #fetchParts() {
    const { look, linked } = this.#session.settings;
    if ((['toolbar', 'menus', 'models', 'details', 'sampling', 'lit', 'studies'] as const).some((group) => this.groups.has(group))) {
      this.#explorer ??= import('./explorer.js').then(({ Trials }) => {
        this.#trials = new Trials();
        this.requestUpdate();
      });
    }
    const pointed = this.#session.engine && this.#session.settings.panels.some(({ id }) => this.#pointing.forces(id));
    if (look.field || look.cut || look.coverage || linked.length > 0 || this.#pointing.particles.length > 0 || pointed) {
      this.#overlays ??= import('./overlays/all.js');
    }
  }

  /** Says each panel's result once, when all full runs have ended: one by one, each would silence the one before. */
  #announce() {
    if (this.#underWay) return;
    const { panels } = this.#session.settings;
    const sentences = panels.flatMap((panel, index) => {
      const { shown } = this.#session.runs(panel.id);
      if (!shown?.metrics || shown.preview || this.#announced.has(shown)) return [];
      this.#announced.add(shown);
      return [`Panel ${index + 1}, ${summarise(choiceOf(panel.choice), shown.config.scheme, shown.metrics)}`];
    });
    if (sentences.length > 0) this.#announcement = sentences.join(' ');
  }

  /** Whether a panel's result is still to come. */
  get #underWay(): boolean {
    if (!this.#session.engine) return true;
    return this.#session.settings.panels.some(({ id }) => {
      const { shown, pending } = this.#session.runs(id);
      return pending !== null || !(shown?.finished || shown?.failure);
    });
  }

  #noteTrials() {
    if (!this.#session.engine) return;
    for (const { id, choice } of this.#session.settings.panels) this.#trials?.note(choice, this.#session.runs(id).shown);
  }

  protected override updated() {
    this.#report();
    if (this.composing && this.#session.engine) void this.#compose();
  }

  async #compose() {
    await this.#explorer;
    await allRendered();
    if (!this.composing) return;
    this.composing = false;
    this.tell('composed', { failed: false });
  }

  /** Tells what has become another since the last time. */
  #report() {
    const { engine, settings, failure } = this.#session;
    const { text } = this;
    const { playback, sampling } = settings;
    const news: { [T in keyof FigureEvents]?: FigureEvents[T] } = {};
    const changed = (of: keyof FigureEvents, now: string) => {
      const before = this.#told.get(of);
      this.#told.set(of, now);
      return before !== now && (before !== undefined || of !== 'change');
    };
    const wrong = failure ?? this.#session.refusal;
    if (wrong && changed('error', JSON.stringify(wrong))) news.error = { code: wrong.code, message: wrong.message, advice: wrong.advice };
    if (failure && changed('composed', 'failed')) news.composed = { failed: true };
    // Tried again, and there it is.
    if (!failure && engine?.backend && this.#told.get('composed') === 'failed' && changed('composed', 'there')) news.composed = { failed: false };
    // The moment is told of as a frame.
    if (changed('change', text.replace(/&step=\d+$/, ''))) news.change = { state: text };
    if (engine?.backend && changed('frame', String(playback.position))) {
      const sigma = this.#session.noiseLevels()[Math.round(playback.position)] ?? null;
      news.frame = { step: playback.position, steps: sampling.levels.steps, sigma };
    }
    if (engine?.backend) {
      const { notice, backend } = engine;
      const { kind, description } = backend;
      if (changed('enginechange', `${kind}/${notice}`)) news.enginechange = { kind, description, notice };
    }
    const settled = failure !== null || (!this.#underWay && !this.composing);
    if (settled) {
      for (const { resolve, reject } of this.#waiting.splice(0)) {
        if (failure) reject(asError(failure));
        else resolve();
      }
      this.#session.awaited = false;
      if (!failure && changed('ready', 'ready')) news.ready = { state: text };
    }
    for (const [type, detail] of Object.entries(news)) this.tell(type as keyof FigureEvents, detail as FigureEvents[keyof FigureEvents]);
  }

  protected override render() {
    const { engine, settings, failure } = this.#session;
    return html`
      ${failure ? this.#renderFailure(failure) : nothing}
      ${engine && !failure ? this.#renderInstrument(engine, settings) : nothing}
      <div class="visually-hidden" role="status" data-announcement>${this.#announcement}</div>
    `;
  }

  #renderFailure({ code, message, advice }: Failure) {
    return html`<div class="notice" role="alert" data-code=${code}>
      <p><strong>${message}</strong></p>
      <p>${advice}</p>
      ${
        // Without an engine to try, the browser lacks something that trying again does not bring.
        this.#session.engine ? html`<button @click=${() => this.#session.start()}>Try again</button>` : nothing
      }
    </div>`;
  }

  #renderInstrument(engine: Engine, settings: State) {
    const session = this.#session;
    const { panels } = settings;
    const columns = panels.length <= mostColumns ? panels.length : Math.ceil(panels.length / 2);
    const { groups } = this;
    return html`
      ${groups.has('toolbar') ? this.#renderToolbar(settings) : nothing}
      ${groups.has('toolbar') ? this.#renderOpening(engine, settings) : nothing}
      <div
        class="panels"
        ${properties({ '--columns': String(columns) })}
        @view-change=${({ view }: ViewChange) => session.change((now) => changes.setLook(now, { view }))}
        @cut-change=${({ cut }: CutChange) => session.change((now) => changes.setLook(now, { cut }))}
      >
        ${repeat(
          panels,
          ({ id }) => id,
          (panel, index) => this.#renderPanel(engine, settings, panel, index + 1),
        )}
      </div>
      ${groups.has('clock') ? this.#renderClock(settings) : nothing}
      ${groups.has('lit') ? this.#renderLit(settings) : nothing}
      ${groups.has('sampling') ? this.#renderSettings(settings) : nothing}
      <gp-engine-status
        .backend=${engine.backend}
        .pace=${engine.backend?.pace ?? 0}
        .drawn=${engine.backend?.drawn ?? 1}
        .notice=${engine.notice}
        ?brief=${!groups.has('engine')}
      ></gp-engine-status>
      ${groups.has('studies') && this.#trials ? this.#renderStudies(engine, settings, this.#trials) : nothing}
    `;
  }

  #renderClock({ playback, sampling }: State) {
    const session = this.#session;
    return html`<div class="bar" role="group" aria-label="Playback">
        <gp-playground-transport
          .playback=${playback}
          .steps=${sampling.levels.steps}
          .computed=${session.computed()}
          .noiseLevels=${session.noiseLevels()}
          .curves=${this.#curves()}
          @strip-edit=${({ panel, scheme, settled }: StripEdit) =>
            session.edit((now) => changes.setScheme(now, panel, scheme), settled)}
          @transport=${this.#transport}
        ></gp-playground-transport>
      </div>`;
  }

  #renderToolbar({ panels, look }: State) {
    const session = this.#session;
    return html`<gp-playground-toolbar
      role="group"
      aria-label="Tools"
      tool=${look.tool}
      ?canUndo=${session.canUndo}
      ?canRedo=${session.canRedo}
      ?canAdd=${panels.length < mostPanels}
      ?overview=${look.view === null}
      .copied=${this.#copied}
      @tool-chosen=${({ tool }: ToolChosen) => session.change((now) => changes.chooseTool(now, tool, this.#view))}
      @toolbar-action=${this.#act}
      .exhibit=${this.#exhibit}
      @open-file=${() => this.renderRoot.querySelector<FileOpening>('gp-file-opening')?.choose()}
    ></gp-playground-toolbar>`;
  }

  #renderOpening(engine: Engine, { panels }: State) {
    const session = this.#session;
    return html`<gp-file-opening
      .engine=${engine}
      .names=${panels.map(({ choice }) => choiceOf(choice).name)}
      .pictures=${this.#pictures}
      ?everywhere=${this.wholePage}
      @state-opened=${({ restored }: StateOpened) => session.edit(() => restored)}
      @network-opened=${({ panel, role, network }: NetworkOpened) => {
        session.edit((now) => changes.place(now, withNetwork(now.panels[panel]!, role, network), now.panels[panel]!.id));
        // Those that it was missing in.
        for (const { id } of session.settings.panels) {
          if (session.runs(id).shown?.failure?.code === 'network-elsewhere') session.run(id);
        }
      }}
    ></gp-file-opening>`;
  }

  /** What the panels show now, to be saved; null until there is something. */
  get exhibit(): Exhibit | null {
    return this.#exhibit();
  }

  readonly #exhibit = (): Exhibit | null => {
    const session = this.#session;
    const { engine } = session;
    if (!engine?.overview || this.composing) return null;
    const panels = () => [...this.renderRoot.querySelectorAll<PlaygroundPanel>('gp-playground-panel')];
    return {
      element: this,
      engine,
      get state() {
        return session.settings;
      },
      get noiseLevels() {
        return session.noiseLevels();
      },
      get panels() {
        return panels().map(({ shown }) => shown);
      },
      get complete() {
        return session.settings.panels.every(({ id }) => {
          const { shown, pending } = session.runs(id);
          return pending === null && Boolean(shown?.finished || shown?.failure);
        });
      },
      viewAt: (position) => this.#viewAt(position),
    };
  };

  readonly #pictures = (): Element[] =>
    [...this.renderRoot.querySelectorAll<PlaygroundPanel>('gp-playground-panel')].flatMap(
      ({ renderRoot }) => renderRoot.querySelector('gp-panel-picture') ?? [],
    );

  #renderSettings({ sampling, look }: State) {
    const session = this.#session;
    return html`<gp-sampling-settings
        role="group"
        aria-label="Sampling"
        .sampling=${sampling}
        .look=${look}
        @sampling-change=${({ change, settled }: SamplingChange) =>
          session.edit((now) => changes.setSampling(now, change), settled)}
        @look-change=${({ change }: LookChange) => session.change((now) => changes.setLook(now, change))}
        @new-noise=${() => {
          const seed = Math.floor(Math.random() * seedsOffered);
          session.edit((now) => changes.newNoise(now, seed, session.motion));
        }}
      ></gp-sampling-settings>`;
  }

  #renderLit({ panels, sampling }: State) {
    const { particles } = this.#pointing;
    const lit = panels.map(({ id }) => this.#pointing.lit(id));
    // What does not move with the clock is not rendered with it.
    const { failure } = this.#pointing;
    return guard([panels, sampling, particles.join(), failure, ...lit], () => {
      const named = panels.map(({ choice }, index): LitPanel => ({ name: choiceOf(choice).name, lit: lit[index]! }));
      return html`<gp-lit-table
        .linked=${particles}
        .panels=${named}
        .particles=${sampling.particles}
        failure=${failure}
        @link-change=${({ particles }: LinkChange) =>
          this.#session.change((now) => changes.link(now, particles))}
      ></gp-lit-table>`;
    });
  }

  #renderStudies(engine: Engine, { panels, sampling }: State, trials: Trials) {
    const metrics = panels.map(({ id }) => this.#session.runs(id).shown?.metrics);
    return guard([engine, panels, sampling, trials.list, trials.cleared, ...metrics], () =>
      this.#renderStudiesNow(engine, panels, sampling, trials),
    );
  }

  #renderStudiesNow(engine: Engine, panels: PanelState[], sampling: State['sampling'], trials: Trials) {
    const results = panels.flatMap(({ id, choice }, index) => {
      const { shown } = this.#session.runs(id);
      return shown?.metrics ? [{ number: index + 1, title: titleOf(choice, shown.config.scheme), metrics: shown.metrics }] : [];
    });
    return html`<div class="studies" @demonstrate=${({ demonstration }: Demonstrate) => this.show(demonstration)}>
      <gp-trials-table
        .trials=${trials.list}
        .cleared=${trials.cleared.length}
        .panels=${panels}
        @trials-cleared=${({ undo }: TrialsCleared) => {
          if (undo) trials.restore();
          else trials.clear();
          this.requestUpdate();
        }}
      ></gp-trials-table>
      <gp-sweep-study .engine=${engine} .panels=${panels} .sampling=${sampling} .results=${results}></gp-sweep-study>
    </div>`;
  }

  #renderPanel(engine: Engine, settings: State, panel: PanelState, number: number) {
    const session = this.#session;
    const { shown, pending } = session.runs(panel.id);
    return html`<gp-playground-panel
      .view=${this.#view}
      .state=${settings}
      .panel=${panel}
      .number=${number}
      .groups=${this.groups}
      .engine=${engine}
      .backend=${engine.backend}
      .run=${shown}
      .pending=${pending}
      .progress=${`${shown?.stepsDone}/${shown?.finished}/${pending?.stepsDone}/${pending?.networks.loaded}`}
      @scheme-chosen=${({ choice }: SchemeChosen) =>
        session.edit((now) => changes.chooseScheme(now, panel.id, choice))}
      @scheme-change=${({ scheme, settled }: SchemeChange) =>
        session.edit((now) => changes.setScheme(now, panel.id, scheme), settled)}
      @panel-action=${({ command }: PanelAction) => this.#arrange(panel, command)}
      .lit=${this.#pointing.lit(panel.id)}
      .point=${this.#pointing.forces(panel.id)}
      @point-at=${({ point, reach }: PointAt) => this.#pointing.rest(panel.id, point, reach)}
      @picked=${({ outline, reach, besides }: Picked) => this.#pointing.pick(panel.id, outline, reach, besides)}
      @retry=${() => session.run(panel.id)}
    ></gp-playground-panel>`;
  }

  #curves(): StripCurve[] {
    return this.#session.settings.panels.map(({ id, choice, scheme }, index) => {
      const { shown, pending } = this.#session.runs(id);
      const latest = pending?.started ? pending : shown;
      const weights = latest?.started ? latest.weights : null;
      return { panel: id, number: index + 1, name: choiceOf(choice).name, scheme, weights };
    });
  }

  /** The part of the plane that all panels show at this moment; null until the core is loaded. */
  get #view(): View | null {
    return this.#viewAt(Math.min(this.#session.settings.playback.position, this.#session.computed()));
  }

  #viewAt(position: number): View | null {
    const overview = this.#session.engine?.overview ?? null;
    const { look } = this.#session.settings;
    if (look.view || !overview || !look.followNoise) return look.view ?? overview;
    return followNoise(overview, sigmaAt(this.#session.noiseLevels(), position));
  }

  readonly #act = ({ command }: ToolbarAction) => {
    const session = this.#session;
    const look = (view: View | null) => session.change((now) => changes.setLook(now, { view }));
    const view = this.#view;
    switch (command) {
      case 'undo':
        return session.undo();
      case 'redo':
        return session.redo();
      case 'reset':
        return session.edit(changes.reset);
      case 'copy-link':
        return void this.#copy(command, session.linkTo(this.home ?? location.href));
      case 'copy-element':
        return void this.#copy(command, elementCode(this.#embedded));
      case 'copy-frame':
        return void this.#copy(command, frameCode(this.#embedded));
      case 'add':
        return session.edit((now) => changes.addPanel(now, now.panels.at(-1)!));
      case 'closer':
      case 'farther':
        return view ? look(zoom(view, command === 'closer' ? zoomFactor : 1 / zoomFactor)) : undefined;
      case 'overview':
        return look(null);
      case 'close-up':
        return look(closeUp);
    }
  };

  get #embedded(): Embedded {
    // The folder of the playground's pages.
    const home = new URL('./', new URL(this.home ?? '', location.href)).href;
    return { home, link: this.linkTo(home), frame: this.linkTo(new URL('./embed.html', home).href), state: this.text };
  }

  async #copy(command: ToolbarCommand, text: string) {
    let said = 'Copied';
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Refused, or not offered to a page that came unencrypted.
      said = 'Copying is forbidden here: use the address bar';
    }
    this.#copied = { command, said };
    this.requestUpdate();
    setTimeout(() => {
      this.#copied = null;
      this.requestUpdate();
    }, shownFor);
  }

  #arrange(panel: PanelState, command: PanelAction['command']) {
    const place = this.#session.settings.panels.findIndex(({ id }) => id === panel.id);
    this.#session.edit((now) => {
      switch (command) {
        case 'duplicate':
          return changes.addPanel(now, panel, panel.id);
        case 'remove':
          return changes.removePanel(now, panel.id);
        default:
          return changes.movePanel(now, panel.id, command === 'move-left' ? -1 : 1);
      }
    });
    if (command !== 'duplicate') void this.#focusMenu(panel.id, place);
  }

  /** Who goes through panels by keys goes on where one was moved to, or with the next where it was removed. */
  async #focusMenu(id: number, place: number) {
    await this.updateComplete;
    const { panels } = this.#session.settings;
    const found = panels.findIndex((panel) => panel.id === id);
    const index = found >= 0 ? found : Math.min(place, panels.length - 1);
    this.renderRoot.querySelectorAll<PlaygroundPanel>('gp-playground-panel')[index]?.focusMenu();
  }

  readonly #transport = ({ command }: TransportEvent) => {
    const session = this.#session;
    if (command.type === 'toggle-play') session.change(changes.togglePlay);
    else if (command.type === 'scrub') session.change((now) => changes.scrubTo(now, command.position));
    else session.change((now) => changes.setPlayback(now, { speed: command.speed }));
  };
}
