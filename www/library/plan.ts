import { Plan as CorePlan } from '../../pkg/guidance_playground.js';
import { forCore } from '../engine/for-core.js';
import { core } from './core.js';
import { schemeOf, type SchemeDescription } from './description.js';
import { invalid } from './options.js';
import { withRules } from './rules.js';

/** One step of a plan, from a noise level to the next. */
export interface PlanStep {
  /** The noise levels at which the models are asked: one, or two where there is a second stage. */
  sigmas: number[];
  /** The guidance weight in each stage. */
  weights: number[];
  /** Whether the guide has to be asked in each stage. */
  asksGuide: boolean[];
  /** Standard deviation of noise that is added to x first. */
  kick: number;
  /** Without a second stage x becomes keep x + push s + recall D' + spread xi; with one this is where the second stage is asked. */
  keep: number;
  push: number;
  recall: number;
  spread: number;
  /** With a second stage x becomes x + correct[0] s + correct[1] t, t the second stage's score. */
  correct: [number, number] | null;
  /** What becomes of evidence L at the end: L + along (x - mean).d + square |d|^2 + offset, within the bounds. */
  update: { keep: number; along: number; square: number; offset: number; least: number; greatest: number } | null;
}

/** Coefficients on D1, eps1, d and m. */
export interface Coefficients {
  /** Of the guided estimate less D1. */
  push: number[];
  /** Of what is remembered next. */
  memory: number[];
}

/** A scheme as rows of coefficients, which any sampler can follow. */
export interface Plan {
  /** k: the guide is asked at k sigma. */
  sigmaScale: number;
  /** In d = (D1 - x) - guideFactor (D0 - x), the difference that is mixed; 1 where k is 1. */
  guideFactor: number;
  /** Whether the rule is to be asked in stages without a guide, too, with d = 0. */
  alone: boolean;
  /** What a sample carries for the rule from step to step, or what it has to be told. */
  carries: 'nothing' | 'vector' | 'evidence' | 'ratio';
  steps: PlanStep[];
  /**
   * What the rule makes, in a stage (0 or 1) of a step, of the inner products of D1, eps1, d and m: 1.1, 1.e, 1.d, 1.m, e.e, e.d, e.m,
   * d.d, d.m, m.m. `ratio` is the evidence that the sample carries, or log p1 - log p0.
   */
  mix(step: number, stage: number, gram: ArrayLike<number>, ratio?: number): Coefficients;
}

const numbers = 19;

/** What a scheme does, step by step; for samplers of other models, in any number of dimensions. */
export async function plan(of: string | SchemeDescription): Promise<Plan> {
  const scheme = schemeOf(of);
  await Promise.all([core(), withRules(scheme)]);
  const inner = new CorePlan(forCore({ scheme, particles: 1, seed: 1 }).scheme);
  const [sigmaScale, guideFactor, alone, vector, evidence, ratio, weighs] = inner.facts();
  if (weighs) {
    throw invalid('This scheme weighs samples against each other, which no plan of one sample says.', 'Use `sample` for it.');
  }
  const rows = inner.rows();
  return {
    sigmaScale: sigmaScale!,
    guideFactor: guideFactor!,
    alone: alone === 1,
    carries: vector ? 'vector' : evidence ? 'evidence' : ratio ? 'ratio' : 'nothing',
    steps: Array.from({ length: rows.length / numbers }, (_, step) => stepOf([...rows.subarray(numbers * step, numbers * (step + 1))])),
    mix(step, stage, gram, ratio = 0) {
      const mixed = [...inner.mix(step, stage, ratio, Float64Array.from(gram))];
      return { push: mixed.slice(0, 4), memory: mixed.slice(4) };
    },
  };
}

function stepOf(row: number[]): PlanStep {
  const [kick, keep, push, recall, spread, first, second] = row.slice(6) as [number, number, number, number, number, number, number];
  const [kept, along, square, offset, least, greatest] = row.slice(13) as [number, number, number, number, number, number];
  const stages = Number.isNaN(first) ? 1 : 2;
  return {
    sigmas: row.slice(0, stages),
    weights: row.slice(2, 2 + stages),
    asksGuide: row.slice(4, 4 + stages).map((asks) => asks === 1),
    kick,
    keep,
    push,
    recall,
    spread,
    correct: stages === 2 ? [first, second] : null,
    update: Number.isNaN(kept) ? null : { keep: kept, along, square, offset, least, greatest },
  };
}
