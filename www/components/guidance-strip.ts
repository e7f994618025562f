import { LitElement, css, html, nothing, svg } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { StripScale } from '../drawing/strip-scale.js';
import { catalogue, variantOf, type VariantValue } from '../scheme/catalogue.js';
import { drawStroke, hasRoom, insertPoint, movePoint, simplify, widestGap, type CurvePoint } from '../scheme/curve.js';
import type { Scheme } from '../scheme/scheme.js';
import { controls } from '../styles/controls.js';
import { formatDecimal, formatSigma } from '../text/format.js';
import { SizeWatch } from '../controls/watching.js';

/** A panel's weight over the noise levels. */
export interface StripCurve {
  panel: number;
  /** Counted from 1, as panels are called. */
  number: number;
  name: string;
  scheme: Scheme;
  /** Of each step's first stage; null until a run has told it. */
  weights: Float64Array | null;
}

/** The clock is to stand elsewhere. */
export class Scrub extends Event {
  constructor(readonly position: number) {
    super('scrub');
  }
}

/** A panel's weight is to be another over time; `settled` is false while the hand still drags. */
export class StripEdit extends Event {
  constructor(
    readonly panel: number,
    readonly scheme: Scheme,
    readonly settled: boolean,
  ) {
    super('strip-edit', { bubbles: true, composed: true });
  }
}

/** Pixels above the axis: of a low strip, and of one that is easily drawn on. */
const heights = { low: 64, tall: 168 };
const margin = { left: 26, right: 10, top: 10, bottom: 6 };
/** Pixels within which a press means a handle. */
const reach = 14;
/** Pixels around the track in which a press means the clock where else it draws. */
const trackReach = 10;
/** What keys move a handle by. */
const stride = { share: 0.01, weight: 0.05 };
const dashes = ['none', '6 3', '2 3', '9 3 2 3', '1 4', '12 4'];
/** Noise levels that are named under the axis, where they lie within it. */
const ticks = [10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002];
/** Least distance of two names, in pixels. */
const tickGap = 44;

/** What can be dragged: a point of the drawn curve, or an end of the interval. */
type Handle = { kind: 'point'; index: number } | { kind: 'low' } | { kind: 'high' };
/** What a pointer does: it moves a handle or the clock, or draws the weight; then where it was, and the curve so far. */
type Drag = Handle | { kind: 'clock' } | { kind: 'stroke'; last: CurvePoint; points: CurvePoint[] };

/** Where room is scarce, menus wait until they are asked for. */
const folded = css`
  :host(:not([unfolded])) .controls {
    display: none;
  }
`;

/** Every panel's weight over the noise level, which is also the clock's slider; one panel's can be drawn. */
@customElement('gp-guidance-strip')
export class GuidanceStrip extends LitElement {
  @property({ attribute: false }) curves: StripCurve[] = [];
  @property({ attribute: false }) noiseLevels = new Float64Array();
  @property({ attribute: false }) steps = 1;
  @property({ attribute: false }) position = 0;
  /** Steps that every panel has computed. */
  @property({ attribute: false }) computed = 0;
  /** Whether a narrow page shows the menus; a wide one always does. */
  @property({ type: Boolean, reflect: true }) unfolded = false;
  /** The panel whose weight can be drawn. */
  @state() private chosen: number | null = null;
  /** Whether there is much room to draw: it covers what is behind, so only where it was asked for here. */
  @state() private tall = false;
  @state() private width = 600;
  #dragged: Drag | null = null;
  /** The axis stands still while something is dragged on it. */
  #held: [number, number] | null = null;

