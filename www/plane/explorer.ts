// What only an instrument with all its tools has of the plane.
import { html, nothing } from 'lit';
import type { RunRecord } from '../engine/backend.js';
import type { CodeForm, LabExplorer } from '../lab/lab.js';
import { papersTree } from '../scheme/scheme.js';
import { setLook, setSampling } from '../state/changes.js';
import type { Session } from '../state/session.js';
import '../controls/number-field.js';
import type { NumberTyped } from '../controls/number-field.js';
import type { Drawn } from './board/drawing-board.js';
import { drawingAfter } from './own-data/ask.js';
import { renderBandwidth } from './own-data/bandwidth.js';
import { greatestTreeSeed, nameOfData, treeSeed } from './distribution.js';
import { compareRuns, differenceWords } from './comparison.js';
import { fields } from './explanation/fields.js';
import type { FieldName } from './explanation/settings.js';
import './explanations.js';
import { files } from './export/files.js';
import './overlays/all.js';
import { viewAfter, type ViewCommand } from './picture/seen.js';
import { renderLit } from './pointing/lit.js';
import './pointing/lit-table.js';
import './training/train-study.js';
import type { Trainings } from './training/trainings.js';
import type { Pointing } from './pointing/pointing.js';
import { distributions } from './schemes.js';
import { chooseTool } from './state/changes.js';
import type { LookState, Tool } from './state/look.js';
import type { PlaneKinds } from './state/kinds.js';
import type { PlaneSampling } from './state/state.js';
import type { PlaneView, PlaneViewKinds } from './view.js';

const tools: { tool: Tool; name: string; meaning: string }[] = [
  {
    tool: 'point',
    name: 'Point',
    meaning: 'Point at a particle to light it in all panels, and see the forces there; press to keep it lit',
  },
  { tool: 'lasso', name: 'Lasso', meaning: 'Draw around particles to light them in all panels' },
  { tool: 'move', name: 'Move', meaning: 'Drag the picture; two fingers or the wheel enlarge it' },
  { tool: 'cut', name: 'Cut', meaning: 'Draw a line, to see the densities along it' },
];

export class PlaneExplorer implements LabExplorer<PlaneViewKinds> {
  readonly files = files;
  readonly code: readonly CodeForm<PlaneViewKinds>[] = [
    {
      name: 'Python',
      meaning: 'A program that samples this with the package guidance-playground, and prints the metrics',
      write: async (...panel) => (await import('./export/code.js')).pythonOf(...panel),
    },
    {
      name: 'command',
      meaning: 'A line for a shell that samples this with guidance-playground, and judges it',
      write: async (...panel) => (await import('./export/code.js')).commandOf(...panel),
    },
  ];
  readonly words = differenceWords;
  /** Whether the board stands beside the panels. */
  #drawing = false;
  #trainings: Trainings | null = null;
  #proposal: object | null = null;

  constructor(
    private readonly session: Session<PlaneKinds>,
    private readonly view: PlaneView,
    private readonly pointing: Pointing,
  ) {}

  renderTools(look: LookState, { distribution }: PlaneSampling) {
    const go = (command: ViewCommand) => () => this.#look({ view: viewAfter(command, this.view.parts.view) });
    const choose = (tool: Tool) => this.#look(chooseTool(this.session.settings, tool, this.view.parts.view));
    const away = look.view !== null;
    return html`
      <fieldset>
        <legend class="visually-hidden">On the pictures</legend>
        ${tools.map(
          ({ tool, name, meaning }) => html`<label title=${meaning}>
            <input
              type="radio"
              name="tool"
              value=${tool}
              .checked=${tool === look.tool}
              @change=${() => choose(tool)}
            />${name}
          </label>`,
        )}
      </fieldset>
      <div class="group" role="group" aria-label="View">
        <button class="square" aria-label="Smaller" @click=${go('farther')}>−</button>
        <button class="square" aria-label="Larger" @click=${go('closer')}>+</button>
        <button aria-disabled=${away ? 'false' : 'true'} @click=${away ? go('overview') : nothing}>Overview</button>
        <button
          title="The part that the autoguidance paper enlarges"
          ?disabled=${distribution !== papersTree}
          @click=${go('close-up')}
        >
          Close-up
        </button>
      </div>
    `;
  }

