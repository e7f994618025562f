// What the page's main thread and a worker of the processor's engine say to each other.
import type { Failure } from '../../../engine/types.js';
import type { ImagesConfig } from '../../config.js';
import type { World } from '../backend.js';
import type { Answer, Question } from '../questions.js';

/** What handing out a run's work takes. */
export interface RunPlan {
  noiseLevels: Float64Array;
  /** The guidance weight of each step's first stage; 1 is no guidance. */
  weights: Float64Array;
  /** Network evaluations per picture in the first n steps. */
  evaluations: number[];
}

/** Pictures that are computed together, and stay with one worker from their beginning to their end. */
export interface Tile {
  /** The first one's number in the run. */
  first: number;
  count: number;
}

export type Order =
  | { type: 'load'; core: WebAssembly.Module; sprites: Uint8Array }
  | { type: 'network'; name: string; bytes: Uint8Array }
  | { type: 'open'; run: number; config: ImagesConfig }
  /** Place a tile's pictures at their beginning. */
  | { type: 'begin'; run: number; tile: Tile }
  /** Take a tile through one step. */
  | { type: 'advance'; run: number; tile: Tile }
  | { type: 'close'; run: number }
  /** Requests count downwards from -1: none is a run's number. */
  | { type: 'ask'; request: number; question: Question }
  | { type: 'drop'; request: number };

export type Reply =
  | { type: 'ready'; instructionSet: string; tile: number; world: World }
  /** Of a run, or of a request. */
  | { type: 'missing'; run: number; names: string[] }
  | { type: 'opened'; run: number; plan: RunPlan }
  | {
      type: 'advanced';
      run: number;
      tile: Tile;
      step: number;
      data: Float32Array<ArrayBuffer>;
      estimates: Float32Array<ArrayBuffer>;
      milliseconds: number;
    }
  | { type: 'answered'; request: number; answer: Answer }
  | { type: 'refused'; request: number; failure: Failure }
  /** Nothing more can be done for a run. */
  | { type: 'failed'; run: number; failure: Failure }
  /** The core could not be started: there will be no runs. */
  | { type: 'unavailable'; failure: Failure };
