import { LitElement, css, html, svg } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { hasRoom, insertPoint, mostPoints, widestGap, type CurvePoint } from '../scheme/curve.js';
import { movePoint } from '../scheme/curve-drawing.js';
import { controls } from '../styles/controls.js';
import { formatDecimal } from '../text/format.js';

/** Other points; `settled` is false while the hand still drags. */
export class CurveChange extends Event {
  constructor(
    readonly points: CurvePoint[],
    readonly settled: boolean,
  ) {
    super('curve-change');
  }
}

const stride = { time: 0.01, height: 0.05 };
/** The drawing, in its own units. */
const width = 320;
const height = 104;
const margin = { left: 22, other: 10 };
/** Pixels on the screen within which a press means a point. */
const reach = 16;

const clamp = (value: number, least: number, greatest: number) => Math.min(Math.max(value, least), greatest);

/** A curve to be drawn: drag a point, press beside one for another, or use the arrow keys. */
@customElement('gp-curve-field')
export class CurveField extends LitElement {
  @property({ attribute: false }) points: CurvePoint[] = [];
  @state() private chosen = 0;
  #dragged: number | null = null;

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        margin-top: var(--space-1);
      }

      svg {
        display: block;
        width: 100%;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
        touch-action: none;
        cursor: crosshair;
      }

      line {
        stroke: var(--line);
        stroke-width: 1;
      }

      text {
        fill: var(--ink-soft);
        font-size: 10px;
        text-anchor: end;
      }

      polyline {
        fill: none;
        stroke: var(--ink);
        stroke-width: 1.5;
        stroke-linejoin: round;
      }

      circle {
        fill: var(--ink);
        stroke: var(--surface);
        stroke-width: 1.5;
        cursor: grab;
      }

      circle:focus-visible {
        outline: none;
        stroke: var(--focus);
        stroke-width: 3;
      }

      circle.chosen {
        fill: var(--accent);
      }

      .exact {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-2);
        align-items: center;
        margin-top: var(--space-1);
      }

      .exact input {
        width: 4.25rem;
      }
    `,
  ];

  /** The heights that the drawing spans. */
  get #span(): [number, number] {
    const heights = this.points.map(([, f]) => f);
    return [Math.min(0, Math.floor(Math.min(...heights))), Math.max(2, Math.ceil(Math.max(...heights)))];
  }

  protected override render() {
    const [low, high] = this.#span;
    const x = (u: number) => margin.left + u * (width - margin.left - margin.other);
    const y = (f: number) => height - margin.other - ((f - low) / (high - low)) * (height - 2 * margin.other);
    const ends = [[0, this.points[0]![1]], ...this.points, [1, this.points.at(-1)![1]]] as CurvePoint[];
    const chosen = Math.min(this.chosen, this.points.length - 1);
    const [u, f] = this.points[chosen]!;
    return html`
      <svg
        viewBox="0 0 ${width} ${height}"
        role="group"
        aria-label="The curve, over the time of sampling"
        @pointerdown=${this.#press}
        @pointermove=${this.#drag}
        @pointerup=${this.#release}
        @pointercancel=${this.#release}
      >
        ${[...new Set([low, 0, 1, high])].map(
          (level) => svg`
            <line x1=${x(0)} x2=${x(1)} y1=${y(level)} y2=${y(level)} />
            <text x=${margin.left - 9} y=${y(level) + 3} aria-hidden="true">${level}</text>`,
        )}
        <polyline points=${ends.map(([u, f]) => `${x(u)},${y(f)}`).join(' ')} />
        ${this.points.map(
          ([u, f], index) => svg`<circle
            class=${index === chosen ? 'chosen' : ''}
            cx=${x(u)}
            cy=${y(f)}
            r="5"
            tabindex="0"
            role="slider"
            aria-label="Point ${index + 1} of ${this.points.length}"
            aria-valuemin=${low}
            aria-valuemax=${high}
            aria-valuenow=${f}
            aria-valuetext="height ${formatDecimal(f, 2)} at time ${formatDecimal(u, 2)}"
            @focus=${() => (this.chosen = index)}
            @keydown=${(event: KeyboardEvent) => this.#key(event, index)}
          />`,
        )}
      </svg>
      <div class="exact">
        <label for="time"><span class="visually-hidden">Time</span> <i>u</i></label>
        <input id="time" type="number" min="0" max="1" step=${stride.time} .value=${live(String(u))} @change=${this.#type(0)} />
        <label for="height"><span class="visually-hidden">Height</span> <i>f</i></label>
        <input id="height" type="number" step=${stride.height} .value=${live(String(f))} @change=${this.#type(1)} />
        <button aria-label="Add a point" ?disabled=${this.points.length >= mostPoints} @click=${() => this.#add(widestGap(this.points), true)}>Add</button>
        <button aria-label="Remove the point" ?disabled=${this.points.length === 1} @click=${() => this.#remove(chosen)}>Remove</button>
      </div>
    `;
  }

  #move(index: number, point: CurvePoint, settled: boolean) {
    this.#send(movePoint(this.points, index, point), settled);
  }

  #send(points: CurvePoint[], settled: boolean) {
    this.points = points;
    this.dispatchEvent(new CurveChange(points, settled));
  }

  #add(point: CurvePoint, settled: boolean): number {
    const { points, index } = insertPoint(this.points, point);
    this.#send(points, settled);
    this.chosen = index;
    return index;
  }

  #remove(index: number) {
    if (this.points.length === 1) return;
    this.#send(this.points.toSpliced(index, 1), true);
    this.chosen = Math.max(index - 1, 0);
    void this.updateComplete.then(() => this.renderRoot.querySelectorAll('circle')[this.chosen]?.focus());
  }

  #at(event: PointerEvent): CurvePoint {
    const box = this.renderRoot.querySelector('svg')!.getBoundingClientRect();
    const [low, high] = this.#span;
    const right = ((event.clientX - box.left) / box.width) * width - margin.left;
    const above = height - margin.other - ((event.clientY - box.top) / box.height) * height;
    const u = right / (width - margin.left - margin.other);
    const f = low + (above / (height - 2 * margin.other)) * (high - low);
    return [clamp(u, 0, 1), clamp(f, low, high)];
  }

  readonly #press = (event: PointerEvent) => {
    const circles = [...this.renderRoot.querySelectorAll('circle')];
    const distances = circles.map((circle) => {
      const box = circle.getBoundingClientRect();
      return Math.hypot(event.clientX - box.x - box.width / 2, event.clientY - box.y - box.height / 2);
    });
    const nearest = distances.indexOf(Math.min(...distances));
    const point = this.#at(event);
    const isNew = distances[nearest]! > reach && hasRoom(this.points, point[0]);
    this.#dragged = isNew ? this.#add(point, false) : nearest;
    this.chosen = this.#dragged;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
  };

  readonly #drag = (event: PointerEvent) => {
    if (this.#dragged !== null) this.#move(this.#dragged, this.#at(event), false);
  };

  readonly #release = () => {
    if (this.#dragged === null) return;
    this.#dragged = null;
    this.#send(this.points, true);
  };

  #key(event: KeyboardEvent, index: number) {
    const [u, f] = this.points[index]!;
    const steps: Record<string, CurvePoint> = {
      ArrowLeft: [-stride.time, 0],
      ArrowRight: [stride.time, 0],
      ArrowUp: [0, stride.height],
      ArrowDown: [0, -stride.height],
    };
    const step = steps[event.key];
    if (step) this.#move(index, [u + step[0], f + step[1]], true);
    else if (event.key === 'Delete' || event.key === 'Backspace') this.#remove(index);
    else return;
    event.preventDefault();
  }

  #type(coordinate: 0 | 1) {
    return ({ target }: Event) => {
      const value = (target as HTMLInputElement).valueAsNumber;
      if (Number.isNaN(value)) return this.requestUpdate();
      const index = Math.min(this.chosen, this.points.length - 1);
      const point = this.points[index]!.with(coordinate, value) as CurvePoint;
      // What no curve can have is for the core to say.
      const points = this.points.with(index, point).sort((one, other) => one[0] - other[0]);
      this.chosen = points.indexOf(point);
      this.#send(points, true);
    };
  }
}
