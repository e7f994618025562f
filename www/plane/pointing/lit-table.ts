import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { endsOf } from './lighting.js';
import type { Lit } from '../drawing/lit-shapes.js';
import { particles as counts } from '../state/state.js';
import { saveRows, type Row } from '../../study/export.js';
import { controls } from '../../styles/controls.js';
import { formatCount, formatDecimal } from '../../text/format.js';
import type { NumberTyped } from '../../controls/number-field.js';
import '../../controls/number-field.js';

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

/** Rows of a page. */
const pageLength = 8;

/** Something that is known of a particle in a panel; null where there is no such thing. */
interface Fact {
  name: string;
  title: string;
  of: (lit: Lit, index: number) => number | null;
}

const facts: readonly Fact[] = [
  { name: 'logDensity', title: 'log p at the end', of: ({ facts }, index) => facts[3 * index]! },
  { name: 'branch', title: 'branch', of: ({ facts }, index) => facts[3 * index + 1]! },
  { name: 'movedByGuidance', title: 'moved by guidance', of: distance },
];

/** What rows are sorted by: a fact in a panel, or the number of the particle. */
interface Order {
  column: { panel: number; fact: number } | null;
  /** The greatest first. */
  down: boolean;
}

/** What became of the lit particles in every panel, in numbers. */
@customElement('gp-lit-table')
export class LitTable extends LitElement {
  @property({ attribute: false }) linked: number[] = [];
  @property({ attribute: false }) panels: LitPanel[] = [];
  /** Why something is not known, in a sentence. */
  @property() failure = '';
  /** How many particles there are. */
  @property({ attribute: false }) particles = 0;
  /** As they were lit, at first. */
  @state() private order: Order | null = null;
  @state() private page = 0;

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

      .pages {
        display: flex;
        gap: var(--space-2);
        align-items: center;
        margin-top: var(--space-2);
        color: var(--ink-soft);
      }

      th button {
        padding: 0;
        border: 0;
        background: none;
        color: inherit;
        font: inherit;
        cursor: pointer;
      }

