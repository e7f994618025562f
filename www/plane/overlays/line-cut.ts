import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { PlaneEngine } from '../engine/engine.js';
import { type CutFound, type CutPlace, type CutWanted, findCut, isAlike } from '../explanation/cut.js';
import type { Cut } from '../explanation/settings.js';
import type { Scale } from '../explanation/cut-plot.js';
import { Latest } from '../../engine/latest.js';
import type { RunConfig } from '../../scheme/scheme.js';
import { controls } from '../../styles/controls.js';
import { quantityColours } from '../../styles/quantity-colours.js';
import { SizeWatch } from '../../controls/watching.js';
import { describeLevel, formatDecimal, formatSigned } from '../../text/format.js';
import { CutChange } from '../picture/panel-picture.js';

type Plots = typeof import('../explanation/cut-plot.js');

/** Rows of the table that stands for the curves. */
const rows = 9;

/** Densities of data, main model and guide along a line through the plane, and the ratio that guidance amplifies. */
@customElement('gp-line-cut')
export class LineCut extends LitElement {
  @property({ attribute: false }) engine: PlaneEngine | null = null;
  @property({ attribute: false }) config: RunConfig | null = null;
  /** Steps passed; the level nearest to it is shown. */
  @property({ attribute: false }) step = 0;
  @property({ attribute: false }) cut: Cut | null = null;
  @state() private scale: Scale = 'logarithm';
  @state() private width = 0;
  @state() private plots: Plots | null = null;
  @state() private lacking = false;

  readonly #latest = new Latest<CutWanted, CutFound>(findCut, () => this.requestUpdate());
  #asked: CutWanted | null = null;
  #drawn: { found: CutFound; scale: Scale; width: number; pictures: SVGElement[] } | null = null;

  constructor() {
    super();
    this.addController(new SizeWatch(this, ({ width }) => (this.width = Math.floor(width))));
  }

