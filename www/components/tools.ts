// The instrument's tools and settings, and what stands below its panels: fetched where they are shown (explorer.ts).
import { html, nothing } from 'lit';
import type { Engine } from '../engine/engine.js';
import type { ExportSource, Lab, LabExplorer, ViewKinds } from '../lab/lab.js';
import { mostPanels } from '../scheme/address.js';
import * as changes from '../state/changes.js';
import type { Demonstration, Unfolded } from '../state/lab.js';
import type { Session } from '../state/session.js';
import type { PanelState, State } from '../state/state.js';
import type { DataOpened, FileOpening, NetworkOpened, StateOpened } from './file-opening.js';
import type { ComparedWith } from './panel/paired-differences.js';
import type { ToolbarAction } from './playground-toolbar.js';
import type { SamplingChange } from './sampling-settings.js';
import { shared } from './sharing.js';
import { Studies } from './studies/studies.js';

/** The instrument that they are of. */
interface Host {
  readonly lab: Lab;
  readonly home: string | null;
  readonly text: string;
  readonly wholePage: boolean;
  readonly currentState: State<ViewKinds>;
  readonly renderRoot: ParentNode;
  readonly updateComplete: Promise<boolean>;
  /** What the panels show now, to be saved; null until there is something. */
  readonly source: () => ExportSource | null;
  readonly pictures: () => Element[];
  linkTo(page: string): string;
  requestUpdate(): void;
  show(demonstration: Demonstration): void;
}

const seedsOffered = 1_000_000;

export class Tools {
  readonly studies: Studies;
  /** The panel that others are compared with, by its number of its own. */
  #against: number | null = null;

  constructor(
    private readonly host: Host,
    private readonly session: Session<ViewKinds>,
    readonly explorer: LabExplorer,
  ) {
    this.studies = new Studies(host.lab, host, session);
  }

  unfold(section: Unfolded): void {
    if (typeof section === 'string') void this.studies.unfold(section);
    else this.explorer.openTraining?.(section.train);
  }

  renderToolbar({ panels, look, sampling }: State<ViewKinds>) {
    const session = this.session;
    return html`<gp-playground-toolbar
      role="group"
      aria-label="Tools"
      .explorer=${this.explorer}
      .look=${look}
      .sampling=${sampling}
      ?canUndo=${session.canUndo}
      ?canRedo=${session.canRedo}
      ?canAdd=${panels.length < mostPanels}
      .shared=${this.#shared}
      @toolbar-action=${this.#act}
      .scales=${this.host.lab.scales}
      .source=${this.host.source}
      @open-file=${() => this.host.renderRoot.querySelector<FileOpening>('gp-file-opening')?.choose()}
    ></gp-playground-toolbar>`;
  }

  renderOpening(engine: Engine, { panels }: State<ViewKinds>) {
    const session = this.session;
    return html`<gp-file-opening
      .lab=${this.host.lab}
      .engine=${engine}
      .names=${panels.map(({ choice }) => session.schemes.choiceOf(choice).name)}
      .pictures=${this.host.pictures}
      ?everywhere=${this.host.wholePage}
      @state-opened=${({ restored }: StateOpened) => session.edit(() => restored)}
      @data-opened=${({ change }: DataOpened) => session.edit((now) => changes.setSampling(session.lab, now, change))}
      @network-opened=${({ panel, change, sampling }: NetworkOpened) => {
        session.edit((before) => {
          // A network knows nothing of other data than it learned.
          const now = sampling ? changes.setSampling(session.lab, before, sampling) : before;
          return changes.place(now, change(now.panels[panel]!), now.panels[panel]!.id);
        });
        // Those that it was missing in.
        for (const { id } of session.settings.panels) {
          if (session.runs(id).shown?.failure?.code === 'network-elsewhere') session.run(id);
        }
      }}
    ></gp-file-opening>`;
  }

  /** How a panel differs from the one that all are compared with. */
  renderDifferences({ id }: PanelState) {
    const { session } = this;
    const { lab } = this.host;
    const { panels } = session.settings;
    // The first, unless one was chosen that is still there.
    const against = panels.find((panel) => panel.id === this.#against)?.id ?? panels[0]!.id;
    if (id === against) return nothing;
    const [run, other] = [id, against].map((panel) => session.runs(panel));
    const [one, two] = [run!.shown, other!.shown];
    const samples = (config: ViewKinds['config']) => lab.samples.of(lab.samplingOf(config));
    const paired =
      one?.finished &&
      two?.finished &&
      !run!.pending &&
      !other!.pending &&
      one.config.seed === two.config.seed &&
      lab.isSameData(one.config, two.config) &&
      samples(one.config) === samples(two.config);
    return html`<gp-paired-differences
      .lab=${lab}
      .explorer=${this.explorer}
      .run=${paired ? one : null}
      .other=${paired ? two : null}
      .others=${panels.map((panel, index) => ({ id: panel.id, place: index + 1 })).filter((panel) => panel.id !== id)}
      .against=${against}
      @compared-with=${({ panel }: ComparedWith) => {
        this.#against = panel;
        this.host.requestUpdate();
      }}
    ></gp-paired-differences>`;
  }

  renderSettings({ sampling, look }: State<ViewKinds>) {
    const session = this.session;
    return html`<gp-sampling-settings
        .lab=${this.host.lab}
        .explorer=${this.explorer}
        role="group"
        aria-label="Sampling"
        .sampling=${sampling}
        .look=${look}
        @sampling-change=${({ change, settled }: SamplingChange) => session.edit((now) => changes.setSampling(this.host.lab, now, change), settled)}
        @new-noise=${() => {
          const seed = Math.floor(Math.random() * seedsOffered);
          session.edit((now) => changes.newNoise(this.host.lab, now, seed, session.motion));
        }}
      ></gp-sampling-settings>`;
  }

  readonly #act = ({ command }: ToolbarAction) => {
    const session = this.session;
    switch (command) {
      case 'undo':
        return session.undo();
      case 'redo':
        return session.redo();
      case 'reset':
        return session.edit((now) => changes.reset(session.lab, now));
      case 'add':
        return session.edit((now) => changes.addPanel(now, now.panels.at(-1)!));
    }
  };

  readonly #shared = () => shared(this.host, this.session.schemes);
}
