import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { classMap } from 'lit/directives/class-map.js';
import type { View } from '../../../pkg/guidance_playground.js';
import { isSameView } from '../drawing/camera.js';
import type { PlaneEngine } from '../engine/engine.js';
import { paint, type Pen, type Shape } from '../../drawing/shapes.js';
import { areaOpacity, fieldShapes, readQuantityColours, type QuantityColours } from '../explanation/draw-field.js';
import { fields, lacking } from '../explanation/fields.js';
import { arrowCells, find, finenesses, type Found, type Wanted } from '../explanation/find-field.js';
import { Latest } from '../../engine/latest.js';
import { isOneField, type RunConfig } from '../../scheme/scheme.js';
import type { FieldName } from '../explanation/settings.js';
import { quantityColours } from '../../styles/quantity-colours.js';
import { describeLevel, formatDecimal } from '../../text/format.js';
import { properties } from '../../controls/properties.js';
import { SizeWatch, ThemeWatch } from '../../controls/watching.js';

/** Milliseconds without a change after which a finer picture is worth the work. */
const stillness = 200;

/** A field over a panel's picture: scores as arrows, densities and their ratio as contours. */
@customElement('gp-field-overlay')
export class FieldOverlay extends LitElement {
  @property({ attribute: false }) engine: PlaneEngine | null = null;
  @property({ attribute: false }) config: RunConfig | null = null;
  /** Steps passed; the level nearest to it is shown. */
  @property({ attribute: false }) step = 0;
  @property({ attribute: false }) view: View | null = null;
  @property({ attribute: false }) field: FieldName | null = null;
  /** Whether a picture is to come, or a finer one. */
  @state() private busy = false;
  @query('canvas') private readonly canvas!: HTMLCanvasElement;

  readonly #latest = new Latest<Wanted, Found>(find, () => this.#receive());
  #asked: Wanted | null = null;
  readonly #waiting: (() => void)[] = [];
  #settling = 0;
  #frame = 0;
  #quantityColours: QuantityColours | null = null;

