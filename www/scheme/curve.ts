// A drawn schedule: points in time, joined by straight lines.

/** A time from 0 to 1, and the curve's height there. */
export type CurvePoint = [number, number];

/** As many as the core takes. */
export const mostPoints = 64;
/** Least distance of two points in time. */
export const gap = 0.01;

export const rounded = (value: number) => Math.round(value * 1000) / 1000;

/** Whether there is room for one more at a time. */
export function hasRoom(points: CurvePoint[], u: number): boolean {
  return points.length < mostPoints && points.every((point) => Math.abs(point[0] - u) >= gap);
}

/** Another point where it belongs in time, and its index. */
export function insertPoint(points: CurvePoint[], [u, f]: CurvePoint): { points: CurvePoint[]; index: number } {
  const index = points.filter((point) => point[0] < u).length;
  return { points: points.toSpliced(index, 0, [rounded(u), rounded(f)]), index };
}

/** The middle of the curve's widest stretch without a point. */
export function widestGap(points: CurvePoint[]): CurvePoint {
  const times = [0, ...points.map(([u]) => u), 1];
  const widths = times.slice(1).map((u, index) => u - times[index]!);
  const widest = widths.indexOf(Math.max(...widths));
  const [before, after] = [points[widest - 1] ?? points[0]!, points[widest] ?? points.at(-1)!];
  return [(times[widest]! + times[widest + 1]!) / 2, (before[1] + after[1]) / 2];
}
