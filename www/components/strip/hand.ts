// A hand on the strip: it moves a handle or the clock, or draws the weight. Fetched when one comes near.
import type { CurvePoint } from '../../scheme/curve.js';
import { drawStroke, simplify } from '../../scheme/curve-drawing.js';
import { drawnPoints, shapeOf } from '../../scheme/drawn-weight.js';
import type { Scheme } from '../../scheme/scheme.js';
import { drawnThrough, type Handle } from './handles.js';
import { move, nudge } from './moving.js';
import { margin, trackReach, type Plot } from './plot.js';

/** Pixels within which a press means a handle. */
const reach = 14;

/** What is dragged; of a stroke where the pointer was, and the curve so far. */
type Drag = Handle | { kind: 'clock' } | { kind: 'stroke'; last: CurvePoint; points: CurvePoint[] };

/** The strip as a hand knows it. */
export interface Strip {
  readonly renderRoot: ParentNode;
  readonly plot: Plot;
  /** Of the panel whose weight can be changed. */
  readonly scheme: Scheme | undefined;
  /** Whether its weight is drawn by hand. */
  readonly drawn: boolean;
  /** The first noise level. */
  readonly top: number;
  scrub(position: number): void;
  /** Null where nothing more changes. */
  edit(change: Partial<Scheme> | null, settled: boolean): void;
  requestUpdate(): void;
}

export class Hand {
  #dragged: Drag | null = null;
  /** The axis of weights stands still while something is dragged on it. */
  span: [number, number] | null = null;

  constructor(private readonly strip: Strip) {}

  hear(event: PointerEvent): void {
    if (event.type === 'pointerdown') this.#press(event);
    else if (event.type === 'pointermove') this.#drag(event);
    else this.#release();
  }

  /** What a key does to a handle. */
  nudge(handle: Handle, key: string): void {
    const { scheme, plot, top } = this.strip;
    const change = scheme && nudge(scheme, handle, plot, top, key);
    if (change) this.strip.edit(change, true);
  }

  #press(event: PointerEvent): void {
    // A second finger changes nothing.
    if (event.button !== 0 || !event.isPrimary) return;
    this.span = this.strip.plot.span;
    this.#dragged = this.#nearest(event) ?? this.#beginStroke(event) ?? { kind: 'clock' };
    this.#drag(event);
  }

  #drag(event: PointerEvent): void {
    const dragged = this.#dragged;
    if (!dragged || !event.isPrimary) return;
    const { plot, scheme, top } = this.strip;
    const [share, y] = this.#place(event);
    if (dragged.kind === 'clock') this.strip.scrub(plot.scale.stepAt(share));
    else if (dragged.kind === 'stroke') {
      const point = this.#pointAt(share, y);
      const points = simplify(drawStroke(dragged.points, dragged.last, point), this.#tolerance / 8);
      this.#dragged = { kind: 'stroke', last: point, points };
      this.strip.edit(drawnThrough(points), false);
    } else if (event.type === 'pointermove') {
      const change = move(scheme!, dragged, plot, top, share, plot.weightAt(y));
      if (change) this.strip.edit(change, false);
    }
  }

  #release(): void {
    const dragged = this.#dragged;
    if (dragged?.kind === 'stroke') this.strip.edit(drawnThrough(simplify(dragged.points, this.#tolerance)), true);
    else if (dragged && dragged.kind !== 'clock' && this.strip.scheme) this.strip.edit(null, true);
    this.#dragged = null;
    this.span = null;
    this.strip.requestUpdate();
  }

  /** Where an event is: share of the axis, and pixels from the top. */
  #place(event: PointerEvent): [number, number] {
    const box = this.strip.renderRoot.querySelector('svg')!.getBoundingClientRect();
    return [this.strip.plot.shareAt(event.clientX - box.left), event.clientY - box.top];
  }

  #nearest(event: PointerEvent): Handle | null {
    const handles = [...this.strip.renderRoot.querySelectorAll<SVGElement>('.handle')];
    // Where the hand draws, it is to draw beside handles, too.
    const far = (event.pointerType === 'touch' ? 1.5 : 1) * (this.strip.drawn ? reach / 2 : reach);
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

  #beginStroke(event: PointerEvent): Drag | null {
    const { drawn, plot, scheme } = this.strip;
    const [share, y] = this.#place(event);
    if (!drawn || y > plot.base - trackReach) return null;
    return { kind: 'stroke', last: this.#pointAt(share, y), points: drawnPoints(scheme!)! };
  }

  /** The point of the schedule that lies there. */
  #pointAt(share: number, y: number): CurvePoint {
    const { plot, scheme } = this.strip;
    return [plot.scale.timeAt(share), shapeOf(scheme!, plot.weightAt(y))];
  }

  /** A pixel, in heights of the schedule. */
  get #tolerance(): number {
    const { plot, scheme } = this.strip;
    return Math.abs(shapeOf(scheme!, plot.weightAt(margin.top)) - shapeOf(scheme!, plot.weightAt(margin.top + 1)));
  }
}
