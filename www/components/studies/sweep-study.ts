import { css, html, nothing, svg, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Engine } from '../../engine/engine.js';
import type { Lab } from '../../lab/lab.js';
import { rowsOf } from '../../lab/rows.js';
import type { PanelState, SamplingState } from '../../state/state.js';
import { saveRows } from '../../study/export.js';
import { Sweep, type SweepAxis, type SweepPoint } from '../../study/sweep.js';
import { controls } from '../../styles/controls.js';
import { formatCount, formatDuration } from '../../text/format.js';
import { plainSymbol } from '../../text/formula.js';
import { formatNumber, nameOf } from '../../text/parameter.js';
import { titleOf } from '../../text/title.js';
import { describeLoaded, renderTarget, reproduce } from './demonstrate.js';
import { section } from '../../styles/section.js';
import { StagedElement } from '../staged-element.js';
import type { PointChosen } from './sweep-charts.js';
import './sweep-charts.js';
import type { SweepWanted } from './sweep-form.js';
import './sweep-form.js';
import type { PanelResult } from './sweep-plots.js';

/** Marks by which sweeps are told apart besides colour, in the order of the plots' own. */
const shapes = [
  svg`<circle cx="6" cy="6" r="4.5" />`,
  svg`<rect x="2" y="2" width="8" height="8" />`,
  svg`<path d="M6 1 11 10H1Z" />`,
  svg`<path d="M6 .5 10.5 6 6 11.5 1.5 6Z" />`,
];

function describeAxis({ parameter, values }: SweepAxis): string {
  return `${nameOf(parameter)} from ${formatNumber(values[0]!)} to ${formatNumber(values.at(-1)!)}, ${values.length} points`;
}

function isOther(now: readonly PanelResult[], before: readonly PanelResult[] = []): boolean {
  return now.length !== before.length || now.some(({ metrics }, index) => metrics !== before[index]!.metrics);
}

/** Sweeps: one number of a scheme over a range, as curves, or two, as maps; and among the panels' schemes. */
@customElement('gp-sweep-study')
export class SweepStudy extends StagedElement {
  @property({ attribute: false }) lab!: Lab;
  @property({ attribute: false }) engine: Engine | null = null;
  @property({ attribute: false }) panels: readonly PanelState[] = [];
  @property({ attribute: false }) sampling!: SamplingState;
  /** What the panels show now; the same results in another list are nothing new. */
  @property({ attribute: false, hasChanged: isOther }) results: readonly PanelResult[] = [];
  @property({ type: Boolean, reflect: true }) open = false;
  @state() private sweeps: readonly Sweep[] = [];
  @state() private target: number | null = null;
  /** Where the last point went that was loaded. */
  @state() private loaded = '';
  #count = 0;
  #said = '';

