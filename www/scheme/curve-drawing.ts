// A drawn schedule under a hand: points that are moved, and strokes.
import { gap, mostPoints, rounded, type CurvePoint } from './curve.js';

/** A point moved, as far as its neighbours in time let it. */
export function movePoint(points: CurvePoint[], index: number, [u, f]: CurvePoint): CurvePoint[] {
  const before = index === 0 ? 0 : points[index - 1]![0] + gap;
  const after = index === points.length - 1 ? 1 : points[index + 1]![0] - gap;
  return points.with(index, [rounded(Math.min(Math.max(u, before), Math.max(after, before))), rounded(f)]);
}

/** The curve's height at a time: on straight lines between its points, and level beyond them. */
export function heightAt(points: CurvePoint[], u: number): number {
  const next = points.findIndex((point) => point[0] >= u);
  if (next <= 0) return points.at(next)![1];
  const [[from, low], [to, high]] = [points[next - 1]!, points[next]!];
  return low + ((u - from) / (to - from)) * (high - low);
}

/** The curve with a straight stroke from one place to another in what was there; to its left and right it stays. */
export function drawStroke(points: CurvePoint[], from: CurvePoint, to: CurvePoint): CurvePoint[] {
  const [left, right] = from[0] <= to[0] ? [from, to] : [to, from];
  // Of a stroke narrower than the gap, where the pen is now counts.
  const stroke = right[0] - left[0] < gap ? [to] : [left, right];
  const [begin, end] = [stroke[0]![0] - gap, stroke.at(-1)![0] + gap];
  const around = (u: number): CurvePoint[] => (u > 0 && u < 1 ? [[u, heightAt(points, u)]] : []);
  return [
    ...points.filter(([u]) => u <= begin - gap),
    ...around(begin),
    ...stroke,
    ...around(end),
    ...points.filter(([u]) => u >= end + gap),
  ].map(([u, f]): CurvePoint => [rounded(u), rounded(f)]);
}

/** The curve with as few of its points as keep it within a tolerance in height; a greater one where those are too many. */
export function simplify(points: CurvePoint[], tolerance: number): CurvePoint[] {
  const kept = [...bends(points, tolerance), points.at(-1)!];
  return kept.length <= mostPoints ? kept : simplify(points, 2 * tolerance);
}

/** Douglas and Peucker's choice of points, but for the last. */
function bends(points: CurvePoint[], tolerance: number): CurvePoint[] {
  const ends = [points[0]!, points.at(-1)!];
  const apart = points.map(([u, f], index) => (index === 0 || index === points.length - 1 ? 0 : Math.abs(f - heightAt(ends, u))));
  const most = Math.max(...apart);
  const bend = apart.indexOf(most);
  if (most <= tolerance) return points.length > 1 ? [points[0]!] : [];
  return [...bends(points.slice(0, bend + 1), tolerance), ...bends(points.slice(bend), tolerance)];
}