  renderData({ distribution }: PlaneSampling) {
    const number = treeSeed(distribution);
    const turnTo = (distribution: string) => {
      const { lab } = this.session;
      this.session.edit((now) => setSampling(lab, now, { distribution }));
      // What was looked at closely, or cut through, is elsewhere now.
      this.#look({ view: null, cut: null });
    };
    return html`<span class="field">
      <label for="distribution">Data</label>
      <select id="distribution" @change=${({ target }: Event) => turnTo((target as HTMLSelectElement).value)}>
        ${distributions.map(({ id, name }) => {
          // A tree is a tree, whatever its number.
          const chosen = id === distribution || (number !== null && treeSeed(id) !== null);
          return html`<option value=${id} .selected=${chosen}>${name}</option>`;
        })}
        ${
          number === null && !distributions.some(({ id }) => id === distribution)
            ? html`<option value=${distribution} selected>${nameOfData(distribution)}</option>`
            : nothing
        }
      </select>
      <button aria-pressed=${this.#drawing} title="Draw data of your own, beginning with these" @click=${this.#toggleBoard}>Draw</button>
      ${
        number === null
          ? nothing
          : html`<gp-number-field
            brief
            label="Number of the tree"
            what="The number of the tree"
            title="The seed that the tree grows from; the paper’s is 2, and no network knows another"
            .greatest=${greatestTreeSeed}
            .value=${number}
            @number-typed=${({ value }: NumberTyped) => turnTo(`tree-${value}`)}
          ></gp-number-field>`
      }
    </span>${renderBandwidth(distribution, turnTo)}`;
  }

  renderBeside({ distribution }: PlaneSampling) {
    if (!this.#drawing) return nothing;
    const drawn = ({ distribution, settled }: Drawn) =>
      this.session.edit((now) => setSampling(this.session.lab, now, { distribution }), settled);
    return html`<gp-drawing-board
      .distribution=${distribution}
      .drawingOf=${drawingAfter}
      @drawn=${drawn}
      @closed=${this.#toggleBoard}
    ></gp-drawing-board>`;
  }

  renderTraining({ distribution }: PlaneSampling) {
    const trainings = this.#trainings;
    return html`<gp-train-study
      .trainings=${trainings}
      .distribution=${distribution}
      .version=${trainings?.version ?? 0}
      .proposal=${this.#proposal}
      @train-opened=${this.#openTrainings}
    ></gp-train-study>`;
  }

  openTraining(plan: object): void {
    // Another object each time.
    this.#proposal = { ...plan };
    this.session.change((now) => ({ ...now }));
  }

  readonly #openTrainings = async () => {
    const { Trainings } = await import('./training/trainings.js');
    const changed = () => this.session.change((now) => ({ ...now }));
    this.#trainings ??= new Trainings(this.session, changed);
    changed();
  };

  readonly #toggleBoard = async () => {
    await import('./board/drawing-board.js');
    this.#drawing = !this.#drawing;
    this.session.change((now) => ({ ...now }));
  };

  renderLook(look: LookState) {
    const check = (name: string, checked: boolean, change: (on: boolean) => Partial<LookState>) => {
      const set = ({ target }: Event) => this.#look(change((target as HTMLInputElement).checked));
      return html`<label><input type="checkbox" .checked=${checked} @change=${set} /> ${name}</label>`;
    };
    const choose = ({ target }: Event) => this.#look({ field: ((target as HTMLSelectElement).value as FieldName) || null });
    return html`
      <span class="checks">
        ${check('Paths', look.paths, (paths) => ({ paths }))}
        ${check('Follow the noise', look.followNoise, (followNoise) => ({ followNoise }))}
        ${check('Shade by density', look.shading === 'density', (on) => ({ shading: on ? 'density' : 'points' }))}
        ${check('Coverage of branches', look.coverage, (coverage) => ({ coverage }))}
      </span>
      <span class="field">
        <label for="field">Field</label>
        <select id="field" @change=${choose}>
          <option value="" .selected=${look.field === null}>None</option>
          ${Object.entries(fields).map(([field, { name }]) => html`<option value=${field} .selected=${field === look.field}>${name}</option>`)}
        </select>
      </span>
    `;
  }

  async compare(run: RunRecord<PlaneViewKinds>, other: RunRecord<PlaneViewKinds>) {
    const { engine } = this.session;
    return engine && compareRuns(engine, run, other);
  }

  renderLit() {
    return renderLit(this.pointing, this.session);
  }

  #look(change: Partial<LookState>): void {
    this.session.change((now) => setLook(this.session.lab, now, change));
  }
}