  constructor() {
    super();
    this.addController(new SizeWatch(this, ({ width }) => (this.width = Math.max(width, 120))));
  }

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        min-width: 0;
      }

      .controls {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-3);
        align-items: center;
        color: var(--ink-soft);
        font-size: var(--size-small);
      }

      .controls label {
        display: inline-flex;
        gap: var(--space-1);
        align-items: center;
      }

      .controls select,
      .controls button {
        height: 1.625rem;
        font-size: 0.75rem;
      }

      .controls button {
        padding: 0 var(--space-1);
      }

      .controls select {
        --inset: var(--space-1);
        max-width: 12rem;
      }

      .plot {
        position: relative;
        touch-action: pan-y;
        cursor: pointer;
      }

      /* A finger draws, and does not move the page. */
      .plot.drawn {
        touch-action: none;
      }

      .canvas {
        fill: transparent;
        cursor: crosshair;
      }

      svg {
        display: block;
        width: 100%;
        overflow: visible;
      }

      .one {
        stroke: var(--line);
      }

      .track {
        stroke: var(--line);
        stroke-width: 3;
      }

      .computed {
        stroke: var(--line-strong);
        stroke-width: 3;
      }

      .played {
        stroke: var(--ink);
        stroke-width: 3;
      }

      .clock {
        stroke: var(--ink);
      }

      polyline {
        fill: none;
        stroke: var(--line-strong);
        stroke-width: 1.25;
        stroke-linejoin: round;
      }

      polyline.chosen {
        stroke: var(--accent);
        stroke-width: 2;
      }

      .shade {
        fill: var(--accent);
        opacity: 0.08;
      }

      text {
        fill: var(--ink-soft);
        font-size: 11px;
        font-variant-numeric: tabular-nums;
      }

      text.chosen {
        fill: var(--accent);
        font-weight: 600;
      }

      .end {
        text-anchor: end;
      }

      .middle {
        text-anchor: middle;
      }

      .handle {
        fill: var(--accent);
        stroke: var(--page);
        stroke-width: 1.5;
        cursor: grab;
      }

      .grip {
        cursor: ew-resize;
      }

      .handle:focus-visible {
        outline: none;
        stroke: var(--focus);
        stroke-width: 3;
      }

      .thumb {
        position: absolute;
        bottom: calc(20px + ${margin.bottom}px - 0.5rem);
        width: 1rem;
        height: 1rem;
        margin-left: -0.5rem;
        border: 2px solid var(--page);
        border-radius: 50%;
        background: var(--ink);
        forced-color-adjust: none;
      }

      @media (max-height: 30rem) {
        ${folded}
      }

      @container (max-width: 600px) {
        ${folded}
      }

      @media (pointer: coarse) {
        .controls select,
        .controls button {
          height: 2.75rem;
          font-size: 1rem;
        }

        .thumb {
          width: 1.5rem;
          height: 1.5rem;
          margin-left: -0.75rem;
          bottom: calc(20px + ${margin.bottom}px - 0.75rem);
        }
      }
    `,
  ];

  /** The panel chosen, or the first that has something to draw. */
  get #curve(): StripCurve | undefined {
    const guided = this.curves.filter(({ scheme }) => scheme.guide !== null);
    return this.curves.find(({ panel }) => panel === this.chosen) ?? guided[0] ?? this.curves[0];
  }

  get #scale(): StripScale {
    return new StripScale(this.noiseLevels, this.steps);
  }

  /** Weights that the axis spans; one is always there, and above what is drawn some room. */
  get #span(): [number, number] {
    if (this.#held) return this.#held;
    const all = this.curves.flatMap(({ weights }) => [...(weights ?? [])]);
    const [low, high] = [Math.min(0, ...all), Math.max(2, ...all)];
    return [low, this.#drawn ? Math.ceil(1.2 * high) : high];
  }

  /** Whether the weight of the chosen panel is drawn by hand. */
  get #drawn(): boolean {
    const scheme = this.#curve?.scheme;
    return Boolean(scheme?.guide && drawnPoints(scheme) && this.#scale.known);
  }

  /** Pixels from the top to the axis, of a low window no more than a third. */
  get #height(): number {
    return this.#drawn && this.tall ? Math.max(Math.min(heights.tall, Math.round(innerHeight / 3)), heights.low) : heights.low;
  }

  #x(share: number): number {
    return margin.left + share * (this.width - margin.left - margin.right);
  }

  #y(weight: number): number {
    const [low, high] = this.#span;
    const height = this.#height;
    return height - margin.bottom - ((weight - low) / (high - low)) * (height - margin.top - margin.bottom);
  }

  protected override render() {
    const curve = this.#curve;
    return html`
      <div class="controls">
        <label>
          Weight <i>w</i> of
          <select aria-label="Panel whose weight can be drawn" @change=${this.#choosePanel}>
            ${this.curves.map(
              ({ panel, number, name }) => html`<option value=${panel} .selected=${panel === curve?.panel}>${number}: ${name}</option>`,
            )}
          </select>
        </label>
        ${curve?.scheme.guide ? this.#renderControls(curve) : html`<span>has no guide to weigh</span>`}
      </div>
      ${this.#renderPlot(curve)}
    `;
  }

  #renderControls({ scheme }: StripCurve) {
    const schedule = variantOf(catalogue.schedules, scheme.schedule as VariantValue);
    const drawn = drawnPoints(scheme);
    return html`
      <select aria-label="Schedule of the weight over time" @change=${this.#chooseSchedule}>
        ${catalogue.schedules.map(({ id, name }) => html`<option value=${id} .selected=${id === schedule.id}>${name}</option>`)}
      </select>
      ${
        drawn
          ? html`<button
            ?disabled=${!hasRoom(drawn, widestGap(drawn)[0])}
            @click=${() => this.#setPoints(insertPoint(drawn, widestGap(drawn)).points, true)}
          >
            Add a point
          </button>
          <button @click=${() => (this.tall = !this.tall)}>${this.tall ? 'Lower' : 'Taller'}</button>`
          : nothing
      }
      ${scheme.interval ? html`<button @click=${() => this.#edit({ interval: null }, true)}>Guide at all levels</button>` : nothing}
    `;
  }

  #renderPlot(curve: StripCurve | undefined) {
    const scale = this.#scale;
    const [height, drawn] = [this.#height, this.#drawn];
    const base = height - margin.bottom;
    const here = this.#x(scale.ofPosition(this.position));
    const step = Math.round(this.position);
    const level = this.noiseLevels[step];
    return html`
      <div
        class=${drawn ? 'plot drawn' : 'plot'}
        @pointerdown=${this.#press}
        @pointermove=${this.#drag}
        @pointerup=${this.#release}
        @pointercancel=${this.#release}
      >
        <svg viewBox="0 0 ${this.width} ${height + 20}" height=${height + 20} aria-hidden=${curve ? nothing : 'true'}>
          ${drawn ? svg`<rect class="canvas" width=${this.width} height=${base - trackReach} />` : nothing}
          ${this.#renderWeights()}
          <line class="track" x1=${this.#x(0)} x2=${this.#x(1)} y1=${base} y2=${base} />
          <line class="computed" x1=${this.#x(0)} x2=${this.#x(scale.ofPosition(this.computed))} y1=${base} y2=${base} />
          <line class="played" x1=${this.#x(0)} x2=${here} y1=${base} y2=${base} />
          <line class="clock" x1=${here} x2=${here} y1=${margin.top - 6} y2=${base} />
          ${this.#renderTicks(scale)} ${curve?.scheme.guide ? this.#renderHandles(curve, scale) : nothing}
        </svg>
        <div
          class="thumb"
          .style=${`left: ${here}px`}
          tabindex="0"
          role="slider"
          aria-label="Noise level"
          aria-valuemin="0"
          aria-valuemax=${this.steps}
          aria-valuenow=${step}
          aria-valuetext="sigma ${level === undefined ? 'not yet known' : formatSigma(level)}, step ${step} of ${this.steps}"
          @keydown=${this.#scrubByKey}
        ></div>
      </div>
    `;
  }

  #renderWeights() {
    const [low, high] = this.#span;
    const scale = this.#scale;
    const chosen = this.#curve?.panel;
    // The chosen one lies on top.
    const ordered = [...this.curves].sort((a, b) => Number(a.panel === chosen) - Number(b.panel === chosen));
    return svg`
      ${[...new Set([low, 1, high])].map(
        (weight) => svg`
          <line class="one" x1=${this.#x(0)} x2=${this.#x(1)} y1=${this.#y(weight)} y2=${this.#y(weight)} />
          <text class="end" x=${margin.left - 6} y=${this.#y(weight) + 4} aria-hidden="true">${formatWeight(weight)}</text>`,
      )}
      ${ordered.map(({ panel, number, weights }) => {
        if (!weights || !scale.known) return nothing;
        const corners = Array.from(weights, (weight, step) => `${this.#x(scale.ofPosition(step))},${this.#y(weight)}`);
        return svg`<polyline
          class=${panel === chosen ? 'chosen' : ''}
          stroke-dasharray=${dashes[(number - 1) % dashes.length]!}
          points=${corners.join(' ')}
        />`;
      })}`;
  }

  #renderTicks(scale: StripScale) {
    if (!scale.known) return nothing;
    const [high, low] = [this.noiseLevels[0]!, this.noiseLevels[this.steps - 1]!];
    let last = Infinity;
    const named = [0, ...ticks.filter((sigma) => sigma <= high * 1.001 && sigma >= low * 0.999).reverse()].filter((sigma) => {
      const x = this.#x(scale.ofSigma(sigma));
      if (last - x < tickGap) return false;
      last = x;
      return true;
    });
    return named.map(
      (sigma) =>
        svg`<text class="middle" x=${this.#x(scale.ofSigma(sigma))} y=${this.#height + 16} aria-hidden="true">${sigma === 0 ? 'σ = 0' : sigma}</text>`,
    );
  }

  #renderHandles({ scheme, number }: StripCurve, scale: StripScale) {
    if (!scale.known) return nothing;
    const [high, low] = this.#interval(scheme).map((sigma) => scale.ofSigma(sigma)) as [number, number];
    const grip = (kind: 'high' | 'low', name: string) => {
      const share = kind === 'high' ? high : low;
      const sigma = this.#interval(scheme)[kind === 'high' ? 0 : 1]!;
      return svg`<path
        class="handle grip"
        d="M${this.#x(share) - 5} 0h10v7l-5 6l-5 -6z"
        tabindex="0"
        role="slider"
        data-handle=${kind}
        aria-label="${name} noise level that panel ${number} is guided at"
        aria-valuemin="0"
        aria-valuemax=${this.noiseLevels[0]!}
        aria-valuenow=${sigma}
        aria-valuetext="sigma ${formatSigma(sigma)}"
        @keydown=${(event: KeyboardEvent) => this.#nudge(event, { kind })}
      />`;
    };
    return svg`
      ${
        scheme.interval
          ? svg`<rect class="shade" x=${this.#x(high)} width=${Math.max(this.#x(low) - this.#x(high), 0)} y=${margin.top} height=${this.#height - margin.top - margin.bottom} />`
          : nothing
      }
      ${grip('high', 'Highest')} ${grip('low', 'Lowest')}
      ${(drawnPoints(scheme) ?? []).map(
        ([u, f], index, all) => svg`<circle
          class="handle"
          cx=${this.#x(scale.ofTime(u))}
          cy=${this.#y(weightOf(scheme, f))}
          r="5"
          tabindex="0"
          role="slider"
          data-handle="point"
          aria-label="Point ${index + 1} of ${all.length} of panel ${number}"
          aria-valuemin=${this.#span[0]}
          aria-valuemax=${this.#span[1]}
          aria-valuenow=${weightOf(scheme, f)}
          aria-valuetext="weight ${formatDecimal(weightOf(scheme, f), 2)} at time ${formatDecimal(u, 2)}"
          @keydown=${(event: KeyboardEvent) => this.#nudge(event, { kind: 'point', index })}
        />`,
      )}`;
  }

  /** The highest and the lowest noise level that is guided. */
  #interval({ interval }: Scheme): [number, number] {
    return interval ? [interval.high, interval.low] : [this.noiseLevels[0]!, 0];
  }

  /** Where an event is: share of the axis, and height in pixels from the top. */
  #place(event: PointerEvent): [number, number] {
    const box = this.renderRoot.querySelector('svg')!.getBoundingClientRect();
    const inside = (event.clientX - box.left - margin.left) / (this.width - margin.left - margin.right);
    return [Math.min(Math.max(inside, 0), 1), event.clientY - box.top];
  }

  readonly #press = (event: PointerEvent) => {
    // A second finger changes nothing.
    if (event.button !== 0 || !event.isPrimary) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.#held = this.#span;
    this.#dragged = this.#nearest(event) ?? this.#beginStroke(event) ?? { kind: 'clock' };
    this.#drag(event);
  };

  #beginStroke(event: PointerEvent): Drag | null {
    const [share, top] = this.#place(event);
    if (!this.#drawn || top > this.#height - margin.bottom - trackReach) return null;
    const { scheme } = this.#curve!;
    return { kind: 'stroke', last: this.#pointAt(scheme, share, top), points: drawnPoints(scheme)! };
  }

  /** The point of a schedule that lies there. */
  #pointAt(scheme: Scheme, share: number, top: number): CurvePoint {
    return [this.#scale.timeAt(share), shapeOf(scheme, this.#weightAt(top))];
  }

  #nearest(event: PointerEvent): Handle | null {
    const handles = [...this.renderRoot.querySelectorAll<SVGElement>('.handle')];
    // Where the hand draws, it is to draw beside handles, too.
    const far = (event.pointerType === 'touch' ? 1.5 : 1) * (this.#drawn ? reach / 2 : reach);
    const distances = handles.map((handle) => {
      const box = handle.getBoundingClientRect();
      return Math.hypot(event.clientX - box.x - box.width / 2, event.clientY - box.y - box.height / 2);
    });
    const least = Math.min(...distances);
    if (!(least <= far)) return null;
    const handle = handles[distances.indexOf(least)]!;
    const kind = handle.dataset['handle'] as Handle['kind'];
    if (kind !== 'point') return { kind };
    return { kind, index: handles.filter((each) => each.dataset['handle'] === 'point').indexOf(handle) };
  }

  readonly #drag = (event: PointerEvent) => {
    const dragged = this.#dragged;
    if (!dragged || !event.isPrimary) return;
    const [share, top] = this.#place(event);
    if (dragged.kind === 'clock') this.dispatchEvent(new Scrub(this.#scale.stepAt(share)));
    else if (dragged.kind === 'stroke') {
      const point = this.#pointAt(this.#curve!.scheme, share, top);
      const points = simplify(drawStroke(dragged.points, dragged.last, point), this.#tolerance / 8);
      this.#dragged = { kind: 'stroke', last: point, points };
      this.#setPoints(points, false);
    } else if (event.type === 'pointermove') this.#move(dragged, share, this.#weightAt(top), false);
  };

  readonly #release = () => {
    const [dragged, curve] = [this.#dragged, this.#curve];
    if (dragged?.kind === 'stroke') this.#setPoints(simplify(dragged.points, this.#tolerance), true);
    else if (dragged && dragged.kind !== 'clock' && curve) this.dispatchEvent(new StripEdit(curve.panel, curve.scheme, true));
    this.#dragged = null;
    this.#held = null;
    this.requestUpdate();
  };

  /** A pixel, in heights of the chosen panel's schedule. */
  get #tolerance(): number {
    const { scheme } = this.#curve!;
    return Math.abs(shapeOf(scheme, this.#weightAt(margin.top)) - shapeOf(scheme, this.#weightAt(margin.top + 1)));
  }

  #weightAt(top: number): number {
    const [low, high] = this.#span;
    const height = this.#height;
    const share = (height - margin.bottom - top) / (height - margin.top - margin.bottom);
    return Math.min(Math.max(low + share * (high - low), low), high);
  }

  /** Moves what is dragged to a place of the axis, and a point to a weight. */
  #move(handle: Handle, share: number, weight: number, settled: boolean) {
    const { scheme } = this.#curve!;
    const scale = this.#scale;
    if (handle.kind === 'point') {
      const moved = movePoint(drawnPoints(scheme)!, handle.index, [scale.timeAt(share), shapeOf(scheme, weight)]);
      return this.#setPoints(moved, settled);
    }
    const sigma = Number(scale.sigmaAt(share).toPrecision(3));
    const [high, low] = this.#interval(scheme);
    const [top] = this.noiseLevels;
    const next = handle.kind === 'high' ? { high: Math.max(sigma, low), low } : { high, low: Math.min(sigma, high) };
    if (share <= 0 && handle.kind === 'high') next.high = top!;
    // An interval of nothing is none that the core takes.
    if (next.high <= next.low) return;
    this.#edit({ interval: next.low === 0 && next.high >= top! ? null : next }, settled);
  }

  #nudge(event: KeyboardEvent, handle: Handle) {
    const { scheme } = this.#curve!;
    const drawn = drawnPoints(scheme);
    if (handle.kind === 'point' && drawn && (event.key === 'Delete' || event.key === 'Backspace')) {
      event.preventDefault();
      return drawn.length > 1 ? this.#setPoints(drawn.toSpliced(handle.index, 1), true) : undefined;
    }
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!step) return;
    event.preventDefault();
    const scale = this.#scale;
    const point = handle.kind === 'point' ? drawn![handle.index]! : null;
    const sigma = handle.kind === 'high' ? this.#interval(scheme)[0] : this.#interval(scheme)[1];
    const share = point ? scale.ofTime(point[0]) : scale.ofSigma(sigma);
    const weight = point ? weightOf(scheme, point[1]) : 0;
    // Along the axis, arrows up and down move the ends of the interval too.
    const along = point ? step[0]! : step[0]! + step[1]!;
    const next = Math.min(Math.max(share + along * stride.share, 0), 1);
    this.#move(handle, next, weight + step[1]! * stride.weight, true);
  }

  readonly #scrubByKey = (event: KeyboardEvent) => {
    const step = Math.round(this.position);
    const page = Math.max(Math.round(this.steps / 8), 1);
    const to: Record<string, number> = {
      ArrowLeft: step - 1,
      ArrowDown: step - 1,
      ArrowRight: step + 1,
      ArrowUp: step + 1,
      PageDown: step - page,
      PageUp: step + page,
      Home: 0,
      End: this.steps,
    };
    const wanted = to[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    this.dispatchEvent(new Scrub(Math.min(Math.max(wanted, 0), this.steps)));
  };

  readonly #choosePanel = ({ target }: Event) => {
    this.chosen = Number((target as HTMLSelectElement).value);
  };

  readonly #chooseSchedule = ({ target }: Event) => {
    const { value } = catalogue.schedules.find(({ id }) => id === (target as HTMLSelectElement).value)!;
    this.tall = true;
    this.#edit({ schedule: value as Scheme['schedule'] }, true);
  };

  #setPoints(to: CurvePoint[], settled: boolean) {
    this.#edit({ schedule: { curve: { points: to } } as Scheme['schedule'] }, settled);
  }

  #edit(change: Partial<Scheme>, settled: boolean) {
    const { panel, scheme } = this.#curve!;
    this.dispatchEvent(new StripEdit(panel, { ...scheme, ...change }, settled));
  }
}

function drawnPoints({ schedule }: Scheme): CurvePoint[] | null {
  return typeof schedule === 'object' && 'curve' in schedule ? (schedule.curve.points as CurvePoint[]) : null;
}

/** The weight where the schedule has this height, as the scheme reads it. */
function weightOf({ reading, weight }: Scheme, height: number): number {
  return reading === 'raw' ? weight * height : 1 + (weight - 1) * height;
}

/** The height of the schedule for a weight; where the scheme's own weight makes no difference, what it would be for 2. */
function shapeOf({ reading, weight }: Scheme, wanted: number): number {
  if (reading === 'raw') return wanted / (weight || 1);
  return (wanted - 1) / (weight - 1 || 1);
}

function formatWeight(weight: number): string {
  return formatDecimal(weight, Number.isInteger(weight) ? 0 : 1);
}
