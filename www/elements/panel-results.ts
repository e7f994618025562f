import { LitElement, css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Measure } from '../../pkg/guidance_playground.js';
import type { RunRecord } from '../engine/run-record.js';
import { formatCount, formatDecimal, formatShare, formatSigned } from '../text/format.js';
import './measure-value.js';

/** What a run's endpoints measure, each number beside a perfect sampler's. */
@customElement('panel-results')
export class PanelResults extends LitElement {
  @property({ attribute: false }) run: RunRecord | null = null;
  /** Of the run, so that the element renders as it advances. */
  @property({ attribute: false }) evaluations = 0;
  @property({ attribute: false }) finished = false;

  static override styles = css`
    :host {
      display: block;
    }

    .measures {
      display: grid;
      grid-template-columns: repeat(3, minmax(0, 1fr));
      gap: var(--space-3);
    }

    .cost {
      margin: var(--space-2) 0 0;
      color: var(--ink-soft);
      font-size: var(--size-small);
      font-variant-numeric: tabular-nums;
    }
  `;

  protected override render() {
    const metrics = this.run?.metrics ?? null;
    const perfect = (measure: Measure | undefined, format: (value: number) => string) =>
      measure ? `perfect: ${format(measure.floor.mean)} ± ${format(measure.floor.spread)}` : '';
    return html`
      <div class="measures">
        <measure-value
          data-measure="outliers"
          label="Outliers"
          hint="Share of the particles that end outside the region holding 99% of the data"
          .value=${metrics && formatShare(metrics.outliers.value)}
          .perfect=${perfect(metrics?.outliers, formatShare)}
        ></measure-value>
        <measure-value
          data-measure="gap"
          label="Log-density gap"
          hint="Mean log-density of the particles less that of the data. Above zero: too concentrated"
          .value=${metrics && formatSigned(metrics.logDensityGap.value, 2)}
          .perfect=${perfect(metrics?.logDensityGap, (value) => formatDecimal(value, 2))}
        ></measure-value>
        <measure-value
          data-measure="branches"
          label="Branches"
          hint="Branches of the tree that the particles reach, counted by the entropy of their shares"
          .value=${metrics && formatDecimal(metrics.effectiveBranches.value, 1)}
          .perfect=${perfect(metrics?.effectiveBranches, (value) => formatDecimal(value, 1))}
        ></measure-value>
      </div>
      <p class="cost">${this.run?.started ? this.#cost(this.run) : nothing}&nbsp;</p>
    `;
  }

  #cost(run: RunRecord) {
    const particles = formatCount(run.config.particles);
    return `${particles} particles, ${formatCount(this.evaluations)} network evaluations each`;
  }
}
