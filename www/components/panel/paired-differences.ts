import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { RunRecord } from '../../engine/backend.js';
import type { Engine } from '../../engine/engine.js';
import { toFailure } from '../../engine/failure.js';
import type { Difference, Lab, ViewKinds } from '../../lab/lab.js';
import { floorWidth } from '../../study/metrics.js';
import { controls } from '../../styles/controls.js';
import { formatSigned } from '../../text/format.js';

/** A run's metrics less those of another from the same noise, which takes the noise's own luck out of them. */
@customElement('gp-paired-differences')
export class PairedDifferences extends LitElement {
  @property({ attribute: false }) lab!: Lab;
  @property({ attribute: false }) engine: Engine | null = null;
  /** Null before they are at their ends, or where they are not of the same noise. */
  @property({ attribute: false }) run: RunRecord<ViewKinds> | null = null;
  @property({ attribute: false }) other: RunRecord<ViewKinds> | null = null;
  /** What the other is called. */
  @property() name = '';
  @state() private open = false;
  @state() private found: Readonly<Record<string, Difference | null>> | null = null;
  @state() private failure = '';
  #asked: unknown[] = [];

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        font-size: var(--size-small);
      }

      summary {
        width: fit-content;
        color: var(--ink-soft);
        line-height: 1.75rem;
        cursor: pointer;
      }

      table {
        width: 100%;
        border-collapse: collapse;
        font-variant-numeric: tabular-nums;
      }

      th,
      td {
        padding: 0.125rem 0;
        border-bottom: 1px solid var(--line);
        color: var(--ink-soft);
        font-weight: 400;
        text-align: right;
      }

      th {
        text-align: left;
      }

      .certain td {
        color: var(--ink);
        font-weight: 600;
      }

      p {
        margin: var(--space-1) 0 0;
        color: var(--ink-soft);
      }

      @media (pointer: coarse) {
        summary {
          line-height: 2.75rem;
        }
      }
    `,
  ];

  protected override willUpdate() {
    const asked = [this.run, this.other, this.engine];
    if (!this.open || asked.every((each, index) => each === this.#asked[index])) return;
    this.#asked = asked;
    this.found = null;
    this.failure = '';
    void this.#ask();
  }

  async #ask(): Promise<void> {
    const { run, other, engine, lab } = this;
    if (!run?.metrics || !other?.metrics || !engine || !lab.differences) return;
    try {
      const found = await lab.differences(engine, run, other);
      if (this.run === run && this.other === other) this.found = found;
    } catch (thrown) {
      if (this.run === run && this.other === other) this.failure = toFailure(thrown).message;
    }
  }

  protected override render() {
    return html`<details @toggle=${({ target }: Event) => (this.open = (target as HTMLDetailsElement).open)}>
      <summary>Less ${this.name}, on the same noise</summary>
      ${this.open ? this.#renderFound() : nothing}
    </details>`;
  }

  #renderFound() {
    if (this.failure) return html`<p role="alert">${this.failure}</p>`;
    if (!this.run || !this.other)
      return html`<p>Both have to be at their ends, of the same noise and as many ${this.lab.samples.many}.</p>`;
    return html`<table>
        <tbody>
          ${this.lab.metrics.main.map(({ id, label, digits, unit }) => {
            const difference = this.found?.[id] ?? null;
            const [scale, places] = unit === 'share' ? [100, 1] : [1, digits - 1];
            const isCertain = difference !== null && Math.abs(difference.value) > floorWidth * difference.standardError;
            return html`<tr data-difference=${id} class=${isCertain ? 'certain' : ''}>
              <th scope="row">${label}</th>
              <td>
                ${
                  difference
                    ? html`${formatSigned(scale * difference.value, places)}${unit === 'share' ? '\u202f%' : ''} ±
                      ${(scale * difference.standardError).toFixed(places)}`
                    : '–'
                }
              </td>
            </tr>`;
          })}
        </tbody>
      </table>
      <p>In bold: beyond ${floorWidth} standard errors.</p>`;
  }
}