  static override styles = [
    controls,
    quantityColours,
    css`
      :host {
        display: block;
        color: var(--ink-soft);
        font-size: var(--size-small);
        font-variant-numeric: tabular-nums;
      }

      figure {
        margin: 0;
      }

      .top {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-3);
        align-items: center;
        justify-content: space-between;
      }

      .keys {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--space-3);
        margin: 0;
        padding: 0;
        list-style: none;
        color: var(--ink);
      }

      .keys svg {
        width: 1.5rem;
        height: 0.5rem;
        margin-right: var(--space-1);
        stroke: var(--quantity);
        stroke-width: 2;
      }

      .plot {
        display: block;
        max-width: 100%;
        overflow: visible;
        color: var(--ink-soft);
        font: 0.75rem var(--font);
      }

      .plot [data-part$='grid'] {
        color: var(--line);
        stroke-opacity: 1;
      }

      p {
        margin: var(--space-1) 0 0;
      }

      summary {
        cursor: pointer;
      }

      table {
        margin-top: var(--space-2);
        border-collapse: collapse;
        color: var(--ink);
      }

      th,
      td {
        padding: 0.1rem var(--space-3) 0.1rem 0;
        font-weight: 400;
        text-align: right;
      }

      thead th {
        color: var(--ink-soft);
      }

      @media (pointer: coarse) {
        select {
          min-height: 2.75rem;
        }

        summary {
          min-height: 2.75rem;
          align-content: center;
        }
      }
    `,
  ];

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#forget();
  }

  protected override willUpdate(_changed: PropertyValues<this>) {
    const { engine, config, cut } = this;
    if (!engine || !config || !cut) return this.#forget();
    const wanted = { engine, config, step: Math.round(this.step), cut };
    if (this.#asked && isAlike(wanted, this.#asked)) return;
    this.#asked = wanted;
    this.#latest.want(wanted);
    if (!this.plots) void this.#load();
  }

  protected override render() {
    const { found, failure } = this.#latest;
    if (!this.cut) return nothing;
    if (failure) return html`<p role="alert">${failure.message} ${failure.advice}</p>`;
    if (this.lacking)
      return html`<p role="alert">The pictures of the cut could not be loaded. Check the connection, then draw the line again.</p>`;
    if (!found || !this.plots || this.width === 0) return html`<p role="status">Computing the densities along the line</p>`;
    return html`
      <figure aria-busy=${this.#latest.busy}>
        <div class="top">
          <ul class="keys" aria-label="Lines">
            ${this.#renderKeys(found)}
          </ul>
          <button @click=${() => this.dispatchEvent(new CutChange(null, true))}>Remove the line</button>
          <select aria-label="Scale of the densities" @change=${this.#rescale}>
            <option value="logarithm" .selected=${this.scale === 'logarithm'}>Logarithm</option>
            <option value="density" .selected=${this.scale === 'density'}>Density</option>
          </select>
        </div>
        ${this.#draw(this.plots, found)}
        <figcaption>
          <p>${describe(found)}</p>
          <details>
            <summary>Numbers</summary>
            ${renderTable(found)}
          </details>
        </figcaption>
      </figure>
    `;
  }

  /** Anew only where something has changed. */
  #draw(plots: Plots, found: CutFound): SVGElement[] {
    const { scale, width } = this;
    const drawn = this.#drawn;
    if (drawn?.found === found && drawn.scale === scale && drawn.width === width) return drawn.pictures;
    const pictures = [plots.drawDensities(found, scale, width)];
    if (found.guided) pictures.push(plots.drawRatio(found, width));
    this.#drawn = { found, scale, width, pictures };
    return pictures;
  }

  #renderKeys({ guided }: CutFound) {
    const key = (quantity: string, name: string, dash: string) => html`<li class=${quantity}>
      <svg viewBox="0 0 24 8" aria-hidden="true"><path d="M0 4H24" stroke-dasharray=${dash || nothing} /></svg>${name}
    </li>`;
    return this.plots!.lines.filter(({ field }) => guided || field !== 'guide').map(({ field, name, dash }) => key(field, name, dash));
  }

  #rescale({ target }: Event) {
    this.scale = (target as HTMLSelectElement).value as Scale;
  }

  async #load(): Promise<void> {
    try {
      this.plots = await import('../explanation/cut-plot.js');
      this.lacking = false;
    } catch {
      this.lacking = true;
    }
  }

  #forget() {
    if (!this.#asked) return;
    this.#asked = null;
    this.#latest.stop();
  }
}

function describe({ sigma, step, steps, guided, places }: CutFound): string {
  const at = `At ${describeLevel(sigma, step, steps)}`;
  if (!guided) return `${at}. This scheme has no guide, so there is no ratio.`;
  const by = (better: (a: number, b: number) => boolean) =>
    places.reduce((best, place) => (better(place.ratio, best.ratio) ? place : best));
  const [high, low] = [by((a, b) => a > b), by((a, b) => a < b)];
  const says = ({ ratio, distance }: CutPlace) => `${formatSigned(ratio, 1)} nats at ${formatDecimal(distance, 2)}`;
  return `${at}, the log-ratio is highest with ${says(high)} and lowest with ${says(low)} along the line: guidance pushes up this slope.`;
}

function renderTable({ places, guided }: CutFound) {
  const some = Array.from({ length: rows }, (_, row) => places[Math.round((row / (rows - 1)) * (places.length - 1))]!);
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Distance</th>
        <th scope="col">Log p, data</th>
        <th scope="col">Log p₁, main</th>
        ${
          guided
            ? html`<th scope="col">Log p₀, guide</th>
              <th scope="col">Log-ratio</th>`
            : nothing
        }
      </tr>
    </thead>
    <tbody>
      ${some.map(
        ({ distance, data, main, guide, ratio }) => html`<tr>
          <th scope="row">${formatDecimal(distance, 2)}</th>
          <td>${formatDecimal(data, 1)}</td>
          <td>${formatDecimal(main, 1)}</td>
          ${
            guided
              ? html`<td>${formatDecimal(guide, 1)}</td>
                <td>${formatSigned(ratio, 1)}</td>`
              : nothing
          }
        </tr>`,
      )}
    </tbody>
  </table>`;
}
