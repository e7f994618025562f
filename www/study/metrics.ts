// What came of a run: its metrics as columns, and beside a perfect sampler's.
import type { Floor, Metrics } from '../../pkg/guidance_playground.js';
import type { Sampled } from '../engine/hidden-runs.js';
import type { RunConfig } from '../scheme/scheme.js';
import { lostOf } from '../text/lost.js';
import { allMetrics } from '../text/metrics.js';

/** What came of a run, and all that is needed to make it again. */
export interface Result extends Sampled<Metrics> {
  config: RunConfig;
}

/** A result as CSV and JSON hold it, by column. */
export function columnsOf({ config: { scheme, seed, particles, distribution }, metrics, evaluations, milliseconds, engine }: Result) {
  const measured = allMetrics.flatMap(({ id }) => {
    const { value, standardError, floor } = metrics[id];
    return [
      [id, value],
      [`${id}.standardError`, standardError],
      [`${id}.floorMean`, floor.mean],
      [`${id}.floorSpread`, floor.spread],
    ] as const;
  });
  return {
    engine,
    distribution,
    seed,
    particles,
    lost: lostOf(metrics),
    steps: scheme.levels.steps,
    ...(Object.fromEntries(measured) as Record<string, number>),
    evaluationsPerParticle: evaluations,
    milliseconds,
    scheme,
  };
}

/** How many of the floor's standard deviations a perfect sampler's metric may well be off: it is farther off one time in 22. */
export const floorWidth = 2;

export type Standing = 'within' | 'above' | 'below';

/** Whether a metric can be told from a perfect sampler's, and on which side of it it is. */
export function standing(value: number, { mean, spread }: Floor): Standing {
  if (Math.abs(value - mean) <= floorWidth * spread) return 'within';
  return value > mean ? 'above' : 'below';
}
