import { css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { glossary, type Term } from '../../text/glossary.js';
import type { Lab } from '../../lab/lab.js';
import { rowOf } from '../../lab/rows.js';
import { openingState } from '../../state/lab.js';
import type { PanelState } from '../../state/state.js';
import { saveRows } from '../../study/export.js';
import { measured, standing } from '../../study/metrics.js';
import type { Trial } from '../../study/trials.js';
import { controls } from '../../styles/controls.js';
import type { Metric } from '../../text/metrics.js';
import { capitalised, formatCount, formatDuration } from '../../text/format.js';
import { describeLoaded, renderTarget, reproduce } from './demonstrate.js';
import { section } from '../../styles/section.js';
import { StagedElement } from '../staged-element.js';

/** Forget all trials, or put back those that were forgotten. */
export class TrialsCleared extends Event {
  constructor(readonly undo: boolean) {
    super('trials-cleared');
  }
}

interface Column {
  id: string;
  label: string;
  meaning?: string;
  sortBy: (trial: Trial) => number | string;
  show: (trial: Trial) => unknown;
}

type Terms = Readonly<Record<string, Term>>;

const metricColumn = ({ id, label, format }: Metric, terms: Terms): Column => ({
  id,
  label,
  meaning: terms[id]?.text ?? '',
  sortBy: ({ metrics }) => measured(metrics, id).value,
  show: ({ metrics }) => {
    const { value, floor } = measured(metrics, id);
    const chance = standing(value, floor) === 'within';
    return chance
      ? html`<span class="chance">${format(value)}<span aria-hidden="true">≈</span
          ><span class="visually-hidden">as a perfect sampler</span></span>`
      : format(value);
  },
});

/** Of the trials of a lab. */
function columnsFor(lab: Lab, terms: Terms): Column[] {
  const {
    metrics: { main, describeLost, meaningOfLost },
    samples,
  } = lab;
  const count = ({ config }: Trial) => samples.of(lab.samplingOf(config));
  return [
    {
      id: 'number',
      label: '#',
      meaning: 'The order in which they were tried',
      sortBy: ({ number }) => number,
      show: ({ number }) => number,
    },
    { id: 'title', label: 'Scheme', sortBy: ({ title }) => title, show: ({ title }) => title },
    {
      id: 'data',
      label: 'Data',
      sortBy: ({ config }) => lab.nameOfData(config),
      show: ({ config }) => lab.nameOfData(config),
    },
    ...main.map((metric) => metricColumn(metric, terms)),
    { id: 'seed', label: 'Seed', sortBy: ({ config }) => config.seed, show: ({ config }) => config.seed },
    {
      id: samples.many,
      label: capitalised(samples.many),
      sortBy: count,
      show: (trial) => {
        const { metrics } = trial;
        return html`${formatCount(count(trial))}${describeLost(metrics) ? html` <span title=${meaningOfLost}>(${describeLost(metrics)})</span>` : nothing}`;
      },
    },
    {
      id: 'steps',
      label: 'Steps',
      sortBy: ({ config }) => config.scheme.levels.steps,
      show: ({ config }) => config.scheme.levels.steps,
    },
    {
      id: 'evaluations',
      label: 'Evaluations',
      meaning: `Evaluations of models for each ${samples.one}`,
      sortBy: ({ evaluations }) => evaluations,
      show: ({ evaluations }) => formatCount(evaluations),
    },
    {
      id: 'time',
      label: 'Time',
      meaning: 'Time of the CPU’s workers together, or of the GPU',
      sortBy: ({ milliseconds }) => milliseconds,
      show: ({ milliseconds, engine }) => `${formatDuration(milliseconds)} ${engine === 'cpu' ? 'CPU' : 'GPU'}`,
    },
  ];
}

/** Everything tried in this visit: to be sorted, loaded again and kept. */
@customElement('gp-trials-table')
export class TrialsTable extends StagedElement {
  @property({ attribute: false }) lab!: Lab;
  @property({ attribute: false }) trials: readonly Trial[] = [];
  /** Cleared ones that can still be put back. */
  @property({ attribute: false }) cleared = 0;
  /** Into which a trial can be loaded. */
  @property({ attribute: false }) panels: readonly PanelState[] = [];
  @property({ type: Boolean, reflect: true }) open = false;
  @state() private sortedBy = 'number';
  @state() private descending = true;
  #all: Column[] = [];
  @state() private target: number | null = null;
  /** Where the last one went that was loaded. */
  @state() private loaded = '';

  static override styles = [
    controls,
    section,
    css`
      .scroller {
        /* Holds what is visually hidden inside. */
        position: relative;
        overflow-x: auto;
        border-block: 1px solid var(--line);
      }

      .scroller:focus-visible {
        outline-offset: -2px;
      }

      table {
        width: 100%;
        border-collapse: collapse;
        font-size: var(--size-small);
        font-variant-numeric: tabular-nums;
      }

      th,
      td {
        padding: var(--space-1) var(--space-2);
        border-bottom: 1px solid var(--line);
        font-weight: 400;
        line-height: 1.35;
        text-align: right;
        white-space: nowrap;
      }

      tbody tr:last-child > * {
        border-bottom: 0;
      }

      [data-column='title'] {
        min-width: 11rem;
        text-align: left;
        white-space: normal;
      }

      thead th {
        padding: 0;
        color: var(--ink-soft);
      }

      thead button {
        display: flex;
        /* The arrow stands before a number's column, so that heads and numbers end together. */
        flex-direction: row-reverse;
        align-items: center;
        width: 100%;
        height: 2.25rem;
        padding: 0 var(--space-2);
        border: 0;
        background: none;
        color: inherit;
        text-align: inherit;
        white-space: nowrap;
      }

      thead button:focus-visible {
        outline-offset: -2px;
      }

      thead [data-column='title'] button {
        flex-direction: row;
      }

      [aria-sort] button {
        color: var(--ink);
        font-weight: 600;
      }

      /* Room for the arrow, so that sorting moves nothing. */
      .arrow {
        display: inline-block;
        width: 1em;
        text-align: center;
      }

      .chance {
        color: var(--ink-soft);
      }

      /* Hangs, so that numbers stay in line. */
      .chance [aria-hidden] {
        display: inline-block;
        width: 0.9em;
        margin-right: -0.9em;
      }

      td button {
        height: 1.75rem;
        padding: 0 var(--space-2);
      }

      @media (pointer: coarse) {
        thead button,
        td button {
          height: 2.75rem;
        }
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('lab')) void this.#tell();
    if (changed.has('panels') && !this.panels.some(({ id }) => id === this.target)) this.target = null;
  }

  async #tell(): Promise<void> {
    const { terms } = this.lab.metrics;
    this.#all = columnsFor(this.lab, glossary);
    if (!terms) return;
    this.#all = columnsFor(this.lab, await terms());
    this.requestUpdate();
  }

  protected override render() {
    const { trials } = this;
    return html`<details ?open=${this.open} @toggle=${({ target }: Event) => (this.open = (target as HTMLDetailsElement).open)}>
      <summary><h2>Tried so far</h2> <span class="count">${trials.length > 0 ? formatCount(trials.length) : nothing}</span></summary>
      ${this.open ? this.#renderBody() : nothing}
    </details>`;
  }

  #renderBody() {
    const { trials } = this;
    if (trials.length === 0) {
      return html`<p class="hint">
          Every finished run of a panel will stand here, with its metrics and its cost: to be compared, loaded again, and
          saved.
        </p>
        ${this.#renderUndo()}`;
    }
    return html`
      <div class="tools">
        ${renderTarget(this.panels, this.target, (panel) => (this.target = panel))}
        <span class="buttons">
          <button @click=${() => this.#save('csv')}>Save CSV</button>
          <button @click=${() => this.#save('json')}>Save JSON</button>
          <button data-clear @click=${() => this.dispatchEvent(new TrialsCleared(false))}>Clear</button>
        </span>
        ${this.#renderUndo()}
        <span role="status" data-loaded>${this.loaded}</span>
      </div>
      <div class="scroller" role="region" aria-label="Tried so far" tabindex="0">
        <table>
          <thead>
            <tr>
              ${this.#columns.map((column) => this.#renderHead(column))}
              <td><span class="visually-hidden">Load</span></td>
            </tr>
          </thead>
          <tbody>
            ${repeat(
              this.#sorted(),
              ({ number }) => number,
              (trial) => this.#renderTrial(trial),
            )}
          </tbody>
        </table>
      </div>
    `;
  }

  /** What the data are is told where that was not always the same. */
  get #columns(): Column[] {
    const usual = openingState(this.lab, false).sampling;
    const other = this.trials.some(({ config }) => !this.lab.isSameData(config, usual));
    return other ? this.#all : this.#all.filter(({ id }) => id !== 'data');
  }

  #renderUndo() {
    const { cleared } = this;
    if (cleared === 0) return nothing;
    return html`<span class="undo" role="status">
      ${formatCount(cleared)} cleared.
      <button @click=${() => this.dispatchEvent(new TrialsCleared(true))}>Undo</button>
    </span>`;
  }

  #renderHead({ id, label, meaning }: Column) {
    const sorted = id === this.sortedBy;
    const order = this.descending ? 'descending' : 'ascending';
    return html`<th scope="col" data-column=${id} aria-sort=${sorted ? order : nothing}>
      <button title=${meaning ?? nothing} @click=${() => this.#sortBy(id)}>
        ${label}<span class="arrow" aria-hidden="true">${sorted ? (this.descending ? '↓' : '↑') : nothing}</span>
      </button>
    </th>`;
  }

  #renderTrial(trial: Trial) {
    const cells = this.#columns.map(({ id, show }) =>
      id === 'title' ? html`<th scope="row" data-column=${id}>${show(trial)}</th>` : html`<td data-column=${id}>${show(trial)}</td>`,
    );
    return html`<tr data-trial=${trial.number}>
      ${cells}
      <td>
        <button
          aria-label="Load ${trial.title}, seed ${trial.config.seed}"
          @click=${() => this.#load(trial)}
        >
          Load
        </button>
      </td>
    </tr>`;
  }

  #load({ choice, config, title }: Trial) {
    this.loaded = describeLoaded(title, this.panels, this.target);
    this.dispatchEvent(reproduce(this.lab, choice, config, this.target));
  }

  #sorted(): Trial[] {
    const { sortBy } = this.#all.find(({ id }) => id === this.sortedBy)!;
    const sign = this.descending ? -1 : 1;
    return this.trials.toSorted((one, other) => {
      const [a, b] = [sortBy(one), sortBy(other)];
      const order = typeof a === 'string' ? a.localeCompare(b as string) : a - (b as number);
      return sign * order || one.number - other.number;
    });
  }

  /** Numbers from the least, which is mostly the best; the same column again turns the order round. */
  #sortBy(id: string) {
    this.descending = id === this.sortedBy && !this.descending;
    this.sortedBy = id;
  }

  #save(format: 'csv' | 'json') {
    saveRows(
      'guidance-playground-trials',
      format,
      this.#sorted().map((trial) => rowOf(this.lab.metrics, trial)),
    );
  }
}
