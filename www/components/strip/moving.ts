// What becomes of a scheme by moving a handle of the strip.
import { movePoint } from '../../scheme/curve-drawing.js';
import { drawnPoints, shapeOf, weightOf } from '../../scheme/drawn-weight.js';
import type { Scheme } from '../../scheme/scheme.js';
import { drawnThrough, intervalOf, type Handle } from './handles.js';
import type { Plot } from './plot.js';

/** What keys move a handle by. */
const stride = { share: 0.01, weight: 0.05 };

/** A handle at a share of the axis, and a point at a weight; null where that cannot be. */
export function move(scheme: Scheme, handle: Handle, { scale }: Plot, top: number, share: number, weight: number): Partial<Scheme> | null {
  if (handle.kind === 'point') {
    return drawnThrough(movePoint(drawnPoints(scheme)!, handle.index, [scale.timeAt(share), shapeOf(scheme, weight)]));
  }
  const sigma = Number(scale.sigmaAt(share).toPrecision(3));
  const [high, low] = intervalOf(scheme, top);
  const next = handle.kind === 'high' ? { high: Math.max(sigma, low), low } : { high, low: Math.min(sigma, high) };
  if (share <= 0 && handle.kind === 'high') next.high = top;
  // An interval of nothing is none that the core takes.
  if (next.high <= next.low) return null;
  return { interval: next.low === 0 && next.high >= top ? null : next };
}

/** What a key does to a handle; null where that cannot be, undefined where the key does nothing. */
export function nudge(scheme: Scheme, handle: Handle, plot: Plot, top: number, key: string): Partial<Scheme> | null | undefined {
  const drawn = drawnPoints(scheme);
  if (handle.kind === 'point' && drawn && (key === 'Delete' || key === 'Backspace')) {
    return drawn.length > 1 ? drawnThrough(drawn.toSpliced(handle.index, 1)) : null;
  }
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[key];
  if (!step) return undefined;
  const { scale } = plot;
  const point = handle.kind === 'point' ? drawn![handle.index]! : null;
  const [high, low] = intervalOf(scheme, top);
  const share = point ? scale.ofTime(point[0]) : scale.ofSigma(handle.kind === 'high' ? high : low);
  const weight = point ? weightOf(scheme, point[1]) : 0;
  // Along the axis, arrows up and down move the ends of the interval too.
  const along = point ? step[0]! : step[0]! + step[1]!;
  const next = Math.min(Math.max(share + along * stride.share, 0), 1);
  return move(scheme, handle, plot, top, next, weight + step[1]! * stride.weight);
}
