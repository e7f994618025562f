import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { RunRecord } from '../../engine/backend.js';
import type { Engine } from '../../engine/engine.js';
import type { Lab } from '../../lab/lab.js';
import { measured, seedCount, standing, type Standing } from '../../study/metrics.js';
import type { SeedStudy } from '../../study/seeds.js';
import { controls } from '../../styles/controls.js';
import { formatCount, formatDuration } from '../../text/format.js';
import type { Metric } from '../../text/metrics.js';
import '../page/glossary-term.js';

/** How a metric stands to a perfect sampler's, as a sign and in words. */
const standings: Record<Standing, { sign: string; words: string }> = {
  within: { sign: '≈', words: 'not to be told from' },
  above: { sign: '>', words: 'above' },
  below: { sign: '<', words: 'below' },
};

const unavailable = { message: 'What samples more seeds could not be loaded.', advice: 'Check the connection, then try again.' };

/** What a run's endpoints measure, each number beside a perfect sampler's, and what the run cost. */
@customElement('gp-panel-results')
export class PanelResults extends LitElement {
  @property({ attribute: false }) lab!: Lab;
  @property({ attribute: false }) run: RunRecord | null = null;
  /** Samples other seeds; null where there is none, as while one is chosen. */
  @property({ attribute: false }) engine: Engine | null = null;
  /** Of the run, so that the element renders as it advances. */
  @property({ attribute: false }) evaluations = 0;
  @property({ attribute: false }) finished = false;
  /** Of this run over seeds, once asked for. */
  #study: SeedStudy | null = null;
  /** What samples them could not be fetched. */
  #unavailable = false;
  /** What was found before, for when a setting comes back; by configuration. */
  readonly #studies = new Map<string, SeedStudy>();

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        /* Explanations are as wide as the table. */
        position: relative;
        container-type: inline-size;
      }

      table {
        width: 100%;
        border-collapse: collapse;
        font-size: var(--size-small);
        font-variant-numeric: tabular-nums;
      }

      th,
      td {
        padding: 0.1875rem 0;
        border-bottom: 1px solid var(--line);
        font-weight: 400;
        line-height: 1.3;
        text-align: right;
        white-space: nowrap;
      }

      thead th {
        vertical-align: bottom;
        white-space: normal;
        padding-top: 0;
        color: var(--ink-soft);
      }

      th:first-child {
        color: var(--ink-soft);
        text-align: left;
        white-space: normal;
      }

      td {
        padding-left: var(--space-2);
        color: var(--ink-soft);
      }

      .value {
        color: var(--ink);
        font-size: var(--size-normal);
        font-weight: 600;
      }

      /* A metric that chance alone can explain does not shout. */
      .within .value {
        font-weight: 400;
      }

      td.sign {
        width: 1.25em;
        padding-inline: var(--space-1) 0;
        color: var(--ink);
        text-align: center;
      }

      tr.followed > :is(th, td:not([rowspan])) {
        border-bottom: 0;
        padding-bottom: 0;
      }

      tr.seeds > * {
        padding-top: 0;
      }

      tr.seeds th {
        padding-left: var(--space-3);
      }

      @container (max-width: 23.5em) {
        td {
          padding-left: var(--space-1);
        }

        .value {
          font-size: inherit;
        }
      }

      @container (max-width: 18.7em) {
        td:not(.sign) {
          /* Room of a metric's two lines, also before there is one. */
          height: calc(2 * 1.3em + 2 * 0.1875rem);
          white-space: normal;
        }

        td > span {
          white-space: nowrap;
        }
      }

      .cost {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--space-3);
        align-items: center;
        justify-content: space-between;
        min-height: 2rem;
        padding-top: var(--space-1);
        color: var(--ink-soft);
        font-size: var(--size-small);
        line-height: 1.35;
      }

      .cost p {
        flex: 1 1 12rem;
        margin: 0;
      }

      .cost button {
        height: 1.625rem;
        padding: 0 var(--space-2);
        background: none;
      }

      progress {
        width: 4rem;
        height: 4px;
        accent-color: var(--accent);
      }

      .busy {
        display: inline-flex;
        gap: var(--space-2);
        align-items: center;
      }

      @media (pointer: coarse) {
        .cost button {
          height: 2.75rem;
        }
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('run') || changed.has('finished') || changed.has('engine')) this.#findStudy();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#study?.cancel();
  }

  protected override render() {
    const metrics = this.run?.metrics ?? null;
    const study = this.#study?.results ? this.#study : null;
    const seed = this.run?.config.seed;
    const { main, describeLost, meaningOfLost } = this.lab.metrics;
    const lost = metrics && describeLost(metrics);
    return html`
      <table>
        <caption class="visually-hidden">
          Metrics at the end
        </caption>
        <thead>
          <tr>
            <th scope="col">At the end</th>
            <th scope="col">
              <gp-glossary-term term=${study ? 'result-over-seeds' : 'result'}>${study ? `seed ${seed}` : 'here'}</gp-glossary-term>
            </th>
            <td class="sign"></td>
            <th scope="col"><gp-glossary-term term="noise-floor">perfect sampler</gp-glossary-term></th>
          </tr>
        </thead>
        <tbody>
          ${lost ? html`<tr data-lost><td colspan="4" title=${meaningOfLost}>${lost}; all metrics are of the others</td></tr>` : nothing}
          ${main.map((metric) => this.#renderMetric(metric, metrics, study))}
        </tbody>
      </table>
      <div class="cost">
        <p data-cost>${this.run?.started ? this.#cost(this.run) : nothing}&nbsp;</p>
        ${this.#renderSeeds()}
      </div>
    `;
  }

  #renderMetric(metric: Metric, metrics: object | null, study: SeedStudy | null) {
    const { id, label, format, plain } = metric;
    const taken = metrics && measured(metrics, id);
    const found = taken && !Number.isNaN(taken.value) ? taken : null;
    const stands = found && standing(found.value, found.floor);
    return html`<tr data-measure=${id} class="${stands ?? ''} ${study ? 'followed' : ''}">
        <th scope="row"><gp-glossary-term term=${id} .own=${this.lab.metrics.terms ?? null}>${label}</gp-glossary-term></th>
        <td class="here">
          ${
            found
              ? html`<span class="value">${format(found.value)}</span>
                <span title="Standard error">± ${plain(found.standardError)}</span>`
              : '–'
          }
        </td>
        <td class="sign" data-standing=${stands ?? nothing}>
          ${
            stands
              ? html`<span aria-hidden="true">${standings[stands].sign}</span>
                <span class="visually-hidden">${standings[stands].words}</span>`
              : nothing
          }
        </td>
        <td class="perfect" rowspan=${study ? 2 : nothing}>
          ${found ? html`<span title="Mean">${plain(found.floor.mean)}</span> <span title="Standard deviation">± ${plain(found.floor.spread)}</span>` : '–'}
        </td>
      </tr>
      ${found && study ? this.#renderSpread(metric, study) : nothing}`;
  }

  #renderSpread({ id, format, plain }: Metric, study: SeedStudy) {
    const lost = this.lab.metrics.describeLost(...study.results!);
    const { mean, deviation, floor } = study.spread(id);
    const stands = standing(mean, floor);
    return html`<tr class="seeds ${stands}" data-seeds=${id}>
      <th scope="row">${seedCount} seeds${lost && html`<span data-lost>, ${lost}</span>`}</th>
      <td class="here">
        <span title="Mean">${format(mean)}</span> <span title="Standard deviation from seed to seed">± ${plain(deviation)}</span>
      </td>
      <td class="sign" data-standing=${stands}>
        <span aria-hidden="true">${standings[stands].sign}</span>
        <span class="visually-hidden">${standings[stands].words}</span>
      </td>
    </tr>`;
  }

  #renderSeeds() {
    const { run, engine } = this;
    const study = this.#study;
    if (!engine || !run?.metrics || run.preview || study?.results) return nothing;
    if (study?.running) {
      return html`<span class="busy">
        <progress aria-label="Sampling ${seedCount} seeds" max="1" .value=${study.progress}></progress>
        <button data-cancel-seeds @click=${() => study.cancel()}>Cancel</button>
      </span>`;
    }
    const { message, advice } = study?.failure ?? unavailable;
    return html`${study?.failure || this.#unavailable ? html`<p role="alert">${message} ${advice}</p>` : nothing}<button
        data-seeds-button
        title="Samples the same scheme with ${seedCount - 1} more seeds"
        @click=${() => this.#begin(run, engine)}
      >
        ${seedCount} seeds
      </button>`;
  }

  async #begin(run: RunRecord, engine: Engine) {
    if (!this.#study) {
      const fetched = await import('../../study/seeds.js').catch(() => null);
      this.#unavailable = !fetched;
      this.requestUpdate();
      // Another setting meanwhile.
      if (!fetched || this.run !== run || this.engine !== engine) return;
      const { SeedStudy } = fetched;
      this.#study ??= new SeedStudy(run.config, run.metrics!, () => this.requestUpdate());
      this.#studies.set(JSON.stringify(run.config), this.#study);
    }
    if (!this.#study.running) void this.#study.run(engine);
  }

  /** Another setting gives up what was under way for the last one. */
  #findStudy() {
    const { run } = this;
    const study = (run?.metrics && this.#studies.get(JSON.stringify(run.config))) || null;
    if (this.#study !== study) this.#study?.cancel();
    this.#study = study;
  }

  #cost({ config, milliseconds, backend, finished }: RunRecord) {
    const { samples, samplingOf } = this.lab;
    const count = formatCount(samples.of(samplingOf(config)));
    const time = finished ? `, ${formatDuration(milliseconds)} of ${backend.kind === 'cpu' ? 'CPU' : 'GPU'} time` : '';
    return `${count} ${samples.many}, ${formatCount(this.evaluations)} model evaluations each${time}`;
  }
}
