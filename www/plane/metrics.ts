// What is measured on the plane, and how it is told.
import type { LabMetrics } from '../lab/metrics.js';
import { columnsOf } from '../study/metrics.js';
import { describeLost, lostOf, meaningOfLost } from '../text/lost.js';
import { allMetrics, mainMetrics } from '../text/metrics.js';
import { summarise } from '../text/summary.js';
import type { PlaneKinds } from './state/kinds.js';

export const planeMetrics: LabMetrics<PlaneKinds> = {
  main: mainMetrics,
  all: allMetrics,
  axes: { across: 'outliers', up: 'effectiveBranches' },
  describeLost,
  meaningOfLost,
  meaningOfFewer: 'Not all have the same number of particles: with fewer, branches look less evenly visited.',
  summarise: (choice, { scheme }, metrics) => summarise(choice, scheme, metrics),
  columns: ({ config: { scheme, seed, particles, distribution }, metrics, evaluations, milliseconds, engine }) => ({
    engine,
    distribution,
    seed,
    particles,
    lost: lostOf(metrics),
    steps: scheme.levels.steps,
    ...columnsOf(allMetrics, metrics),
    evaluationsPerParticle: evaluations,
    milliseconds,
    scheme,
  }),
};
