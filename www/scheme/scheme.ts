// Schemes with every field given, as the catalogue has them and as the page keeps them.
import type * as core from '../../pkg/guidance_playground.js';
import type { OwnCombination } from './own-rule.js';

export type NoiseLevels = Required<core.NoiseLevels>;
export type Guide = Required<core.Guide>;
/** Whose score is meant: a model's, under one of its conditions; null is its first. */
export type ModelName = Required<core.ModelName>;

export interface Scheme extends Required<Omit<core.Scheme, 'main' | 'guide' | 'interval' | 'combination' | 'levels'>> {
  main: ModelName;
  guide: Guide | null;
  interval: core.Interval | null;
  combination: Exclude<core.Combination, { own: unknown }> | OwnCombination;
  levels: NoiseLevels;
}

/** The autoguidance paper's tree: the data that the shipped networks know, and no other. */
export const papersTree = 'tree-2';

/** What a run does. */
export interface RunConfig extends Omit<core.RunConfig, 'scheme'> {
  scheme: Scheme;
  /** What the data are, by name. */
  distribution: string;
}

/** Whether two schemes are one for a run: parts that did not change are shared, so it is enough to look at these. */
export function isSame(one: Scheme, other: Scheme): boolean {
  return (Object.keys(one) as (keyof Scheme)[]).every((field) => one[field] === other[field]);
}

/** Whether the models of two runs say the same everywhere. */
export function isOneField(one: RunConfig, other: RunConfig): boolean {
  return one.distribution === other.distribution && isSame(one.scheme, other.scheme);
}
