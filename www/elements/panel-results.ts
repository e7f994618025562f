import { LitElement, css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Measure, Metrics } from '../../pkg/guidance_playground.js';
import type { RunRecord } from '../engine/run-record.js';
import { formatCount, formatDecimal, formatFloor, formatShare, formatSigned } from '../text/format.js';

interface Row {
  id: string;
  label: string;
  /** What the number means, for those who ask. */
  meaning: string;
  measure: (metrics: Metrics) => Measure;
  format: (value: number) => string;
  /** Where it differs for a perfect sampler's, and for errors, which have no sign. */
  plain?: (value: number) => string;
}

const rows: Row[] = [
  {
    id: 'outliers',
    label: 'Outliers',
    meaning: 'Share of the particles that end outside the region that holds 99% of the data',
    measure: ({ outliers }) => outliers,
    format: formatShare,
  },
  {
    id: 'gap',
    label: 'Log-density gap',
    meaning: 'Mean log-density of the particles less that of the data; above zero they are too concentrated',
    measure: ({ logDensityGap }) => logDensityGap,
    format: (value) => formatSigned(value, 2),
    plain: (value) => formatDecimal(value, 2),
  },
  {
    id: 'imbalance',
    label: 'Branch imbalance',
    meaning: 'Share of the particles that would have to change branch for each to hold its true share (total variation)',
    measure: ({ branchTotalVariation }) => branchTotalVariation,
    format: formatShare,
  },
  {
    id: 'wasserstein',
    label: 'Sliced W1',
    meaning: 'Distance that the particles would have to be moved to lie as the data does, averaged over directions',
    measure: ({ slicedWasserstein }) => slicedWasserstein,
    format: (value) => formatDecimal(value, 3),
  },
];

/** What a run's endpoints measure, each number beside a perfect sampler's, and what the run cost. */
@customElement('panel-results')
export class PanelResults extends LitElement {
  @property({ attribute: false }) run: RunRecord | null = null;
  /** Of the run, so that the element renders as it advances. */
  @property({ attribute: false }) evaluations = 0;
  @property({ attribute: false }) finished = false;

  static override styles = css`
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
    }

    td.here {
      color: var(--ink-soft);
    }

    .value {
      color: var(--ink);
      font-size: var(--size-normal);
      font-weight: 600;
    }

    td.perfect {
      color: var(--ink-soft);
    }

    caption {
      caption-side: bottom;
      padding-top: var(--space-2);
      color: var(--ink-soft);
      text-align: left;
    }
  `;

  protected override render() {
    const metrics = this.run?.metrics ?? null;
    return html`
      <table>
        <caption>
          ${this.run?.started ? this.#cost(this.run) : nothing}&nbsp;
        </caption>
        <thead>
          <tr>
            <th scope="col">At the end</th>
            <th scope="col">here</th>
            <th scope="col">perfect sampler</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ id, label, meaning, measure, format, plain = format }) => {
              const found = metrics && measure(metrics);
              return html`<tr data-measure=${id}>
                <th scope="row" title=${meaning}>${label}</th>
                <td class="here">
                  ${found
                    ? html`<span class="value">${format(found.value)}</span>
                        <span title="Standard error">± ${plain(found.standardError)}</span>`
                    : '–'}
                </td>
                <td class="perfect">${found ? formatFloor(found.floor, plain) : '–'}</td>
              </tr>`;
            },
          )}
        </tbody>
      </table>
    `;
  }

  #cost(run: RunRecord) {
    const particles = formatCount(run.config.particles);
    return `${particles} particles, ${formatCount(this.evaluations)} network evaluations each`;
  }
}
