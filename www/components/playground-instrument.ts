import { LitElement, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import { followNoise, sigmaAt } from '../plane/drawing/camera.js';
import { closeUp, zoom } from '../plane/drawing/navigation.js';
import type { Metrics, View } from '../../pkg/guidance_playground.js';
import { embedGroups, type Group } from './groups.js';
import { columnsOf } from '../styles/layout.js';
import type { Tell } from './events.js';
import type { Engine } from '../plane/engine/engine.js';
import { AdvisedError } from '../engine/failure.js';
import type { RunRecord } from '../plane/engine/backend.js';
import type { Failure } from '../engine/types.js';
import type { ExportSource } from '../export/export-source.js';
import type { DataType, ImageOptions, ImageType, Patience } from '../export/request.js';
import { choiceOf } from '../scheme/catalogue.js';
import * as changes from '../state/changes.js';
import type { Demonstration } from '../state/demonstration.js';
import type { Asked } from '../state/address.js';
import { Session, usualBeginning } from '../state/session.js';
import { Pointing, type Pull } from '../plane/pointing/pointing.js';
import { mostPanels } from '../scheme/address.js';
import { overviewOf } from '../plane/distribution.js';
import { ownNetworksOf } from '../scheme/own-network.js';
import { papersTree } from '../scheme/scheme.js';
import type { PanelState, State } from '../state/state.js';
import type { Trials } from '../study/trials.js';
import { instrumentStyles } from '../styles/instrument.js';
import type { Shared } from '../text/embed-code.js';
import { summarise } from '../text/summary.js';
import { titleOf } from '../text/title.js';
import type { Demonstrate } from './studies/demonstrate.js';
import './engine-status.js';
import type { FileOpening, NetworkOpened, StateOpened } from './file-opening.js';
import type { StripCurve, StripEdit } from './strip/guidance-strip.js';
import type { PanelAction } from './panel/panel-menu.js';
import type { LinkChange, LitPanel } from '../plane/pointing/lit-table.js';
import type { CutChange, Picked, PointAt, ViewChange } from '../plane/picture/panel-picture.js';
import './panel/playground-panel.js';
import type { PlaygroundPanel } from './panel/playground-panel.js';
import type { ToolbarAction, ToolChosen } from './playground-toolbar.js';
import { Keys } from './keys.js';
import './playground-transport.js';
import type { TransportEvent } from './playground-transport.js';
import type { LookChange, SamplingChange } from './sampling-settings.js';
import type { SchemeChange, SchemeChosen } from './panel/scheme-picker.js';
import { properties } from '../controls/properties.js';
import { Reporter } from './reporter.js';
import { allRendered } from './staged-element.js';
import type { SweepStudy } from './studies/sweep-study.js';
import type { TrialsCleared, TrialsTable } from './studies/trials-table.js';

declare global {
  interface HTMLElementTagNameMap {
    'gp-instrument': PlaygroundInstrument;
  }
}

const seedsOffered = 1_000_000;
/** Enlargement by one press of a button. */
const zoomFactor = 1.5;

/** The instrument: panels on one noise and one clock. */
@customElement('gp-instrument')
export class PlaygroundInstrument extends LitElement {
  /** Whether its parts are still rendered one by one: until they are together, the poster stands before them. */
  @property({ type: Boolean, reflect: true }) composing = true;
  /** The parts of it that are shown. */
  @property({ attribute: false }) groups: ReadonlySet<Group> = new Set(embedGroups);
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
  readonly #reporter = new Reporter(this.#session, (type, detail) => this.tell(type, detail));
  #start = 0;
  #begun = false;
  /** Off the page, perhaps only on the way to another place of it. */
  #leaving = 0;
  /** What is fetched only where it is shown. */
  #explorer: Promise<unknown> | null = null;
  #overlays: Promise<unknown> | null = null;
  readonly #sight = new IntersectionObserver((entries) => (this.#session.inSight = entries.at(-1)!.isIntersecting));
  readonly #pointing = new Pointing(this.#session, () => this.requestUpdate());
  /** What pulls in the panels, as it is rendered. */
  #pulls: ReadonlyMap<number, Pull> = new Map();

  constructor() {
    super();
    new Keys(this, this.#session);
  }

  static override styles = instrumentStyles;

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
      this.#reporter.dismiss(new AdvisedError('gone', 'The figure was taken off the page.', 'Ask again when it is back.'));
    });
  }

  /** Lengths follow the reader's own size of text, and the page's root where its text is larger, but not where it is smaller. */
  #ownRem() {
    this.style.fontSize = 'medium';
    // In two parts: a length as a whole the build would take for one of the instrument's own (styles/plugin.ts).
    this.style.setProperty('--rem', `max(${getComputedStyle(this).fontSize}, ${1}rem)`);
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
  ask(asked: Asked): void {
    this.#session.ask(asked);
  }

  /** Plays, from the start where it is at its end, or pauses. */
  play(is: boolean): void {
    if (this.currentState.playback.playing !== is) this.#session.change(changes.togglePlay);
  }

  /** Each panel's metrics, once all are sampled; null of one that failed. */
  async metrics(): Promise<(Metrics | null)[]> {
    await this.#sampled();
    return this.currentState.panels.map(({ id }) => this.#session.runs(id).shown?.metrics ?? null);
  }

  /** What is seen now, as a picture, or a film of how it came about; rejects with an AdvisedError, or with the signal's reason. */
  async exportImage(type: ImageType, options: ImageOptions): Promise<Blob> {
    const { checkImage, exportImage } = await import('../export/export.js');
    checkImage(type, options);
    await this.#sampled();
    return exportImage(this.#source()!, type, options);
  }

  /** Particles, trajectories, or everything with the metrics; rejects in the same way. */
  async exportData(type: DataType, patience: Patience): Promise<Blob> {
    const { checkData, exportData } = await import('../export/export.js');
    checkData(type, patience);
    await this.#sampled();
    return exportData(this.#source()!, type, patience);
  }

  /** Resolves when every panel has its result, and is seen. */
  async #sampled(): Promise<void> {
    const sampled = this.#reporter.sampled();
    this.requestUpdate();
    await sampled;
    await this.#overlays;
  }

  /** Positions that a panel shows at a step, or null where it has not got there. */
  async positions(panel: number, step: number): Promise<Float32Array | null> {
    const id = this.#session.settings.panels[panel]?.id;
    return (id !== undefined && this.#session.engine?.positions(id, step)) || null;
  }

  protected override willUpdate() {
    if (this.#session.failure) this.composing = false;
    this.toggleAttribute('embedded', !this.groups.has('sampling'));
    this.#fetchParts();
    this.#announce();
    this.#noteTrials();
  }

  #fetchParts() {
    const { look, linked } = this.#session.settings;
    if (
      (['toolbar', 'menus', 'models', 'details', 'captions', 'sampling', 'lit', 'studies'] as const).some((group) => this.groups.has(group))
    ) {
      this.#explorer ??= import('./explorer.js').then(({ Trials }) => {
        this.#trials = new Trials();
        this.requestUpdate();
      });
    }
    this.#pulls = this.#pointing.pulls();
    if (look.field || look.cut || look.coverage || linked.length > 0 || this.#pointing.particles.length > 0 || this.#pulls.size > 0) {
      this.#overlays ??= import('../plane/overlays/all.js');
    }
  }

  /** Says each panel's result once, when all full runs have ended: one by one, each would silence the one before. */
  #announce() {
    if (this.#session.underWay) return;
    const { panels } = this.#session.settings;
    const sentences = panels.flatMap((panel, index) => {
      const { shown } = this.#session.runs(panel.id);
      if (!shown?.metrics || shown.preview || this.#announced.has(shown)) return [];
      this.#announced.add(shown);
      return [`Panel ${index + 1}, ${summarise(choiceOf(panel.choice), shown.config.scheme, shown.metrics)}`];
    });
    if (sentences.length > 0) this.#announcement = sentences.join(' ');
  }

  #noteTrials() {
    if (!this.#session.engine) return;
    for (const { id, choice } of this.#session.settings.panels) this.#trials?.note(choice, this.#session.runs(id).shown);
  }

  protected override updated() {
    this.#reporter.report(this.composing);
    if (this.composing && this.#session.engine) void this.#compose();
  }

  async #compose() {
    await this.#explorer;
    await allRendered();
    if (!this.composing) return;
    this.composing = false;
    this.#reporter.composed();
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
    const { groups } = this;
    return html`
      ${groups.has('toolbar') ? this.#renderToolbar(settings) : nothing}
      ${groups.has('toolbar') ? this.#renderOpening(engine, settings) : nothing}
      <div
        class="panels"
        ${properties({ '--columns': String(columnsOf(panels.length)) })}
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
          @strip-edit=${({ panel, scheme, settled }: StripEdit) => session.edit((now) => changes.setScheme(now, panel, scheme), settled)}
          @transport=${this.#transport}
        ></gp-playground-transport>
      </div>`;
  }

  #renderToolbar({ panels, look, sampling }: State) {
    const session = this.#session;
    return html`<gp-playground-toolbar
      role="group"
      aria-label="Tools"
      tool=${look.tool}
      ?canUndo=${session.canUndo}
      ?canRedo=${session.canRedo}
      ?canAdd=${panels.length < mostPanels}
      ?overview=${look.view === null}
      ?canCloseUp=${sampling.distribution === papersTree}
      .shared=${this.#shared}
      @tool-chosen=${({ tool }: ToolChosen) => session.change((now) => changes.chooseTool(now, tool, this.#view))}
      @toolbar-action=${this.#act}
      .source=${this.#source}
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
      @network-opened=${({ panel, change }: NetworkOpened) => {
        session.edit((now) => changes.place(now, change(now.panels[panel]!), now.panels[panel]!.id));
        // Those that it was missing in.
        for (const { id } of session.settings.panels) {
          if (session.runs(id).shown?.failure?.code === 'network-elsewhere') session.run(id);
        }
      }}
    ></gp-file-opening>`;
  }

  /** What the panels show now, to be saved; null until there is something. */
  readonly #source = (): ExportSource | null => {
    const session = this.#session;
    const { engine } = session;
    if (!engine?.overview || this.composing) return null;
    const shown = () => this.#panels.map(({ shown }) => shown);
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
        return shown();
      },
      sampled: () => this.#sampled(),
      viewAt: (position) => this.#viewAt(position),
    };
  };

  readonly #pictures = (): Element[] => this.#panels.flatMap(({ renderRoot }) => renderRoot.querySelector('gp-panel-picture') ?? []);

  get #panels(): PlaygroundPanel[] {
    return [...this.renderRoot.querySelectorAll<PlaygroundPanel>('gp-playground-panel')];
  }

  #renderSettings({ sampling, look }: State) {
    const session = this.#session;
    return html`<gp-sampling-settings
        role="group"
        aria-label="Sampling"
        .sampling=${sampling}
        .look=${look}
        @sampling-change=${({ change, settled }: SamplingChange) => session.edit((now) => changes.setSampling(now, change), settled)}
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
        @link-change=${({ particles }: LinkChange) => this.#session.change((now) => changes.link(now, particles))}
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
      @scheme-chosen=${({ choice }: SchemeChosen) => session.edit((now) => changes.chooseScheme(now, panel.id, choice))}
      @scheme-change=${({ scheme, settled }: SchemeChange) => session.edit((now) => changes.setScheme(now, panel.id, scheme), settled)}
      @panel-action=${({ command }: PanelAction) => this.#arrange(panel, command)}
      .lit=${this.#pointing.lit(panel.id)}
      .pull=${this.#pulls.get(panel.id) ?? null}
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
    const { look, sampling } = this.#session.settings;
    const papers = this.#session.engine?.overview;
    if (look.view || !papers) return look.view;
    const overview = overviewOf(sampling.distribution, papers);
    if (!look.followNoise) return overview;
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

  /** What brings back elsewhere what is seen now. */
  readonly #shared = (): Shared => {
    // The folder of the playground's pages.
    const home = new URL('./', new URL(this.home ?? '', location.href)).href;
    const [page, link, frame] = [this.home ?? location.href, home, new URL('./embed.html', home).href].map((address) =>
      this.linkTo(address),
    );
    const own = ownNetworksOf(this.currentState.panels.map(changes.wishOf));
    return { home, page: page!, link: link!, frame: frame!, state: this.text, own };
  };

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
    this.#panels[index]?.focusMenu();
  }

  readonly #transport = ({ command }: TransportEvent) => {
    const session = this.#session;
    if (command.type === 'toggle-play') session.change(changes.togglePlay);
    else if (command.type === 'scrub') session.change((now) => changes.scrubTo(now, command.position));
    else session.change((now) => changes.setPlayback(now, { speed: command.speed }));
  };
}
