// What the plane's backends have beside what every lab's have: positions, and pictures of them.
import type { Metrics } from '../../../pkg/guidance_playground.js';
import type { Backend, LabTypes, RunRecord } from '../../engine/backend.js';
import type { RunConfig } from '../../scheme/scheme.js';
import type { Renderer } from '../drawing/scene.js';

export interface PlaneTypes extends LabTypes {
  config: RunConfig;
  metrics: Metrics;
  backend: PlaneBackend;
}

export type PlaneRecord = RunRecord<PlaneTypes>;

export interface PlaneBackend extends Backend<PlaneRecord> {
  /** Share of the particles that is drawn while pictures move: less than 1 where drawing takes too long. */
  readonly drawn: number;
  /** x0, y0, x1, y1, ... after `step` steps, or null where the run has not come so far. */
  positions(record: PlaneRecord, step: number): Promise<Float32Array | null>;
  /** Whole paths of some particles, particle by particle; null where the run is not at its end. */
  paths(record: PlaneRecord, particles: Uint32Array): Promise<Float32Array | null>;
  /** Takes over a fresh canvas. */
  renderer(canvas: HTMLCanvasElement): Renderer;
}
