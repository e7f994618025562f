// What the page's main thread and the worker that owns the graphics device say to each other.
import type { CanvasOrder } from '../../drawing/remote-canvases.js';
import type { Identified } from '../../../scheme/data.js';
import type { RunConfig } from '../../../scheme/scheme.js';
import type { DataOrder } from '../../../engine/data-supply.js';
import type { Failure } from '../../../engine/types.js';

export type Order =
  | CanvasOrder
  | DataOrder
  | { type: 'load'; core: WebAssembly.Module; software: boolean }
  | { type: 'network'; name: string; bytes: Uint8Array }
  /** Runs of a lower rank go first; those that are `seen` wait for the outlines of their data. */
  | { type: 'open'; run: number; config: Identified<RunConfig>; rank: number; seen: boolean }
  /** Sample no further. */
  | { type: 'cancel'; run: number }
  | { type: 'release'; run: number }
  /** Runs to sample no further for now; all others go on. */
  | { type: 'rest'; runs: number[] }
  | { type: 'positions'; request: number; run: number; step: number }
  | { type: 'paths'; request: number; run: number; particles: Uint32Array }
  /** Lose the device, so that tests see what comes then. */
  | { type: 'lose' };

export type Reply =
  | { type: 'ready'; description: string; software: boolean }
  | { type: 'missing'; run: number; names: string[] }
  | { type: 'opened'; run: number; noiseLevels: Float64Array; weights: Float64Array }
  | { type: 'advanced'; run: number; stepsDone: number; evaluations: number; milliseconds: number; pace: number }
  /** Where particles end, for the metrics. */
  | { type: 'ended'; run: number; positions: Float32Array }
  /** Of a step, or of whole paths. */
  | { type: 'positions'; request: number; positions: Float32Array | null }
  /** This share of the particles is drawn while pictures move. */
  | { type: 'thinned'; share: number }
  | { type: 'failed'; run: number; failure: Failure }
  /** The engine cannot go on. */
  | { type: 'stopped'; failure: Failure };
