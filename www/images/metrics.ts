// What is measured of pictures, and how it is told.
import type { LabMetrics } from '../lab/metrics.js';
import { columnsOf, measured } from '../study/metrics.js';
import { capitalised, formatCount } from '../text/format.js';
import { metricOf, type Metric } from '../text/metrics.js';
import { formatNumber } from '../text/parameter.js';
import type { ImagesResult } from './engine/backend.js';
import { shown } from './prompt/remarks.js';
import { pictureMetrics } from './schemes.js';
import type { ImagesKinds } from './state/kinds.js';

/** Those that stand beside every panel: what one asks for, what guidance costs, and what is wrong with pictures. */
const beside = ['subjectRight', 'effectiveStyles', 'samePicture', 'chromaExcess', 'totalVariationExcess', 'distance', 'outside'];

/** Differences from the picture that a sample is read as: 0 is perfect, and both ways are wrong. */
const differences = ['chromaExcess', 'totalVariationExcess', 'logDensityGap'];

const all: readonly Metric[] = pictureMetrics.map((row) =>
  metricOf({
    ...row,
    label: capitalised(row.label),
    // One more than the page shows.
    digits: row.digits + 1,
    perfect: differences.includes(row.id) ? 0 : null,
    shown: beside.includes(row.id) ? 'panels' : 'tables',
  }),
);

const main = beside.map((id) => all.find((metric) => metric.id === id)!);

function describeLost(...runs: ImagesResult[]): string {
  const sum = (field: 'lost' | 'samples') => runs.reduce((total, run) => total + run[field], 0);
  return sum('lost') > 0 ? `${formatCount(sum('lost'))} of ${formatCount(sum('samples'))} lost` : '';
}

export const imagesMetrics: LabMetrics<ImagesKinds> = {
  main,
  all,
  terms: async () => (await import('./terms.js')).terms,
  axes: { across: 'distance', up: 'effectiveStyles' },
  describeLost,
  meaningOfLost: 'Lost pictures have left the range of numbers: every metric is of the others. Lower the weight or add steps.',
  meaningOfFewer: 'Not all have the same number of pictures: with fewer, styles look less evenly frequent.',
  summarise({ name }, { scheme: { guide, weight }, prompt }, metrics) {
    const setting = guide ? `${name} at weight ${formatNumber(weight)}` : name;
    const lost = describeLost(metrics);
    const found = main.map((metric) => ({ metric, measure: measured(metrics, metric.id) }));
    const sentences = found
      .filter(({ measure }) => !Number.isNaN(measure.value))
      .map(({ metric: { label, format, plain }, measure }, index) => {
        const perfect = index === 0 ? `, where a perfect sampler has ${plain(measure.floor.mean)}` : '';
        return `${label.toLowerCase()} ${format(measure.value)}${perfect}`;
      });
    const asked = shown(prompt) || 'anything';
    return `${setting}: of ${formatCount(metrics.samples)} pictures of ${asked}${lost && ` (${lost})`}, ${sentences.join('; ')}.`;
  },
  columns: ({ config: { scheme, seed, pictures, prompt }, metrics, evaluations, milliseconds, engine }) => ({
    engine,
    prompt,
    seed,
    pictures,
    lost: metrics.lost,
    steps: scheme.levels.steps,
    ...columnsOf(all, metrics),
    evaluationsPerPicture: evaluations,
    milliseconds,
    scheme,
  }),
};
