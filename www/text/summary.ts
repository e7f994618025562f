// A panel's result in words, for those who do not see the picture.
import type { Metrics } from '../../pkg/guidance_playground.js';
import type { Choice } from '../scheme/catalogue.js';
import type { Scheme } from '../scheme/scheme.js';
import { formatCount, formatDecimal, formatShare } from './format.js';
import { describeLost } from './lost.js';
import { formatNumber } from './parameter.js';

export function summarise({ name }: Choice, { guide, weight }: Scheme, metrics: Metrics): string {
  const setting = guide ? `${name} at weight ${formatNumber(weight)}` : name;
  const { outliers, logDensityGap, branchTotalVariation, slicedWasserstein } = metrics;
  const lost = describeLost(metrics);
  return (
    `${setting}: of ${formatCount(metrics.particles)} particles${lost && ` (${lost})`} ${formatShare(outliers.value)} are outliers, ` +
    `where a perfect sampler has ${formatShare(outliers.floor.mean)}; ` +
    `log-density gap ${formatDecimal(logDensityGap.value, 2)}; ` +
    `branch imbalance ${formatShare(branchTotalVariation.value)}; ` +
    `sliced W1 ${formatDecimal(slicedWasserstein.value, 3)}.`
  );
}
