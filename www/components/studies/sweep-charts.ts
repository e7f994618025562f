import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Lab } from '../../lab/lab.js';
import { composeVectors } from '../../drawing/svg-files.js';
import { saveFile } from '../../study/export.js';
import type { Sweep, SweepPoint } from '../../study/sweep.js';
import { controls } from '../../styles/controls.js';
import type { Metric } from '../../text/metrics.js';
import { nameOf } from '../../text/parameter.js';
import { properties } from '../../controls/properties.js';
import { SizeWatch } from '../../controls/watching.js';
import type { Mark, Picture } from './plot-parts.js';
import type { PanelResult } from './sweep-plots.js';

/** A point of a sweep was pressed. */
export class PointChosen extends Event {
  constructor(
    readonly sweep: Sweep,
    readonly point: SweepPoint,
  ) {
    super('point-chosen');
  }
}

/** Milliseconds between two drawings while results come in. */
const pause = 300;
/** Of all time at most one part in so many goes into drawing. */
const share = 5;
/** Of the grids of curves and of maps, as in their styles. */
const narrowest = { curve: 288, map: 352 };
const gap = 24;
const widestMap = 560;

type Plots = typeof import('./sweep-plots.js') & typeof import('./sweep-maps.js');

/** Of as many equal columns as there is room for, and no more than there are. */
function columnWidth(width: number, least: number, count: number): number {
  const columns = Math.min(Math.max(Math.floor((width + gap) / (least + gap)), 1), count);
  return Math.floor((width - gap * (columns - 1)) / columns);
}

/** The curves and maps of sweeps, and two metrics against each other. Drawn anew when something comes in, and at no other time. */
@customElement('gp-sweep-charts')
export class SweepCharts extends LitElement {
  @property({ attribute: false }) lab!: Lab;
  @property({ attribute: false }) sweeps: readonly Sweep[] = [];
  /** Runs that are there, so that the element renders as they come in. */
  @property({ attribute: false }) done = 0;
  @property({ attribute: false }) panels: readonly PanelResult[] = [];
  @state() private plots: Plots | null = null;
  @state() private failed = false;
  @state() private width = 0;
  /** The number that the curves are over, by pointer; null for that of the latest sweep. */
  @state() private path: string | null = null;
  @state() private across = '';
  @state() private up = '';
  /** What maps are of. */
  @state() private mapped = '';
  @state() private hovered: { picture: string; mark: Mark } | null = null;
  readonly #pictures = new Map<string, Picture>();
  /** Those still to be drawn, in order. */
  #undrawn = new Map<string, () => Picture>();
  /** When the last round began, and how long it took. */
  #drawn = 0;
  #cost = 0;
  #waiting = 0;
  #drawing = 0;

