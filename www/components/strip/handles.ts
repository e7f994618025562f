// What can be dragged on the strip, or moved by keys.
import type { CurvePoint } from '../../scheme/curve.js';
import type { Scheme } from '../../scheme/scheme.js';

/** A point of the drawn curve, or an end of the interval. */
export type Handle = { kind: 'point'; index: number } | { kind: 'low' } | { kind: 'high' };

/** The highest and the lowest noise level that is guided, where the run begins at `top`. */
export function intervalOf({ interval }: Scheme, top: number): [number, number] {
  return interval ? [interval.high, interval.low] : [top, 0];
}

/** With a weight that is drawn through these points. */
export function drawnThrough(points: CurvePoint[]): Partial<Scheme> {
  return { schedule: { curve: { points } } as Scheme['schedule'] };
}
