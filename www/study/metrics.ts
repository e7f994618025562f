// What came of a run: its metrics as columns, and beside a perfect sampler's.
import type { Floor } from '../../pkg/guidance_playground.js';
import type { LabTypes } from '../engine/backend.js';
import type { Sampled } from '../engine/hidden-runs.js';
import type { Metric } from '../text/metrics.js';

/** What came of a run, and all that is needed to make it again. */
export interface Result<Of extends LabTypes = LabTypes> extends Sampled<Of['metrics']> {
  config: Of['config'];
}

/** A metric of a run. */
export interface Measured {
  value: number;
  standardError: number;
  /** What a perfect sampler's is. */
  floor: Floor;
}

/** What stands for a metric that the samples say nothing about. */
const absent: Measured = { value: NaN, standardError: NaN, floor: { mean: NaN, spread: NaN } };

/** A metric of any lab's, by its name; of NaN where the samples say nothing about it. */
export function measured(metrics: object, id: string): Measured {
  return (metrics as Record<string, Measured | null>)[id] ?? absent;
}

/** Metrics as CSV and JSON hold them, by column. */
export function columnsOf(all: readonly Metric[], metrics: object): Record<string, number> {
  const columns = all.flatMap(({ id }) => {
    const { value, standardError, floor } = measured(metrics, id);
    return [
      [id, value],
      [`${id}.standardError`, standardError],
      [`${id}.floorMean`, floor.mean],
      [`${id}.floorSpread`, floor.spread],
    ] as const;
  });
  return Object.fromEntries(columns);
}

/** Seeds of a spread, the run's own among them. */
export const seedCount = 5;

/** How many of the floor's standard deviations a perfect sampler's metric may well be off: it is farther off one time in 22. */
export const floorWidth = 2;

export type Standing = 'within' | 'above' | 'below';

/** Whether a metric can be told from a perfect sampler's, and on which side of it it is. */
export function standing(value: number, { mean, spread }: Floor): Standing {
  if (Math.abs(value - mean) <= floorWidth * spread) return 'within';
  return value > mean ? 'above' : 'below';
}
