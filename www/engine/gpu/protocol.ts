// What the page's main thread and a worker that owns a graphics device say to each other, whatever the lab.
import type { Purpose } from '../backend.js';
import type { Failure } from '../types.js';

/** Of runs; a lab's worker is told besides how to begin, and what else its lab asks of the device. */
export type RunOrder<Config> =
  | { type: 'network'; name: string; bytes: Uint8Array }
  /** The more urgent go first. */
  | { type: 'open'; run: number; config: Config; purpose: Purpose }
  /** Sample no further. */
  | { type: 'cancel'; run: number }
  | { type: 'release'; run: number }
  /** Runs to sample no further for now; all others go on. */
  | { type: 'rest'; runs: number[] }
  /** Lose the device, so that tests see what comes then. */
  | { type: 'lose' };

export type RunReply =
  | { type: 'missing'; run: number; names: string[] }
  | { type: 'opened'; run: number; noiseLevels: Float64Array; weights: Float64Array }
  | { type: 'advanced'; run: number; stepsDone: number; evaluations: number; milliseconds: number; pace: number }
  /** Where samples end, for the metrics. */
  | { type: 'ended'; run: number; samples: Float32Array }
  | { type: 'failed'; run: number; failure: Failure };

export type DeviceReply =
  | RunReply
  | { type: 'ready'; description: string; software: boolean }
  /** The engine cannot go on. */
  | { type: 'stopped'; failure: Failure };