  static override styles = [
    controls,
    section,
    css`
      ul {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-2);
        margin: var(--space-4) 0;
        padding: 0;
        list-style: none;
        font-size: var(--size-small);
      }

      li {
        padding-top: var(--space-2);
        border-top: 1px solid var(--line);
      }

      .sweep {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-3);
        align-items: center;
      }

      .sweep strong {
        font-weight: 600;
      }

      .soft {
        color: var(--ink-soft);
      }

      .sweep > span:first-of-type {
        flex: 1 1 16rem;
      }

      .key {
        width: 0.875rem;
        height: 0.875rem;
        flex: none;
      }

      .series-1 {
        fill: var(--series-1);
      }

      .series-2 {
        fill: var(--series-2);
      }

      .series-3 {
        fill: var(--series-3);
      }

      .series-4 {
        fill: var(--series-4);
      }

      progress {
        width: 6rem;
        accent-color: var(--accent);
      }

      .refused {
        margin: var(--space-1) 0 0;
        color: var(--ink-soft);
      }

      li summary {
        padding-block: var(--space-1);
        color: var(--ink-soft);
      }

      li details[open] {
        padding-bottom: 0;
      }

      .scroller {
        /* Holds what is visually hidden inside. */
        position: relative;
        max-height: 32rem;
        overflow: auto;
      }

      table {
        border-collapse: collapse;
        font-variant-numeric: tabular-nums;
      }

      th,
      td {
        padding: 0.125rem var(--space-3) 0.125rem 0;
        border-bottom: 1px solid var(--line);
        font-weight: 400;
        text-align: right;
        white-space: nowrap;
      }

      thead th {
        color: var(--ink-soft);
      }

      td button {
        height: 1.625rem;
        padding: 0 var(--space-2);
      }

      @media (pointer: coarse) {
        td button {
          height: 2.75rem;
        }
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('panels') && !this.panels.some(({ id }) => id === this.target)) this.target = null;
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    for (const sweep of this.sweeps) sweep.cancel();
  }

  protected override render() {
    return html`<details ?open=${this.open} @toggle=${({ target }: Event) => (this.open = (target as HTMLDetailsElement).open)}>
        <summary><h2>Sweep</h2> <span class="count">one parameter over a range, or two</span></summary>
        ${this.open ? this.#renderBody() : nothing}
      </details>
      <div class="visually-hidden" role="status" data-said>${this.#said}</div>`;
  }

  #renderBody() {
    const { sweeps } = this;
    const done = sweeps.reduce((sum, sweep) => sum + sweep.done, 0);
    return html`
      <p class="hint">
        Samples a scheme again and again with one of its numbers changed, or two, behind the panels, and draws each metric over
        that number, or a map of one over both.
      </p>
      <gp-sweep-form
        .lab=${this.lab}
        .panels=${this.panels}
        .sampling=${this.sampling}
        .pace=${this.engine?.backend?.pace ?? 0}
        @sweep-wanted=${({ plan }: SweepWanted) => this.#begin(new Sweep(this.lab, ++this.#count, plan, () => this.#hear()))}
      ></gp-sweep-form>
      ${
        sweeps.length > 0
          ? html`<ul aria-label="Sweeps">
              ${repeat(
                sweeps,
                ({ number }) => number,
                (sweep) => this.#renderSweep(sweep),
              )}
            </ul>
            <div class="tools">
              ${renderTarget(this.panels, this.target, (panel) => (this.target = panel))}
              <span class="buttons">
                <button ?disabled=${done === 0} @click=${() => this.#save('csv')}>Save CSV</button>
                <button ?disabled=${done === 0} @click=${() => this.#save('json')}>Save JSON</button>
              </span>
              <span role="status" data-loaded>${this.loaded}</span>
            </div>
            <gp-sweep-charts
              .lab=${this.lab}
              .sweeps=${sweeps}
              .done=${done}
              .panels=${this.results}
              @point-chosen=${({ sweep, point }: PointChosen) => this.#load(sweep, point)}
            ></gp-sweep-charts>`
          : nothing
      }
    `;
  }

  #renderSweep(sweep: Sweep) {
    const { plan, title, number, running, done, total, failure } = sweep;
    const { axes, seeds, sampling } = plan;
    const { samples } = this.lab;
    const series = (number - 1) % shapes.length;
    const refused = sweep.points.filter(({ refusal }) => refusal);
    return html`<li data-sweep=${number}>
      <div class="sweep">
        <svg class="key series-${series + 1}" viewBox="0 0 12 12" aria-hidden="true">${shapes[series]}</svg>
        <span>
          <strong>${title}</strong>
          <span class="soft">
            ${axes.map(describeAxis).join(', and ')},
            ${seeds.length === 1 ? 'one seed' : `${seeds.length} seeds`}, ${formatCount(samples.of(sampling))} ${samples.many}
          </span>
        </span>
        ${
          running
            ? html`<progress aria-label="Sweep ${number}" max=${total} .value=${done}></progress>
              <span class="soft" data-left>${this.#describeLeft(sweep)}</span>
              <button @click=${() => sweep.cancel()}>Cancel</button>`
            : html`<span class="soft" data-state>${done < total ? `stopped after ${done} of ${total} runs` : ''}</span>
              <button aria-label="Remove sweep ${number}" @click=${() => this.#remove(sweep)}>Remove</button>`
        }
      </div>
      ${failure ? html`<p class="refused" role="alert">${failure.message} ${failure.advice}</p>` : nothing}
      ${
        refused.length > 0
          ? html`<p class="refused">
            Left out: ${this.#describeRefused(sweep, refused)}. ${refused[0]!.refusal}
          </p>`
          : nothing
      }
      ${sweep.filled.length > 0 ? this.#renderPoints(sweep) : nothing}
    </li>`;
  }

  #describeLeft(sweep: Sweep): string {
    const { done, total, remaining } = sweep;
    const time = remaining === null ? '' : `, about ${formatDuration(Math.max(remaining, 1000))} left`;
    return `${done} of ${total} runs${time}`;
  }

  #renderPoints(sweep: Sweep) {
    const { axes } = sweep.plan;
    const { main, describeLost } = this.lab.metrics;
    return html`<details>
      <summary>Points</summary>
      <div class="scroller" role="region" aria-label="Points of sweep ${sweep.number}" tabindex="0">
        <table>
          <thead>
            <tr>
              ${axes.map(({ parameter }) => html`<th scope="col">${plainSymbol(parameter.symbol)}</th>`)}
              ${main.map(({ label }) => html`<th scope="col">${label}</th>`)}
              <td><span class="visually-hidden">Load</span></td>
            </tr>
          </thead>
          <tbody>
            ${sweep.filled.map(
              (point) => html`<tr>
                ${point.values.map(
                  (value, axis) => html`<th scope="row">
                    ${formatNumber(value)} ${axis === 0 ? describeLost(...point.runs.map(({ metrics }) => metrics)) : ''}
                  </th>`,
                )}
                ${main.map((metric) => {
                  const { mean, deviation } = Sweep.metric(point, metric);
                  return html`<td>
                    ${metric.format(mean)}${point.runs.length > 1 ? ` ± ${metric.plain(deviation)}` : nothing}
                  </td>`;
                })}
                <td>
                  <button
                    aria-label="Load ${sweep.describe(point)}"
                    @click=${() => this.#load(sweep, point)}
                  >
                    Load
                  </button>
                </td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>`;
  }

  #describeRefused(sweep: Sweep, refused: SweepPoint[]): string {
    const most = 8;
    const isOver = sweep.plan.axes.length > 1;
    const few = refused.slice(0, most).map((point) => (isOver ? sweep.describe(point) : formatNumber(point.values[0]!)));
    const more = refused.length > most ? [`${refused.length - most} more`] : [];
    return [...few, ...more].join(isOver ? '; ' : ', ');
  }

  #begin(sweep: Sweep) {
    if (!this.engine) return;
    this.sweeps = [...this.sweeps, sweep];
    void sweep.run(this.engine).then(() => {
      const { done, total, title } = sweep;
      this.#said = done < total ? `The sweep of ${title} stopped after ${done} runs.` : `The sweep of ${title} is done.`;
      this.requestUpdate();
    });
  }

  #hear() {
    this.requestUpdate();
  }

  #remove(sweep: Sweep) {
    this.sweeps = this.sweeps.filter((each) => each !== sweep);
  }

  /** With the first seed and the samples of the sweep: the metrics of the table are then those of the panel. */
  #load(sweep: Sweep, point: SweepPoint) {
    const { choice, seeds } = sweep.plan;
    this.loaded = describeLoaded(titleOf(this.lab.schemes, choice, point.scheme), this.panels, this.target);
    this.dispatchEvent(reproduce(this.lab, choice, sweep.config(point, seeds[0]!), this.target));
  }

  #save(format: 'csv' | 'json') {
    saveRows(
      'guidance-playground-sweeps',
      format,
      this.sweeps.flatMap((sweep) => rowsOf(this.lab.metrics, sweep)),
    );
  }
}
