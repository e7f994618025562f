// The sampler as a library: what `import ... from 'guidance-playground'` gives, in browsers and in Node. It works in the thread
// that calls, in pieces of about 8 ms. The modules that it shares with the instrument hold nothing that Node lacks, and are a
// chunk of their own (vite.package.config.ts); one build serves browsers, bundlers and Node.
import { farthest, type Metrics } from '../../pkg/guidance_playground.js';
import { version as number } from '../../pkg/package.json';
import { core } from './core.js';
import { pointsOf } from './description.js';
import { checkOptions, invalid } from './options.js';

export { addModel } from './add-model.js';
export { models } from './models.js';
export { schemes, type NamedScheme, type SchemeDescription } from './description.js';
export { plan, type Coefficients, type Plan, type PlanStep } from './plan.js';
export { sample, type SampleConfig, type SampleOptions, type Samples } from './sample.js';
export { score, type Field, type ScoreOptions, type Scores } from './score.js';
export type * from './types.js';

/** The version of this package. */
export const version: string = number;

export interface MetricsOptions {
  /** What the data are: a name as `two-moons` or `tree-7`. The paper's tree, `tree-2`, if it is left out. */
  distribution?: string | undefined;
}

/**
 * The metrics of samples x0, y0, x1, y1, ... of class A, each with its standard error and with what perfect samples of the
 * same number score. In one piece: about a third of a second the first time, then some milliseconds for a thousand.
 */
export async function metrics(positions: ArrayLike<number>, options: MetricsOptions = {}): Promise<Metrics> {
  checkOptions(options, ['distribution']);
  const points = pointsOf(positions, 'The positions');
  const opened = await core(options.distribution);
  const far = points.findIndex((coordinate) => Math.abs(coordinate) > farthest());
  if (far >= 0) {
    const message = `The positions have to be at most ${farthest()} from zero: at index ${far} there is ${points[far]}.`;
    throw invalid(message, 'Leave that sample out, or look at what made it.');
  }
  return opened.metrics(points);
}
