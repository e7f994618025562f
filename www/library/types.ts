// Plain data that the functions take and give.
import type * as core from '../../pkg/guidance_playground.js';
import type { OwnCombination } from '../scheme/own-rule.js';

export type {
  Degradation,
  Estimate,
  Floor,
  Guide,
  Interval,
  Metrics,
  Noise,
  NoiseLevels,
  PerMetric,
  Reading,
  Schedule,
  Solver,
  Space,
  Spacing,
} from '../../pkg/guidance_playground.js';
/** How main and guide become one: a rule of the table, or one's own. */
export type Combination = Exclude<core.Combination, { own: unknown }> | OwnCombination;

export type { OwnRule } from '../scheme/own-rule.js';
export type { Control, Parameter } from '../scheme/table.js';
export type { ModelName, RunConfig, Scheme } from '../scheme/scheme.js';

/** What every function throws, but for a signal's reason where that has stopped it. */
export interface GuidanceError extends Error {
  /** Stable name of the kind of error. */
  code: string;
  /** What to do about it. */
  advice: string;
}
