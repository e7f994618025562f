// A panel's result in words, for those who do not see the picture.
import type { Metrics, Scheme, SchemeInfo } from '../../pkg/guidance_playground.js';
import { formatCount, formatDecimal, formatShare } from './format.js';

export function summarise(info: SchemeInfo, { weight }: Scheme, metrics: Metrics): string {
  const setting = info.guided ? `${info.name} at weight ${formatDecimal(weight, 1)}` : info.name;
  const { outliers, logDensityGap, branchTotalVariation } = metrics;
  return (
    `${setting}: of ${formatCount(metrics.particles)} particles ${formatShare(outliers.value)} are outliers, ` +
    `where a perfect sampler has ${formatShare(outliers.floor.mean)}; ` +
    `log-density gap ${formatDecimal(logDensityGap.value, 2)}; ` +
    `branch imbalance ${formatShare(branchTotalVariation.value)}.`
  );
}
