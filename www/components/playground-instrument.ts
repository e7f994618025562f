import { LitElement, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { embedGroups, explorerGroups, type Group } from './groups.js';
import { columnsOf } from '../styles/layout.js';
import { ownRem } from '../styles/own-rem.js';
import type { Tell } from './events.js';
import { AdvisedError } from '../engine/failure.js';
import { renderFailure } from './failure-notice.js';
import type { Engine } from '../engine/engine.js';
import type { ExportSource, Lab, LabView, ViewKinds } from '../lab/lab.js';
import type { DataType, ImageOptions, ImageType, Patience } from '../lab/request.js';
import * as changes from '../state/changes.js';
import type { Demonstration } from '../state/lab.js';
import type { Asked } from '../state/address.js';
import { Session, usualBeginning } from '../state/session.js';
import type { PanelState, State } from '../state/state.js';
import { instrumentStyles } from '../styles/instrument.js';
import { Announcer } from './announcer.js';
import './engine-status.js';
import { curvesOf } from './strip/curves.js';
import type { StripEdit } from './strip/guidance-strip.js';
import type { PanelAction } from './panel/panel-menu.js';
import './panel/playground-panel.js';
import type { PlaygroundPanel } from './panel/playground-panel.js';
import { Keys } from './keys.js';
import './playground-transport.js';
import type { TransportEvent } from './playground-transport.js';
import type { SchemeChange, SchemeChosen } from './panel/scheme-picker.js';
import { properties } from '../controls/properties.js';
import { Reporter } from './reporter.js';
import { lookElsewhere } from '../engine/networks.js';
import { allRendered } from './staged-element.js';
import type { Tools } from './tools.js';

declare global {
  interface HTMLElementTagNameMap {
    'gp-instrument': PlaygroundInstrument;
  }
}

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
  readonly #session: Session<ViewKinds>;
  readonly #announcer: Announcer;
  readonly #view: LabView;
  /** There once it is fetched. */
  #tools: Tools | null = null;
  readonly #reporter: Reporter;
  #start = 0;
  #begun = false;
  /** Off the page, perhaps only on the way to another place of it. */
  #leaving = 0;
  /** What is fetched only where it is shown. */
  #parts: Promise<unknown> | null = null;
  #uncaptioned: ReadonlySet<Group> | null = null;
  readonly #sight = new IntersectionObserver((entries) => (this.#session.inSight = entries.at(-1)!.isIntersecting));

  constructor(readonly lab: Lab) {
    super();
    const changed = () => this.requestUpdate();
    this.#session = new Session<ViewKinds>(lab, changed);
    this.#view = lab.view(this.#session, changed);
    this.#announcer = new Announcer(lab, this.#session);
    this.#reporter = new Reporter(this.#session, (type, detail) => this.tell(type, detail));
    new Keys(this, this.#session);
  }

  static override styles = instrumentStyles;

  override connectedCallback() {
    super.connectedCallback();
    this.#sight.observe(this);
    ownRem(this);
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

  /** Addresses of the files of networks that do not ship. */
  set networks(addresses: string) {
    if (!addresses) return;
    lookElsewhere(
      import('../engine/own-networks.js').then(({ offerNetworks, fetchOffered }) => {
        offerNetworks(addresses);
        return fetchOffered;
      }),
    );
  }

  /** The settings and what samples now, for scripts that look on. */
  get currentState(): State<ViewKinds> {
    return this.#session.settings;
  }

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
    this.#view.forget();
    const { open } = demonstration;
    if (open) void this.#parts?.then(() => this.#tools!.unfold(open));
  }

  /** One of its lab's, by name. */
  demonstrate(name: string): void {
    this.show(this.lab.demonstrations[name]!);
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
  async metrics(): Promise<(object | null)[]> {
    await this.#sampled();
    return this.currentState.panels.map(({ id }) => this.#session.runs(id).shown?.metrics ?? null);
  }

  /** What is seen now, as a picture, or a film of how it came about; rejects with an AdvisedError, or with the signal's reason. */
  async exportImage(type: ImageType, options: ImageOptions): Promise<Blob> {
    const { checkImage, exportImage } = await import('../export/export.js');
    checkImage(this.lab, type, options);
    await this.#sampled();
    return exportImage(this.source()!, type, options);
  }

  /** Data of what is shown, or everything with the metrics; rejects in the same way. */
  async exportData(type: DataType, patience: Patience): Promise<Blob> {
    const { checkData, exportData } = await import('../export/export.js');
    await checkData(this.lab, type, patience);
    await this.#sampled();
    return exportData(this.source()!, type, patience);
  }

  /** Resolves when every panel has its result, and is seen. */
  async #sampled(): Promise<void> {
    const sampled = this.#reporter.sampled();
    this.requestUpdate();
    await sampled;
    await this.#view.fetched;
  }

  protected override willUpdate() {
    if (this.#session.failure) this.composing = false;
    this.toggleAttribute('embedded', !this.groups.has('sampling'));
    this.#fetchParts();
    this.#announcer.look();
    this.#tools?.studies.note();
  }

  #fetchParts() {
    if (explorerGroups.some((group) => this.groups.has(group))) {
      this.#parts ??= Promise.all([import('./explorer.js'), this.lab.explorer(this.#session, this.#view)]).then(([{ Tools }, explorer]) => {
        this.#tools = new Tools(this, this.#session, explorer);
        this.requestUpdate();
      });
    }
    this.#view.prepare();
  }

  protected override updated() {
    this.#reporter.report(this.composing);
    if (this.composing && this.#session.engine) void this.#compose();
  }

  async #compose() {
    await this.#parts;
    await allRendered();
    if (!this.composing) return;
    this.composing = false;
    this.#reporter.composed();
  }

  protected override render() {
    const { engine, settings, failure } = this.#session;
    return html`
      ${
        // Without an engine to try, the browser lacks something that trying again does not bring.
        failure ? renderFailure(failure, engine && (() => this.#session.start())) : nothing
      }
      ${engine && !failure ? this.#renderInstrument(engine, settings) : nothing}
      <div class="visually-hidden" role="status" data-announcement>${this.#announcer.text}</div>
    `;
  }

  #renderInstrument(engine: Engine, settings: State<ViewKinds>) {
    const { panels } = settings;
    const { groups } = this;
    const explorer = groups.has('sampling') ? this.#tools?.explorer : undefined;
    const beside = explorer?.renderBeside?.(settings.sampling) ?? nothing;
    return html`
      ${explorer ? explorer.renderSubject?.(settings.sampling) : this.#view.renderSubject?.(settings.sampling)}
      ${groups.has('toolbar') ? this.#tools?.renderToolbar(settings) : nothing}
      ${groups.has('toolbar') ? this.#tools?.renderOpening(engine, settings) : nothing}
      <div
        class="panels"
        ${properties({ '--columns': String(columnsOf(panels.length + (beside === nothing ? 0 : 1))) })}
      >
        ${beside}
        ${repeat(
          panels,
          ({ id }) => id,
          (panel, index) => this.#renderPanel(engine, settings, panel, index + 1),
        )}
      </div>
      ${this.#view.renderReference?.(settings.sampling)}
      ${groups.has('clock') ? this.#renderClock(settings) : nothing}
      ${groups.has('lit') ? this.#tools?.explorer.renderLit() : nothing}
      ${groups.has('sampling') ? this.#tools?.renderSettings(settings) : nothing}
      <gp-engine-status
        .lab=${this.lab}
        .backend=${engine.backend}
        .pace=${engine.backend?.pace ?? 0}
        remark=${this.#view.remark}
        .notice=${engine.notice}
        ?brief=${!groups.has('engine')}
      ></gp-engine-status>
      ${groups.has('studies') ? this.#tools?.studies.render(engine, settings) : nothing}
      ${groups.has('studies') ? this.#tools?.explorer.renderTraining?.(settings.sampling) : nothing}
    `;
  }

  #renderClock({ playback, sampling }: State<ViewKinds>) {
    const session = this.#session;
    return html`<div class="bar" role="group" aria-label="Playback">
        <gp-playground-transport
          .table=${session.schemes}
          .playback=${playback}
          .steps=${sampling.levels.steps}
          .computed=${session.computed()}
          .noiseLevels=${session.noiseLevels()}
          .curves=${curvesOf(session)}
          @strip-edit=${({ panel, scheme, settled }: StripEdit) => session.edit((now) => changes.setScheme(now, panel, scheme), settled)}
          @transport=${this.#transport}
        ></gp-playground-transport>
      </div>`;
  }

  /** What the panels show now, to be saved; null until there is something. */
  readonly source = (): ExportSource | null => {
    const session = this.#session;
    const { engine } = session;
    if (!engine || !this.#view.showing || this.composing) return null;
    const shown = () => this.#panels.map(({ shown }) => shown);
    return {
      element: this,
      lab: this.lab,
      view: this.#view,
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
    };
  };

  readonly pictures = (): Element[] => this.#panels.map(({ square }) => square);

  get #panels(): PlaygroundPanel[] {
    return [...this.renderRoot.querySelectorAll<PlaygroundPanel>('gp-playground-panel')];
  }

  /** Captions wait for what they say. */
  get #panelGroups(): ReadonlySet<Group> {
    if (this.#tools || !this.groups.has('captions')) return this.groups;
    return (this.#uncaptioned ??= new Set([...this.groups].filter((group) => group !== 'captions')));
  }

  #renderPanel(engine: Engine, settings: State<ViewKinds>, panel: PanelState, number: number) {
    const session = this.#session;
    const { groups } = this;
    const { shown, pending } = session.runs(panel.id);
    return html`<gp-playground-panel
      .lab=${this.lab}
      .view=${this.#view}
      .seen=${this.#view.seen(panel.id)}
      .state=${settings}
      .panel=${panel}
      .number=${number}
      .groups=${this.#panelGroups}
      .explorer=${this.#tools?.explorer ?? null}
      .engine=${engine}
      .backend=${engine.backend}
      .run=${shown}
      .compared=${groups.has('studies') ? this.#tools?.renderDifferences(panel) : nothing}
      .pending=${pending}
      .progress=${`${shown?.stepsDone}/${shown?.finished}/${pending?.stepsDone}/${pending?.networks.loaded}`}
      @scheme-chosen=${({ choice }: SchemeChosen) => session.edit((now) => changes.chooseScheme(now, panel.id, choice))}
      @scheme-change=${({ scheme, settled }: SchemeChange) => session.edit((now) => changes.setScheme(now, panel.id, scheme), settled)}
      @panel-action=${({ command }: PanelAction) => this.#arrange(panel, command)}
      @retry=${() => session.run(panel.id)}
    ></gp-playground-panel>`;
  }

  #arrange(panel: PanelState, command: PanelAction['command']) {
    const place = this.#session.settings.panels.findIndex(({ id }) => id === panel.id);
    this.#session.edit((now) => changes.arrange(now, panel, command));
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
