// A drawn schedule: points in time, joined by straight lines.

/** A time from 0 to 1, and the curve's height there. */
export type CurvePoint = [number, number];

/** As many as the core takes. */
export const mostPoints = 64;
/** Least distance of two points in time. */
const gap = 0.01;

const rounded = (value: number) => Math.round(value * 1000) / 1000;

/** A point moved, as far as its neighbours in time let it. */
export function movePoint(points: CurvePoint[], index: number, [u, f]: CurvePoint): CurvePoint[] {
  const before = index === 0 ? 0 : points[index - 1]![0] + gap;
  const after = index === points.length - 1 ? 1 : points[index + 1]![0] - gap;
  return points.with(index, [rounded(Math.min(Math.max(u, before), Math.max(after, before))), rounded(f)]);
}

/** Whether there is room for one more at a time. */
export function hasRoom(points: CurvePoint[], u: number): boolean {
  return points.length < mostPoints && points.every((point) => Math.abs(point[0] - u) >= gap);
}

/** Another point where it belongs in time, and its index. */
export function insertPoint(points: CurvePoint[], [u, f]: CurvePoint): { points: CurvePoint[]; index: number } {
  const index = points.filter((point) => point[0] < u).length;
  return { points: points.toSpliced(index, 0, [rounded(u), rounded(f)]), index };
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

/** The middle of the curve's widest stretch without a point. */
export function widestGap(points: CurvePoint[]): CurvePoint {
  const times = [0, ...points.map(([u]) => u), 1];
  const widths = times.slice(1).map((u, index) => u - times[index]!);
  const widest = widths.indexOf(Math.max(...widths));
  const [before, after] = [points[widest - 1] ?? points[0]!, points[widest] ?? points.at(-1)!];
  return [(times[widest]! + times[widest + 1]!) / 2, (before[1] + after[1]) / 2];
}
