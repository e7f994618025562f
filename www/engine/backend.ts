// What an engine offers the page. Both engines keep to it, and the page knows no more of either.
import type { Renderer } from '../drawing/scene.js';
import type { RunRecord } from './run-record.js';
import type { EngineKind, Failure } from './types.js';

export interface Backend {
  readonly kind: EngineKind;
  /** What it runs on, for the visitor. */
  readonly description: string;
  /** Whether it has a graphics processor to itself, which moves many particles at once. */
  readonly parallel: boolean;
  /** Share of the particles that is drawn while pictures move: less than 1 where drawing takes too long. */
  readonly drawn: number;
  /** Particles times steps a second in the latest runs; 0 until there were some. */
  readonly pace: number;
  /** Whether positions or paths are still being read. */
  readonly reading: boolean;
  /** Samples; what comes of it is written into the record. */
  start(record: RunRecord): void;
  /** Stops sampling; what is there can still be drawn. */
  cancel(record: RunRecord): void;
  /** Forgets a run that nobody will ask for again. */
  release(record: RunRecord): void;
  /** x0, y0, x1, y1, ... after `step` steps, or null where the run has not come so far. */
  positions(record: RunRecord, step: number): Promise<Float32Array | null>;
  /** Whole paths of some particles, particle by particle; null where the run is not at its end. */
  paths(record: RunRecord, particles: Uint32Array): Promise<Float32Array | null>;
  /** Takes over a fresh canvas. */
  renderer(canvas: HTMLCanvasElement): Renderer;
  /** Who owns runs has begun to rest, or goes on: see `RunRecord.resting`. */
  reconsider(): void;
  dispose(): void;
}

/** What concerns all whose runs an engine has. */
export interface Listener {
  /** Something to be seen of the engine itself has changed. */
  changed(): void;
  /** The engine cannot go on. */
  stopped(failure: Failure): void;
}
