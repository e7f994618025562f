// What the page and the engine's worker say to each other.
import type { Limits, Metrics, RunConfig, SchemeInfo, View } from '../../pkg/guidance_playground.js';

/** An error of the core or of loading it: what happened, and what to do. */
export interface Failure {
  code: string;
  message: string;
  advice: string;
}

/** Closed rings of data coordinates, x0, y0, x1, y1, ... */
export type Rings = Float32Array<ArrayBuffer>[];

export type ClassName = 'A' | 'B';

export type Request =
  | { type: 'run'; run: number; panel: number; config: RunConfig; preview: boolean }
  | { type: 'cancel'; panel: number };

export type Report =
  | { type: 'ready'; schemes: SchemeInfo[]; limits: Limits; overview: View }
  | { type: 'outline'; classes: ClassName; rings: Rings }
  | { type: 'fetching'; run: number; loaded: number; total: number }
  | { type: 'started'; run: number; noiseLevels: Float64Array; positions: Float32Array<ArrayBuffer> }
  | { type: 'stepped'; run: number; positions: Float32Array<ArrayBuffer>; evaluations: number }
  | { type: 'finished'; run: number; metrics: Metrics }
  | { type: 'failed'; run: number; failure: Failure }
  /** The core could not be loaded: there will be no runs. */
  | { type: 'unavailable'; failure: Failure };
