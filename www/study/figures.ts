// The figures of a run, in the order in which the page shows them: what they are called, mean and look like.
import type { Figures, Floor, Measure, Metrics } from '../../pkg/guidance_playground.js';
import { formatDecimal, formatShare, formatSigned } from '../text/format.js';

export interface Figure {
  /** Its field in the core's metrics. */
  field: keyof Figures<Measure>;
  /** Short, for the page's own markup. */
  id: string;
  label: string;
  /** What the number means, in a sentence. */
  meaning: string;
  format: (value: number) => string;
  /** The same for errors, which have no sign, and for a perfect sampler's. */
  plain: (value: number) => string;
}

const decimals = (digits: number) => (value: number) => formatDecimal(value, digits);

export const figures: readonly Figure[] = [
  {
    field: 'outliers',
    id: 'outliers',
    label: 'Outliers',
    meaning: 'Share of the particles that end outside the region that holds 99% of the data. A perfect sampler has 1%.',
    format: formatShare,
    plain: formatShare,
  },
  {
    field: 'logDensityGap',
    id: 'gap',
    label: 'Log-density gap',
    meaning:
      'Mean log-density of the particles less that of the data, in nats. Above zero they are too concentrated; below, too many lie far out.',
    format: (value) => formatSigned(value, 2),
    plain: decimals(2),
  },
  {
    field: 'branchTotalVariation',
    id: 'imbalance',
    label: 'Branch imbalance',
    meaning:
      'Share of the particles that would have to change branch for each branch to hold its true share (total variation). Few particles alone make some.',
    format: formatShare,
    plain: formatShare,
  },
  {
    field: 'slicedWasserstein',
    id: 'wasserstein',
    label: 'Sliced W1',
    meaning:
      'Distance that the particles would have to be moved to lie as the data does, averaged over directions, in units of the plane.',
    format: decimals(3),
    plain: decimals(3),
  },
  {
    field: 'effectiveBranches',
    id: 'branches',
    label: 'Effective branches',
    meaning:
      'Number of equally visited branches that would be as diverse: e to the entropy of the branches’ shares. More than the data’s is no better.',
    format: decimals(1),
    plain: decimals(1),
  },
  {
    field: 'lowLogDensity',
    id: 'low',
    label: 'Log p, 5% quantile',
    meaning: 'Log-density that 5% of the particles lie below, in nats: how far out the worst are.',
    format: decimals(2),
    plain: decimals(2),
  },
  {
    field: 'medianLogDensity',
    id: 'median',
    label: 'Log p, median',
    meaning: 'Log-density of the middle particle, in nats. Above the data’s, particles are too concentrated.',
    format: decimals(2),
    plain: decimals(2),
  },
  {
    field: 'highLogDensity',
    id: 'high',
    label: 'Log p, 95% quantile',
    meaning: 'Log-density that 5% of the particles lie above, in nats: how dense the densest places are.',
    format: decimals(2),
    plain: decimals(2),
  },
];

/** Those that stand beside every picture. */
export const mainFigures = figures.slice(0, 4);

/** The figures that CSV and JSON hold of a run, by column. */
export function columnsOf(metrics: Metrics): Record<string, number> {
  return Object.fromEntries(
    figures.flatMap(({ field }) => {
      const { value, standardError, floor } = metrics[field];
      return [
        [field, value],
        [`${field}.standardError`, standardError],
        [`${field}.floorMean`, floor.mean],
        [`${field}.floorSpread`, floor.spread],
      ];
    }),
  );
}

/** How many of the floor's standard deviations a perfect sampler's figure may well be off: it is farther off one time in 22. */
export const floorWidth = 2;

export type Standing = 'within' | 'above' | 'below';

/** Whether a figure can be told from a perfect sampler's, and on which side of it it is. */
export function standing(value: number, { mean, spread }: Floor): Standing {
  if (Math.abs(value - mean) <= floorWidth * spread) return 'within';
  return value > mean ? 'above' : 'below';
}
