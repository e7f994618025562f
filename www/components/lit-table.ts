import { LitElement, css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { endsOf, type Lit } from '../state/lighting.js';
import { mostLinked } from '../state/state.js';
import { controls } from '../styles/controls.js';
import { formatCount, formatDecimal } from '../text/format.js';

/** Other particles are to be lit. */
export class LinkChange extends Event {
  constructor(readonly particles: number[]) {
    super('link-change', { bubbles: true, composed: true });
  }
}

/** What is known of the lit particles in one panel, and what the panel is called. */
export interface LitPanel {
  name: string;
  lit: Lit | null;
}

/** More rows are folded into their means. */
const mostRows = 8;

/** What became of the lit particles in every panel, in numbers. */
@customElement('gp-lit-table')
export class LitTable extends LitElement {
  @property({ attribute: false }) linked: number[] = [];
  @property({ attribute: false }) panels: LitPanel[] = [];
  /** Why something is not known, in a sentence. */
  @property() failure = '';
  /** How many particles there are. */
  @property({ attribute: false }) particles = 0;

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        font-size: var(--size-small);
      }

      .head {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-4);
        align-items: center;
        color: var(--ink-soft);
      }

      .head strong {
        color: var(--ink);
      }

      .head label {
        display: inline-flex;
        gap: var(--space-2);
        align-items: center;
      }

      .head input {
        width: 6rem;
      }

      .scroll {
        margin-top: var(--space-2);
        overflow-x: auto;
      }

      table {
        border-collapse: collapse;
        font-variant-numeric: tabular-nums;
      }

      th,
      td {
        padding: 0.1875rem var(--space-3) 0.1875rem 0;
        border-bottom: 1px solid var(--line);
        font-weight: 400;
        text-align: right;
        white-space: nowrap;
      }

      th {
        color: var(--ink-soft);
      }

      th[scope='colgroup'] {
        padding-left: var(--space-4);
        color: var(--ink);
        text-align: left;
        font-weight: 500;
      }

      td:nth-child(3n + 2),
      thead tr + tr th:nth-child(3n + 2) {
        padding-left: var(--space-4);
      }

      tr:last-child:not(:only-child) td {
        font-weight: 500;
      }
    `,
  ];

  protected override render() {
    const { linked } = this;
    return html`
      <div class="head">
        ${
          linked.length > 0
            ? html`<span><strong>${formatCount(linked.length)}</strong> ${linked.length === 1 ? 'particle' : 'particles'} lit,
              dashed where ${linked.length === 1 ? 'it' : 'they'} would have gone unguided</span>`
            : html`<span>Point at a particle, or draw around some, to light them in all panels.</span>`
        }
        <label>
          Light number
          <input type="number" min="0" max=${this.particles - 1} step="1" @change=${this.#add} />
        </label>
        ${linked.length > 0 ? html`<button @click=${() => this.#send([])}>Put out</button>` : nothing}
      </div>
      ${this.failure ? html`<p role="alert">${this.failure}</p>` : nothing}
      ${linked.length > 0 ? this.#renderTable() : nothing}
    `;
  }

  #renderTable() {
    const { linked, panels } = this;
    const rows = linked.slice(0, mostRows);
    return html`<div class="scroll" tabindex="0" role="group" aria-label="The lit particles in numbers">
      <table>
        <thead>
          <tr>
            <td></td>
            ${panels.map(({ name }, index) => html`<th scope="colgroup" colspan="3">${index + 1}: ${name}</th>`)}
          </tr>
          <tr>
            <th scope="col">Particle</th>
            ${panels.map(
              () => html`
                <th scope="col">log p at the end</th>
                <th scope="col">branch</th>
                <th scope="col">moved by guidance</th>
              `,
            )}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (particle) =>
              html`<tr>
                <th scope="row">${particle}</th>
                ${panels.map(({ lit }) => this.#renderCells(lit, [particle]))}
              </tr>`,
          )}
          ${
            linked.length > 1
              ? html`<tr>
                <th scope="row">mean of ${linked.length}</th>
                ${panels.map(({ lit }) => this.#renderCells(lit, linked))}
              </tr>`
              : nothing
          }
        </tbody>
      </table>
    </div>`;
  }

  /** Of one particle, or the means of several; branches have none. */
  #renderCells(lit: Lit | null, particles: number[]) {
    const found = particles.map((particle) => lit?.particles.indexOf(particle) ?? -1);
    if (!lit || found.some((index) => index < 0)) return html`<td>–</td><td>–</td><td>–</td>`;
    const mean = (value: (index: number) => number) => found.reduce((sum, index) => sum + value(index), 0) / found.length;
    const branches = new Set(found.map((index) => lit.facts[3 * index + 1]));
    const depth = lit.facts[3 * found[0]! + 2]!;
    const single = Number.isNaN(depth) ? `${[...branches][0]}` : `${[...branches][0]}, depth ${depth}`;
    const branch = found.length === 1 ? single : `${branches.size} branches`;
    return html`
      <td>${formatDecimal(
        mean((index) => lit.facts[3 * index]!),
        2,
      )}</td>
      <td>${branch}</td>
      <td>${lit.ghosts ? formatDecimal(mean(distances(lit)), 3) : 'not guided'}</td>
    `;
  }

  readonly #add = ({ target }: Event) => {
    const input = target as HTMLInputElement;
    if (input.value !== '' && input.validity.valid && this.linked.length < mostLinked) {
      this.#send([...new Set([...this.linked, input.valueAsNumber])]);
    }
    input.value = '';
  };

  #send(particles: number[]) {
    this.dispatchEvent(new LinkChange(particles));
  }
}

/** From where a particle ends to where it would have ended unguided. */
function distances({ paths, ghosts, particles }: Lit): (index: number) => number {
  const [ends, others] = [endsOf(paths, particles.length), endsOf(ghosts!, particles.length)];
  return (index) => Math.hypot(ends[2 * index]! - others[2 * index]!, ends[2 * index + 1]! - others[2 * index + 1]!);
}
