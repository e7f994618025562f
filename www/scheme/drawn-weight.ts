// A weight that is drawn by hand: the points of its schedule, and their heights as weights.
import type { CurvePoint } from './curve.js';
import type { Scheme } from './scheme.js';

/** Null where the weight's schedule is another. */
export function drawnPoints({ schedule }: Scheme): CurvePoint[] | null {
  return typeof schedule === 'object' && 'curve' in schedule ? (schedule.curve.points as CurvePoint[]) : null;
}

/** The weight where the schedule has this height, as the scheme reads it. */
export function weightOf({ reading, weight }: Scheme, height: number): number {
  return reading === 'raw' ? weight * height : 1 + (weight - 1) * height;
}

/** The height of the schedule for a weight; where the scheme's own weight makes no difference, what it would be for 2. */
export function shapeOf({ reading, weight }: Scheme, wanted: number): number {
  if (reading === 'raw') return wanted / (weight || 1);
  return (wanted - 1) / (weight - 1 || 1);
}
