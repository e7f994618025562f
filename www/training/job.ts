// What is to be trained, and what is heard of it, as plain data.
import type { TrainingConfig } from '../../pkg/training/guidance_playground.js';
import type { EngineKind, Failure } from '../engine/types.js';

/** A network to train; what is left out is as of the paper's main model: 64 wide, of class A of its tree, 4096 particles a batch. */
export interface TrainingRun extends Partial<TrainingConfig> {
  /** 1 to 65,536. */
  iterations: number;
}

/** What trains. */
export interface TrainingEngine {
  kind: EngineKind;
  /** The graphics adapter, or how many workers there are, and what they compute with. */
  description: string;
  /** Why it is this one, where another was asked for or has failed, in sentences; empty otherwise. */
  notice: string;
}

/** Where a run stands. */
export interface TrainingProgress {
  /** Which run of the job, from 0. */
  run: number;
  /** What trains. */
  engine: TrainingEngine;
  /** Iterations of it that are done. */
  iteration: number;
  iterations: number;
  /** The share of the whole job that is done, 0 to 1: of its particles through networks, each as wide as it is. */
  done: number;
  /** Means of the loss over some iterations each, at most 256 of them: the last iteration of each, and the mean. */
  curve: { iterations: number[]; losses: number[] };
  /** Iterations a second, of late; 0 until that is known. */
  rate: number;
  /** Seconds until the job is done, if it goes on as it goes; infinite until that is known. */
  secondsLeft: number;
}

/**
 * How far an averaged network is from what is true, by noise: its loss at each noise level, by the same particles for every network
 * and weighted as in training, whose loss is the mean of these over its noise. Zero is the best that there can be: the exact score's.
 */
export interface LossByNoise {
  /** The lowest first. */
  sigmas: number[];
  losses: number[];
}

/** A run's averaged network after an iteration. */
export interface TrainingSnapshot {
  run: number;
  iteration: number;
  /** A safetensors file, which says how it was trained. */
  network: Uint8Array<ArrayBuffer>;
  /** One of those that are to stay (`isKept`), and not only for the picture of the moment. */
  kept: boolean;
  lossByNoise: LossByNoise;
}

/** How a job ended. Of what has failed, the last good network of its run is there if there was one. */
export type TrainingEnd = { type: 'done' } | { type: 'stopped' } | { type: 'failed'; failure: Failure; snapshot: TrainingSnapshot | null };

export interface TrainingListener {
  /** Some ten times a second while it goes on. */
  progress?(progress: TrainingProgress): void;
  /** Twice a second, at iterations that are kept, and at the end of each run. */
  snapshot?(snapshot: TrainingSnapshot): void;
  /** It rests, once the iteration is done in which that was asked for. */
  paused?(): void;
  /** The browser keeps nothing of it: under its name another training goes on, perhaps in another tab. */
  unkept?(): void;
  /** The last that is heard. */
  ended(end: TrainingEnd): void;
}

export const mostIterations = 65_536;

/** Iterations whose networks the paper's experiments have: powers of two from 64 on, and multiples of 256; and the last. */
export function isKept(iteration: number, iterations: number): boolean {
  const power = iteration >= 64 && (iteration & (iteration - 1)) === 0;
  return power || (iteration > 0 && iteration % 256 === 0) || iteration === iterations;
}

/** The first that is kept after an iteration. */
export function nextKept(iteration: number, iterations: number): number {
  let next = iteration + 1;
  while (!isKept(next, iterations) && next < iterations) next++;
  return next;
}

/** What an iteration costs, but for a factor: particles times the numbers of a network; and their exact scores, in the same unit. */
export function costOf({ batch = 4096, hidden = 64 }: TrainingRun): number {
  return batch * (hidden * hidden + 2048);
}
