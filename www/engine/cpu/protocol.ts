// What the page's main thread and a worker of the processor's engine say to each other.
import type { Limits, Metrics, RunConfig, SchemeInfo, View } from '../../../pkg/guidance_playground.js';
import type { CompiledCore } from '../core.js';
import type { ClassName, Failure, Rings } from '../types.js';

/** The core's tables. */
export interface Tables {
  schemes: SchemeInfo[];
  limits: Limits;
  overview: View;
}

export type Order =
  | { type: 'load'; core: CompiledCore }
  | { type: 'network'; name: string; bytes: Uint8Array }
  /** Prepare a run; one worker also places its particles. */
  | { type: 'open'; run: number; config: RunConfig; starts: boolean }
  | { type: 'advance'; run: number; first: number; step: number; steps: number; positions: Float32Array<ArrayBuffer> }
  | { type: 'measure'; request: number; positions: Float32Array }
  | { type: 'close'; run: number }
  /** Trace outlines for about so long. */
  | { type: 'trace'; milliseconds: number };

export type Reply =
  | { type: 'ready'; instructionSet: string; tables: Tables }
  | { type: 'missing'; run: number; names: string[] }
  | { type: 'opened'; run: number; noiseLevels: Float64Array; evaluations: number[]; starts: Float32Array | null }
  /** Positions of all particles of the piece after each of its steps. */
  | { type: 'advanced'; run: number; first: number; step: number; positions: Float32Array; milliseconds: number }
  | { type: 'measured'; request: number; metrics: Metrics }
  | { type: 'unmeasured'; request: number; failure: Failure }
  | { type: 'traced'; outlines: { classes: ClassName; rings: Rings }[]; done: boolean }
  /** Nothing more can be done for a run; where `piece` is true, this is the answer to a piece of it. */
  | { type: 'failed'; run: number; failure: Failure; piece: boolean }
  /** The core could not be started: there will be no runs. */
  | { type: 'unavailable'; failure: Failure };
