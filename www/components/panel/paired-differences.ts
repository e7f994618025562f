import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { RunRecord } from '../../engine/backend.js';
import { toFailure } from '../../engine/failure.js';
import type { Comparison, Lab, LabExplorer, ViewKinds } from '../../lab/lab.js';
import { controls } from '../../styles/controls.js';
import { formatSigned } from '../../text/format.js';

/** Another panel was chosen to be compared with, by its number of its own. */
export class ComparedWith extends Event {
  constructor(readonly panel: number) {
    super('compared-with', { bubbles: true, composed: true });
  }
}

/** Beyond so many standard errors a difference is called one: of seven metrics one is beyond three by chance in one comparison of fifty. */
const certainty = 3;

/** A run's metrics less those of another from the same noise, which takes the noise's own luck out of them. */
@customElement('gp-paired-differences')
export class PairedDifferences extends LitElement {
  @property({ attribute: false }) lab!: Lab;
  @property({ attribute: false }) explorer!: LabExplorer;
  /** Null before they are at their ends, or where they are not of the same noise. */
  @property({ attribute: false }) run: RunRecord<ViewKinds> | null = null;
  @property({ attribute: false }) other: RunRecord<ViewKinds> | null = null;
  /** Panels that it can be compared with, by their numbers of their own, each with its place among panels. */
  @property({ attribute: false }) others: readonly { id: number; place: number }[] = [];
  /** The one that it is compared with. */
  @property({ type: Number }) against = 0;
  @state() private open = false;
  @state() private found: Comparison | null = null;
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
        /* Room of the words that are to come, so that nothing below them moves. */
        min-height: calc(3 * 1.35em);
        padding-block: var(--space-1);
        color: var(--ink-soft);
        line-height: 1.35;
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

      .words {
        color: var(--ink);
      }

      .against {
        display: flex;
        gap: var(--space-2);
        align-items: center;
        margin-bottom: var(--space-1);
      }

      p {
        margin: var(--space-1) 0 0;
        color: var(--ink-soft);
      }

      @media (pointer: coarse) {
        summary {
          min-height: max(3 * 1.35em, 2.75rem);
        }
      }
    `,
  ];

  protected override willUpdate() {
    const asked = [this.run, this.other];
    if (asked.every((each, index) => each === this.#asked[index])) return;
    this.#asked = asked;
    this.found = null;
    this.failure = '';
    void this.#ask();
  }

  async #ask(): Promise<void> {
    const { run, other } = this;
    if (!run?.metrics || !other?.metrics) return;
    try {
      const found = await this.explorer.compare(run, other);
      if (this.run === run && this.other === other) this.found = found;
    } catch (thrown) {
      if (this.run === run && this.other === other) this.failure = toFailure(thrown).message;
    }
  }

  /** What is certain, in words; empty before anything is known. */
  get #words(): string {
    const { found } = this;
    if (!found) return '';
    const told = Object.entries(this.explorer.words).flatMap(([id, [less, more]]) =>
      this.#isCertain(id) ? [found.differences[id]!.value < 0 ? less : more] : [],
    );
    return [...told, ...found.remarks].join(', ') || 'not to be told apart';
  }

  #isCertain(id: string): boolean {
    const difference = this.found?.differences[id];
    return !!difference && Math.abs(difference.value) > certainty * difference.standardError;
  }

  protected override render() {
    const place = this.others.find(({ id }) => id === this.against)?.place;
    const words = this.#words;
    return html`<details @toggle=${({ target }: Event) => (this.open = (target as HTMLDetailsElement).open)}>
      <summary>
        ${words ? html`Beside panel ${place}: <span class="words">${words}</span>` : `Less panel ${place}, on the same noise`}
      </summary>
      ${this.open ? this.#renderFound() : nothing}
    </details>`;
  }

  #renderFound() {
    if (this.failure) return html`<p role="alert">${this.failure}</p>`;
    return html`
      <label class="against">
        Less
        <select
          @change=${({ target }: Event) => this.dispatchEvent(new ComparedWith(Number((target as HTMLSelectElement).value)))}
        >
          ${this.others.map(({ id, place }) => html`<option value=${id} .selected=${id === this.against}>panel ${place}</option>`)}
        </select>
        on the same noise
      </label>
      ${
        this.run && this.other
          ? this.#renderTable()
          : html`<p>Both have to be at their ends, of the same noise and as many ${this.lab.samples.many}.</p>`
      }
    `;
  }

  #renderTable() {
    return html`<table>
        <tbody>
          ${this.lab.metrics.main.map(({ id, label, digits, unit }) => {
            const difference = this.found?.differences[id] ?? null;
            const [scale, places] = unit === 'share' ? [100, 1] : [1, digits - 1];
            return html`<tr data-difference=${id} class=${this.#isCertain(id) ? 'certain' : ''}>
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
      <p>In bold: beyond ${certainty} standard errors.</p>`;
  }
}
