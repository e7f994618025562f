// A panel's result in words, for those who do not see the picture.
import type { Metrics } from '../../pkg/guidance_playground.js';
import type { Choice } from '../scheme/table.js';
import type { Scheme } from '../scheme/scheme.js';
import { formatCount } from './format.js';
import { describeLost } from './lost.js';
import { mainMetrics } from './metrics.js';
import { formatNumber } from './parameter.js';

export function summarise({ name }: Choice, { guide, weight }: Scheme, metrics: Metrics): string {
  const setting = guide ? `${name} at weight ${formatNumber(weight)}` : name;
  const lost = describeLost(metrics);
  const sentences = mainMetrics.map(({ id, label, plain }, index) => {
    const { value, floor } = metrics[id];
    const name = label.charAt(0).toLowerCase() + label.slice(1);
    return `${name} ${plain(value)}${index === 0 ? `, where a perfect sampler has ${plain(floor.mean)}` : ''}`;
  });
  return `${setting}: of ${formatCount(metrics.particles)} particles${lost && ` (${lost})`}, ${sentences.join('; ')}.`;
}