  constructor() {
    super();
    this.addController(new SizeWatch(this, () => this.#resize()));
    this.addController(
      new ThemeWatch(() => {
        this.#quantityColours = null;
        this.#draw();
      }),
    );
  }

  static override styles = [
    quantityColours,
    css`
      :host {
        position: absolute;
        inset: 0;
        display: block;
        pointer-events: none;
      }

      :host([hidden]) {
        display: none;
      }

      canvas {
        display: block;
        width: 100%;
        height: 100%;
      }

      .legend {
        position: absolute;
        /* The formula of the forces is at the bottom. */
        inset: var(--space-2) auto auto var(--space-2);
        max-width: calc(100% - 2 * var(--space-2));
        padding: 0.15rem var(--space-2);
        border-radius: var(--radius);
        background: color-mix(in srgb, var(--surface) 88%, transparent);
        color: var(--ink);
        font-size: 0.75rem;
        line-height: 1.35;
        font-variant-numeric: tabular-nums;
      }

      .scale {
        display: flex;
        align-items: center;
      }

      .scale span {
        color: var(--ink-soft);
      }

      .scale span:first-child {
        padding-right: var(--space-1);
      }

      .scale span:last-child {
        padding-left: var(--space-1);
      }

      .swatch {
        width: 0.875rem;
        height: 0.625rem;
        /* Colours are what it shows. */
        forced-color-adjust: none;
        background: color-mix(in srgb, var(--quantity) var(--share), transparent);
        border-left: 1px solid color-mix(in srgb, var(--quantity) 60%, transparent);
      }

      .busy {
        opacity: 0.75;
      }

      .symbol {
        color: var(--quantity);
        font-weight: 600;
      }
    `,
  ];

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#forget();
    cancelAnimationFrame(this.#frame);
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    this.toggleAttribute('hidden', !this.field);
    if (!this.field) this.#forget();
    else if (changed.size > 0) this.#ask();
  }

  protected override render() {
    if (!this.field) return nothing;
    return html`<canvas aria-hidden="true"></canvas>${this.#renderLegend()}`;
  }

  protected override updated() {
    if (this.field && this.canvas.width !== this.#pixels()) this.#resize();
    else this.#draw();
  }

  #renderLegend() {
    const field = fields[this.field!];
    const { found, failure } = this.#latest;
    const shown = found?.field === this.field ? found : null;
    const quantity = field.form === 'arrows' ? field.quantity : field.quantities[0];
    const lack = this.config && lacking(field, this.config.scheme);
    return html`<div class="legend ${classMap({ busy: this.busy })}" role="group" aria-label=${field.name} aria-busy=${this.busy}>
      <div>
        <span class="symbol ${quantity}">${field.symbol}</span>
        ${
          lack ??
          (failure
            ? failure.message
            : html`at ${shown ? describeLevel(shown.sigma, shown.step, shown.steps) : 'σ = …'}${field.form === 'contours' ? ', nats' : ''}`)
        }
      </div>
      ${lack || !shown ? nothing : field.form === 'arrows' ? arrowsLegend : this.#renderScale(shown)}
    </div>`;
  }

  /** Areas as the picture has them, least first, each with all that lie under it. */
  #renderScale({ contours }: Found) {
    const swatches = (index: number) =>
      contours[index]?.levels.map(({ level }, depth) => ({
        level: index === 0 ? level : -level,
        swatch: html`<i class="swatch ${contours[index]!.quantity}" ${properties({ '--share': share(depth + 1) })}></i>`,
      })) ?? [];
    const all = [...swatches(1).reverse(), ...swatches(0)];
    const [first, last] = [all[0], all.at(-1)];
    if (!first || !last) return nothing;
    const says = (level: number) => formatDecimal(level, 0);
    const [before, after] = contours.length === 2 ? ['guide likelier ', ' main likelier'] : ['', ''];
    return html`<div class="scale">
      <span>${before}${says(first.level)}</span>${all.map(({ swatch }) => swatch)}<span>${says(last.level)}${after}</span>
    </div>`;
  }

  #ask() {
    const { engine, config, view, field } = this;
    if (!engine || !config || !view || !field || lacking(fields[field], config.scheme)) {
      this.#forget();
      return;
    }
    const step = Math.round(this.step);
    const wanted: Wanted = { engine, config, step, view, field, fineness: 0, arrowCells: arrowCells(this.clientWidth) };
    if (this.#asked && isAlike(wanted, this.#asked)) return;
    // What was under way for its own sake, to be finer, is in vain.
    const refining = (this.#asked?.fineness ?? 0) > 0;
    this.#want(wanted, refining || field !== this.#asked?.field);
  }

  #want(wanted: Wanted, instead: boolean) {
    clearTimeout(this.#settling);
    this.#asked = wanted;
    this.#latest.want(wanted, instead);
    this.busy = true;
  }

  #receive() {
    this.requestUpdate();
    const asked = this.#asked;
    if (this.#latest.busy || !asked) return;
    if (this.#latest.failure || fields[asked.field].form === 'arrows' || asked.fineness + 1 >= finenesses.length) {
      this.#rest();
      return;
    }
    clearTimeout(this.#settling);
    this.#settling = window.setTimeout(() => this.#want({ ...asked, fineness: asked.fineness + 1 }, false), stillness);
  }

  #rest() {
    this.busy = false;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Resolves when it is as fine as it gets, or says why it cannot be had. */
  async settled(): Promise<void> {
    await this.updateComplete;
    if (this.busy) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #forget() {
    clearTimeout(this.#settling);
    this.#latest.stop();
    this.#asked = null;
    this.#rest();
  }

  #pixels() {
    return Math.round(this.clientWidth * devicePixelRatio);
  }

  #resize() {
    if (!this.canvas || this.clientWidth === 0) return;
    this.canvas.width = this.#pixels();
    this.canvas.height = Math.round(this.clientHeight * devicePixelRatio);
    this.#ask();
    this.#draw();
  }

  /** With the picture beneath, whose canvas changes at the next frame too. */
  #draw() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      const { canvas } = this;
      if (!canvas || !this.view) return;
      const context = canvas.getContext('2d')!;
      context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
      context.clearRect(0, 0, this.clientWidth, this.clientHeight);
      paint(
        context,
        this.shapes(() => new Path2D()),
      );
    });
  }

  /** What is drawn now. */
  shapes<P extends Pen>(newPath: () => P): Shape<P>[] {
    const { found } = this.#latest;
    if (!this.view || found?.field !== this.field) return [];
    return fieldShapes(found, this.view, [this.clientWidth, this.clientHeight], this.colours, newPath);
  }

  get colours(): QuantityColours {
    return (this.#quantityColours ??= readQuantityColours(this));
  }
}

const arrowsLegend = html`<div class="scale"><span>length m/(1 + m), m = σ |score|</span></div>`;

/** What areas on areas come to. */
function share(depth: number): string {
  return `${100 * (1 - (1 - areaOpacity) ** depth)}%`;
}

function isAlike(one: Wanted, other: Wanted): boolean {
  return (
    one.engine === other.engine &&
    one.step === other.step &&
    one.field === other.field &&
    one.arrowCells === other.arrowCells &&
    isOneField(one.config, other.config) &&
    isSameView(one.view, other.view)
  );
}