  constructor() {
    super();
    this.addController(new SizeWatch(this, ({ width }) => (this.width = Math.floor(width))));
  }

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }

      .curves {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr));
        gap: var(--space-2) var(--space-6);
      }

      .maps {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr));
        gap: var(--space-4) var(--space-6);
      }

      .maps h4 {
        margin: 0 0 var(--space-1);
        font-size: var(--size-small);
        font-weight: 400;
      }

      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-4);
        align-items: center;
        margin: var(--space-4) 0 var(--space-2);
      }

      .tools span {
        display: inline-flex;
        gap: var(--space-2);
        align-items: center;
      }

      h3 {
        margin: 0;
        font-size: var(--size-normal);
        font-weight: 600;
      }

      .picture {
        position: relative;
        min-width: 0;
      }

      .trade-off {
        max-width: 46rem;
      }

      .pointing {
        cursor: pointer;
      }

      .plot {
        display: block;
        max-width: 100%;
        overflow: visible;
        font: 0.75rem var(--font);
        font-variant-numeric: tabular-nums;
        color: var(--ink-soft);
      }

      .plot [data-part$='grid'] {
        color: var(--line);
        stroke-opacity: 1;
      }

      .words {
        position: absolute;
        z-index: 1;
        translate: -50% calc(-100% - 0.75rem);
        padding: var(--space-1) var(--space-2);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--surface);
        font-size: var(--size-small);
        line-height: 1.3;
        width: max-content;
        max-width: 16rem;
        pointer-events: none;
      }

      p {
        color: var(--ink-soft);
        font-size: var(--size-small);
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    if (!this.plots) void this.#load();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#waiting);
    clearTimeout(this.#drawing);
    this.#waiting = this.#drawing = 0;
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('lab')) Object.assign(this, this.lab.metrics.axes, { mapped: this.lab.metrics.axes.across });
    // What the hand only points at is no reason to draw.
    if ([...changed.keys()].some((name) => name !== ('hovered' as never))) this.#plan(changed.has('done'));
  }

  async #load() {
    try {
      const [curves, maps] = await Promise.all([import('./sweep-plots.js'), import('./sweep-maps.js')]);
      this.plots = { ...curves, ...maps };
    } catch {
      this.failed = true;
    }
  }

  /** At once, but with a pause while results come in: a longer one where drawing takes longer. */
  #plan(incoming: boolean) {
    const wait = incoming ? this.#drawn + Math.max(pause, share * this.#cost) - performance.now() : 0;
    if (wait <= 0) return this.#draw();
    this.#waiting ||= window.setTimeout(() => {
      this.#waiting = 0;
      this.#draw();
    }, wait);
  }

  /** One picture after the other, each in a task of its own, so that no hand has to wait for all. */
  #draw() {
    const { plots, width } = this;
    if (!plots || width === 0) return;
    this.#drawn = performance.now();
    this.#cost = 0;
    const wanted = this.#wanted(plots);
    for (const id of [...this.#pictures.keys()].filter((id) => !wanted.has(id))) this.#pictures.delete(id);
    this.#undrawn = wanted;
    this.#drawing ||= window.setTimeout(this.#drawNext);
  }

  readonly #drawNext = () => {
    this.#drawing = 0;
    const [next] = this.#undrawn;
    if (!next) return;
    const [id, draw] = next;
    const begun = performance.now();
    this.#undrawn.delete(id);
    this.#pictures.set(id, draw());
    if (this.hovered?.picture === id) this.hovered = null;
    this.requestUpdate();
    this.#cost += performance.now() - begun;
    this.#drawing = window.setTimeout(this.#drawNext);
  };

  #wanted(plots: Plots): Map<string, () => Picture> {
    const { width } = this;
    const { metrics } = this.lab;
    const wanted = new Map<string, () => Picture>();
    const curves = this.#curves();
    if (curves.length > 0) {
      const curveWidth = columnWidth(width, narrowest.curve, metrics.main.length);
      for (const metric of metrics.main) wanted.set(metric.id, () => plots.drawCurve(metrics, metric, curves, curveWidth, 220));
    }
    const maps = this.#maps;
    if (maps.length > 0) {
      const metric = this.#metricOf(this.mapped);
      const mapWidth = Math.min(columnWidth(width, narrowest.map, maps.length), widestMap);
      const shading = plots.shadingOf(metric, maps, mapWidth);
      if (shading) wanted.set('shading', () => plots.drawShading(metric, shading, mapWidth));
      for (const sweep of shading ? maps : []) {
        wanted.set(`map-${sweep.number}`, () => plots.drawMap(metrics, metric, sweep, shading!, mapWidth, 0.62 * mapWidth + 60));
      }
    }
    const filled = this.sweeps.filter((sweep) => sweep.filled.length > 0);
    if (filled.length > 0) {
      const size = Math.min(width, 736);
      const axes: [Metric, Metric] = [this.#metricOf(this.across), this.#metricOf(this.up)];
      const height = Math.min(0.62 * size + 60, 440);
      wanted.set('trade-off', () => plots.drawTradeOff(metrics, axes, filled, [...this.panels], size, height));
    }
    return wanted;
  }

  /** Sweeps of one number, which can share a picture. */
  #curves(): Sweep[] {
    const path = this.#path;
    return this.#alone.filter(({ plan, filled }) => plan.axes[0]!.parameter.path === path && filled.length > 0);
  }

  /** Sweeps over one number. */
  get #alone(): Sweep[] {
    return this.sweeps.filter(({ plan }) => plan.axes.length === 1);
  }

  /** Sweeps over two numbers that have something to show. */
  get #maps(): Sweep[] {
    return this.sweeps.filter(({ plan, filled }) => plan.axes.length > 1 && filled.length > 0);
  }

  get #path(): string | undefined {
    const paths = this.#alone.map(({ plan }) => plan.axes[0]!.parameter.path);
    return this.path !== null && paths.includes(this.path) ? this.path : paths.at(-1);
  }

  protected override render() {
    if (this.failed) return html`<p role="alert">The pictures could not be loaded. Check the connection, then reload the page.</p>`;
    if (this.sweeps.length === 0) return nothing;
    return html`
      ${this.#renderParameters()}
      <div class="curves">${this.lab.metrics.main.map(({ id }) => this.#renderPicture(id))}</div>
      ${this.#renderMaps()}
      <div class="tools">
        <h3>Quality against diversity</h3>
        ${this.#renderAxis('across', 'Across', this.across, (id) => (this.across = id))}
        ${this.#renderAxis('up', 'Up', this.up, (id) => (this.up = id))}
        <button @click=${this.#save}>Save SVG</button>
      </div>
      <div class="trade-off">${this.#renderPicture('trade-off')}</div>
      <p>
        Numbered marks are the panels. Grey bands hold a perfect sampler’s metrics; bars are the spread over seeds, or the
        standard error of a single run. Press a point to load its scheme.
        ${this.#counts().size > 1 ? this.lab.metrics.meaningOfFewer : nothing}
      </p>
    `;
  }

  /** Numbers of samples that there are. */
  #counts(): Set<number> {
    const { samples } = this.lab;
    return new Set([...this.sweeps.map(({ plan }) => samples.of(plan.sampling)), ...this.panels.map(({ count }) => count)]);
  }

  /** Which number the curves are over, where sweeps differ in that. */
  #renderParameters() {
    const parameters = new Map(this.#alone.map(({ plan }) => [plan.axes[0]!.parameter.path, nameOf(plan.axes[0]!.parameter)]));
    if (parameters.size < 2) return nothing;
    return html`<div class="tools">
      <label for="path">Curves over</label>
      <select id="path" @change=${({ target }: Event) => (this.path = (target as HTMLSelectElement).value)}>
        ${[...parameters].map(([path, name]) => html`<option value=${path} .selected=${path === this.#path}>${name}</option>`)}
      </select>
    </div>`;
  }

  #renderMaps() {
    const maps = this.#maps;
    if (maps.length === 0) return nothing;
    return html`
      <div class="tools">
        <h3>${maps.length > 1 ? 'Maps' : 'Map'}</h3>
        ${this.#renderAxis('mapped', 'Of', this.mapped, (id) => (this.mapped = id))}
      </div>
      ${this.#renderPicture('shading')}
      <div class="maps">
        ${maps.map(
          ({ number, title }) => html`<div>
            ${this.sweeps.length > 1 ? html`<h4>Sweep ${number}: ${title}</h4>` : nothing}
            ${this.#renderPicture(`map-${number}`)}
          </div>`,
        )}
      </div>
      <p>
        Dashed is where a perfect sampler’s metric may be; what has a ring cannot be told from it. Press a cell to load its scheme.
      </p>
    `;
  }

  #renderAxis(id: string, label: string, chosen: string, choose: (id: string) => void) {
    return html`<span>
      <label for=${id}>${label}</label>
      <select id=${id} @change=${({ target }: Event) => choose((target as HTMLSelectElement).value)}>
        ${this.lab.metrics.all.map(({ id, label }) => html`<option value=${id} .selected=${id === chosen}>${label}</option>`)}
      </select>
    </span>`;
  }

  /** All pictures as they stand. */
  readonly #save = () => {
    const drawings = [...this.renderRoot.querySelectorAll<SVGSVGElement>('.picture svg')].filter(
      ({ parentElement }) => parentElement?.closest('svg') === null,
    );
    const content = composeVectors(drawings, this);
    saveFile('guidance-playground-sweep.svg', new Blob([content], { type: 'image/svg+xml' }));
  };

  #renderPicture(id: string) {
    const picture = this.#pictures.get(id);
    if (!picture) return nothing;
    const mark = this.hovered?.picture === id ? this.hovered.mark : null;
    return html`<div
      class="picture ${mark?.point ? 'pointing' : ''}"
      data-picture=${id}
      @pointermove=${(event: PointerEvent) => this.#point(id, event)}
      @pointerleave=${() => (this.hovered = null)}
      @click=${(event: MouseEvent) => this.#press(id, event)}
    >
      ${picture.svg}
      ${mark ? html`<div class="words" ${properties({ left: `${mark.x}px`, top: `${mark.y}px` })}>${mark.words}</div>` : nothing}
    </div>`;
  }

  #point(id: string, event: MouseEvent) {
    const mark = this.#nearest(id, event);
    if (mark !== (this.hovered?.mark ?? null)) this.hovered = mark && { picture: id, mark };
  }

  #press(id: string, event: MouseEvent) {
    const point = this.#nearest(id, event)?.point;
    if (point) this.dispatchEvent(new PointChosen(point.sweep, point.point));
  }

  #nearest(id: string, event: MouseEvent): Mark | null {
    const picture = this.#pictures.get(id)!;
    const box = picture.svg.getBoundingClientRect();
    const distance = ({ x, y }: Mark) => Math.hypot(event.clientX - box.x - x, event.clientY - box.y - y);
    let nearest: Mark | null = null;
    for (const mark of picture.marks) {
      if (distance(mark) < Math.min(picture.reach, nearest ? distance(nearest) : Infinity)) nearest = mark;
    }
    return nearest;
  }

  #metricOf(id: string): Metric {
    return this.lab.metrics.all.find((metric) => metric.id === id)!;
  }
}
