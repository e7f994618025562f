// Which part of the plane is seen, and where it lands on the canvas.
import type { View } from '../../../pkg/guidance_playground.js';

/** How much larger things are than in the overview, which is a square. */
export function magnification({ halfWidth, halfHeight }: View, overview: View): number {
  return overview.halfWidth / Math.max(halfWidth, halfHeight);
}

/** Standard deviations of the noise that the view takes in. */
const noiseSeen = 2.4;

/** The overview, widened so that particles at this noise level are in sight. */
export function followNoise(overview: View, sigma: number): View {
  const widening = Math.hypot(overview.halfWidth, noiseSeen * sigma) / overview.halfWidth;
  return {
    ...overview,
    halfWidth: overview.halfWidth * widening,
    halfHeight: overview.halfHeight * widening,
  };
}

/** The noise level at a position of the clock, between two levels too. */
export function sigmaAt(noiseLevels: Float64Array, position: number): number {
  const before = Math.min(Math.floor(position), noiseLevels.length - 1);
  const after = Math.min(before + 1, noiseLevels.length - 1);
  const here = noiseLevels[before] ?? 0;
  return here + (position - before) * ((noiseLevels[after] ?? 0) - here);
}

/** Canvas pixels = scale * data + offset; y points down on a canvas. */
export interface Transform {
  scale: number;
  x: number;
  y: number;
}

/** Fits the whole view into the canvas, at one scale for both axes. */
export function fitView(view: View, width: number, height: number): Transform {
  const scale = Math.min(width / (2 * view.halfWidth), height / (2 * view.halfHeight));
  return { scale, x: width / 2 - scale * view.x, y: height / 2 + scale * view.y };
}

/** From a picture of one part of the plane to a picture of another, of another size. */
export function changeOf(from: { view: View; side: number }, to: { view: View; side: number }): Transform {
  const [before, after] = [fitView(from.view, from.side, from.side), fitView(to.view, to.side, to.side)];
  const scale = after.scale / before.scale;
  return { scale, x: after.x - scale * before.x, y: after.y - scale * before.y };
}

/** From this magnification on, outlines of everything are too coarse. */
const closeFrom = 2;
/** Half the side of a part looked at closely, in halves of the view that it is for: pictures may move a little. */
const margin = 1.5;

/** The square to outline closely for a view at rest, unless one of those `there` serves it or it is not close. */
export function closePart(view: View, magnification: number, there: readonly View[]): View | null {
  if (magnification < closeFrom) return null;
  const half = margin * Math.max(view.halfWidth, view.halfHeight);
  if (there.some((part) => contains(part, view) && part.halfWidth < 2 * half)) return null;
  return { x: view.x, y: view.y, halfWidth: half, halfHeight: half };
}

export function isSameView(one: View, other: View): boolean {
  return (['x', 'y', 'halfWidth', 'halfHeight'] as const).every((of) => one[of] === other[of]);
}

/** Whether all of a view lies inside of a part. */
export function contains(part: View, { x, y, halfWidth, halfHeight }: View): boolean {
  return Math.abs(part.x - x) + halfWidth <= part.halfWidth && Math.abs(part.y - y) + halfHeight <= part.halfHeight;
}