      th button:hover {
        color: var(--ink);
        text-decoration: underline;
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
        <gp-number-field
          label="Light number"
          what="The number of a particle"
          .greatest=${this.particles - 1}
          barred=${this.linked.length < counts.mostLit ? '' : `${counts.mostLit} particles are lit, which is as many as there can be: put some out first.`}
          @number-typed=${({ value }: NumberTyped) => this.#send([...new Set([...this.linked, value])])}
        ></gp-number-field>
        ${
          linked.length > 0
            ? html`<button @click=${() => this.#send([])}>Put out</button>
              <button @click=${() => saveRows('guidance-playground-lit', 'csv', this.#rows())}>Save as CSV</button>`
            : nothing
        }
      </div>
      ${this.failure ? html`<p role="alert">${this.failure}</p>` : nothing}
      ${linked.length > 0 ? this.#renderTable() : nothing}
    `;
  }

  #renderTable() {
    const { linked, panels } = this;
    const sorted = this.#sorted();
    const last = Math.ceil(linked.length / pageLength) - 1;
    // There were more before, perhaps.
    const page = Math.min(this.page, last);
    const rows = sorted.slice(page * pageLength, (page + 1) * pageLength);
    return html`${last > 0 ? this.#renderPages(page, last, rows.length) : nothing}
    <div class="scroll" tabindex="0" role="group" aria-label="The lit particles in numbers">
      <table>
        <thead>
          <tr>
            <td></td>
            ${panels.map(({ name }, index) => html`<th scope="colgroup" colspan="3">${index + 1}: ${name}</th>`)}
          </tr>
          <tr>
            ${this.#renderHead('Particle', null)}
            ${panels.map((_, panel) => facts.map(({ title }, fact) => this.#renderHead(title, { panel, fact })))}
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

  #renderPages(page: number, last: number, rows: number) {
    const first = page * pageLength + 1;
    const turn = (by: number) => () => (this.page = page + by);
    return html`<div class="pages">
      <span role="status">Particles ${first} to ${first + rows - 1} of ${formatCount(this.linked.length)}</span>
      <button ?disabled=${page === 0} @click=${turn(-1)}>Previous</button>
      <button ?disabled=${page === last} @click=${turn(1)}>Next</button>
    </div>`;
  }

  /** A column's title, which sorts by it; the other way around where it does already. */
  #renderHead(title: string, column: Order['column']) {
    const { order } = this;
    const sorts = order !== null && order.column?.panel === column?.panel && order.column?.fact === column?.fact;
    const sort = () => {
      this.order = { column, down: sorts && !order.down };
      this.page = 0;
    };
    return html`<th scope="col" aria-sort=${sorts ? (order.down ? 'descending' : 'ascending') : 'none'}>
      <button title="Sort by this" @click=${sort}>${title}${sorts ? (order.down ? ' ↓' : ' ↑') : ''}</button>
    </th>`;
  }

  /** What is not known comes last. */
  #sorted(): number[] {
    const { linked, order, panels } = this;
    if (!order) return linked;
    const { column, down } = order;
    const value = (particle: number) =>
      column ? (factOf(panels[column.panel]?.lit, particle, facts[column.fact]!) ?? Number.NaN) : particle;
    const sign = down ? -1 : 1;
    const rank = (number: number) => (Number.isNaN(number) ? Number.POSITIVE_INFINITY : sign * number);
    return linked.toSorted((one, other) => {
      const [a, b] = [rank(value(one)), rank(value(other))];
      return a === b ? 0 : a - b;
    });
  }

  /** Of every panel what is known of each lit particle, as they are sorted; nothing stands for what is not known. */
  #rows(): Row[] {
    const particles = this.#sorted();
    return this.panels.flatMap(({ name, lit }, index) =>
      particles.map((particle) => {
        const depth = factOf(lit, particle, { of: ({ facts }, at) => facts[3 * at + 2]! });
        const known = facts.map((fact) => [fact.name, factOf(lit, particle, fact) ?? '']);
        return {
          panel: index + 1,
          scheme: name,
          particle,
          ...Object.fromEntries(known),
          depth: depth === null || Number.isNaN(depth) ? '' : depth,
        };
      }),
    );
  }

  /** Of one particle, or the means of several; branches have none. */
  #renderCells(lit: Lit | null, particles: number[]) {
    const found = particles.map((particle) => lit?.particles.indexOf(particle) ?? -1);
    if (!lit || found.some((index) => index < 0)) return html`<td>–</td><td>–</td><td>–</td>`;
    const mean = (value: (index: number) => number) => found.reduce((sum, index) => sum + value(index), 0) / found.length;
    const branches = new Set(found.map((index) => lit.facts[3 * index + 1]));
    const depth = lit.facts[3 * found[0]! + 2]!;
    const [only] = branches as Set<number>;
    // A particle that has left the range of numbers is on none.
    const single = Number.isNaN(only) ? 'lost' : Number.isNaN(depth) ? `${only}` : `${only}, depth ${depth}`;
    const branch = found.length === 1 ? single : `${branches.size} branches`;
    return html`
      <td>${formatDecimal(
        mean((index) => lit.facts[3 * index]!),
        2,
      )}</td>
      <td>${branch}</td>
      <td>${
        lit.ghosts
          ? formatDecimal(
              mean((index) => distance(lit, index)!),
              3,
            )
          : 'not guided'
      }</td>
    `;
  }

  #send(particles: number[]) {
    this.dispatchEvent(new LinkChange(particles));
  }
}

/** What is known of a particle in a panel; null where nothing is. */
function factOf(lit: Lit | null | undefined, particle: number, { of }: Pick<Fact, 'of'>): number | null {
  const index = lit?.particles.indexOf(particle) ?? -1;
  return lit && index >= 0 ? of(lit, index) : null;
}

/** From where a particle ends to where it would have ended unguided; null where nothing guides. */
function distance({ paths, ghosts, particles }: Lit, index: number): number | null {
  if (!ghosts) return null;
  const [ends, others] = [endsOf(paths, particles.length), endsOf(ghosts, particles.length)];
  return Math.hypot(ends[2 * index]! - others[2 * index]!, ends[2 * index + 1]! - others[2 * index + 1]!);
}
