// What the page can ask of the core besides runs: why particles go where they go, and what became of them.
import type { Difference, PerMetric, View } from '../../../../pkg/guidance_playground.js';
import type { Identified } from '../../../scheme/data.js';
import type { RunConfig } from '../../../scheme/scheme.js';
import type { ClassName, Rings } from '../../drawing/outlines.js';

/** What guides a scheme's particles at some points, at the beginning of a step. */
export interface ExplainQuestion {
  type: 'explain';
  config: RunConfig;
  /** At `levels.steps`, where no noise is left, the last step's level is asked for: see the answer's `sigma`. */
  step: number;
  /** x0, y0, x1, y1, ... in data coordinates. */
  points: Float32Array;
}

export interface Explained {
  /** The noise level that the models were asked at. */
  sigma: number;
  /** The guidance weight there; 1 is no guidance. */
  weight: number;
  /** `numbersPerPoint` for each point, in the order of `at`. Densities are normalised over the plane. */
  values: Float32Array;
}

export const numbersPerPoint = 11;

/** Where in a point's numbers things begin: logarithms of densities are one number, scores two. */
export const at = {
  mainDensity: 0,
  mainScore: 1,
  /** NaN without a guide, as its score. */
  guideDensity: 3,
  /** As it is mixed: at k sigma, times the factor of the space of combination. */
  guideScore: 4,
  /** After the rule of combination; a rule with a memory as in a run's first step. */
  result: 6,
  /** Of class A of the data, under the same noise. */
  dataDensity: 8,
  dataScore: 9,
} as const;

/** Whole paths of some of a run's particles; of a scheme without guidance they are a guided scheme's ghosts. */
export interface TraceQuestion {
  type: 'trace';
  config: RunConfig;
  particles: Uint32Array;
}

export interface Trace {
  noiseLevels: Float64Array;
  /** x, y of each particle at each noise level, particle by particle. */
  paths: Float32Array;
}

/** Three numbers of each endpoint: log-density, branch of class A that it most probably comes from, depth of that, NaN where there is none. */
export interface FactsQuestion {
  type: 'facts';
  distribution: string;
  positions: Float32Array;
}

/** The branches of class A: mass, depth and course of each. */
export interface BranchesQuestion {
  type: 'branches';
  distribution: string;
}

export interface Branch {
  /** Its share of the mass. */
  mass: number;
  /** How often the tree has forked before it: 0 for the trunk. NaN where there is no tree. */
  depth: number;
  /** Five along it, from where it begins to where it ends. */
  points: [number, number][];
}

/** How endpoints are shared out between the branches of class A. */
export interface CoverageQuestion {
  type: 'coverage';
  distribution: string;
  positions: Float32Array;
}

export interface Coverage {
  /** Of each branch: the mean probability that an endpoint comes from it. */
  share: Float64Array;
  /** The standard error that it has for as many perfect samples. */
  error: Float64Array;
}

/** The metrics of endpoints less those of others, particle by particle of the same starts. */
export interface DifferencesQuestion {
  type: 'differences';
  distribution: string;
  positions: Float32Array;
  others: Float32Array;
}

/** Where values on a grid are above each of some thresholds. */
export interface ContoursQuestion {
  type: 'contours';
  /** Row by row. */
  values: Float32Array;
  columns: number;
  rows: number;
  thresholds: number[];
}

/** For each threshold closed rings, x0, y0, x1, y1, ... in cells from the grid's first corner; holes run the other way. */
export type Contours = Float32Array<ArrayBuffer>[][];

/** The contour of a class's density, in a square of the plane or in all of it. */
export interface OutlineQuestion {
  type: 'outline';
  distribution: string;
  classes: ClassName;
  part: View | null;
}

/** Whether a file holds a network: refused with what is wrong with it. */
export interface NetworkQuestion {
  type: 'network';
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

interface Answers {
  explain: Explained;
  trace: Trace;
  facts: Float32Array;
  branches: Branch[];
  coverage: Coverage;
  differences: PerMetric<Difference>;
  contours: Contours;
  outline: Rings;
  network: true;
}

export type Question =
  | ExplainQuestion
  | TraceQuestion
  | FactsQuestion
  | BranchesQuestion
  | CoverageQuestion
  | DifferencesQuestion
  | ContoursQuestion
  | OutlineQuestion
  | NetworkQuestion;

/** A question as the worker is asked it: with the id of the data in place of their content. */
export type Posed<Q extends Question = Question> = Q extends { config: RunConfig }
  ? Omit<Q, 'config'> & { config: Identified<RunConfig> }
  : Q extends { distribution: string }
    ? Identified<Q>
    : Q;

export type Answer<Q extends Question = Question> = Answers[Q['type']];
