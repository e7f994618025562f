// The metrics of a run, in the order in which the page shows them: what they are called, mean and look like.
import type { Estimate, Floor, PerMetric } from '../../pkg/guidance_playground.js';
import type { TermName } from '../text/glossary.js';
import type { Sampled } from '../engine/hidden-runs.js';
import type { RunConfig } from '../scheme/scheme.js';
import { formatDecimal, formatShare, formatSigned } from '../text/format.js';
import { lostOf } from '../text/lost.js';

export interface Metric {
  /** Its field in the core's metrics. */
  field: keyof PerMetric<Estimate>;
  /** Short, for the page's own markup. */
  id: string;
  label: string;
  /** Where the glossary tells what the number means. */
  term: TermName;
  format: (value: number) => string;
  /** In words for errors, which have no sign, and for a perfect sampler's value. */
  plain: (value: number) => string;
}

const decimals = (digits: number) => (value: number) => formatDecimal(value, digits);

export const allMetrics: readonly Metric[] = [
  {
    field: 'outliers',
    id: 'outliers',
    label: 'Outliers',
    term: 'outlier',
    format: formatShare,
    plain: formatShare,
  },
  {
    field: 'logDensityGap',
    id: 'gap',
    label: 'Log-density gap',
    term: 'gap',
    format: (value) => formatSigned(value, 2),
    plain: decimals(2),
  },
  {
    field: 'branchTotalVariation',
    id: 'imbalance',
    label: 'Branch imbalance',
    term: 'branch-imbalance',
    format: formatShare,
    plain: formatShare,
  },
  {
    field: 'slicedWasserstein',
    id: 'wasserstein',
    label: 'Sliced W1',
    term: 'sliced-w1',
    format: decimals(3),
    plain: decimals(3),
  },
  {
    field: 'effectiveBranches',
    id: 'branches',
    label: 'Effective branches',
    term: 'effective-branches',
    format: decimals(1),
    plain: decimals(1),
  },
  {
    field: 'lowLogDensity',
    id: 'low',
    label: 'Log p, 5% quantile',
    term: 'low-log-density',
    format: decimals(2),
    plain: decimals(2),
  },
  {
    field: 'medianLogDensity',
    id: 'median',
    label: 'Log p, median',
    term: 'median-log-density',
    format: decimals(2),
    plain: decimals(2),
  },
  {
    field: 'highLogDensity',
    id: 'high',
    label: 'Log p, 95% quantile',
    term: 'high-log-density',
    format: decimals(2),
    plain: decimals(2),
  },
];

/** Those that stand beside every picture. */
export const mainMetrics = allMetrics.slice(0, 4);

/** What came of a run, and all that is needed to make it again. */
export interface Result extends Sampled {
  config: RunConfig;
}

/** A result as CSV and JSON hold it, by column. */
export function columnsOf({ config: { scheme, seed, particles, distribution }, metrics, evaluations, milliseconds, engine }: Result) {
  const measured = allMetrics.flatMap(({ field }) => {
    const { value, standardError, floor } = metrics[field];
    return [
      [field, value],
      [`${field}.standardError`, standardError],
      [`${field}.floorMean`, floor.mean],
      [`${field}.floorSpread`, floor.spread],
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
