import type { Metrics, RunConfig } from '../../pkg/guidance_playground.js';
import type { Failure } from './protocol.js';

/** All that the page knows of one run: every step is kept, so that scrubbing back is exact. */
export class RunRecord {
  noiseLevels = new Float64Array();
  /** Positions by step, x0, y0, x1, y1, ...; the first are the start. */
  readonly positions: Float32Array[] = [];
  /** Network evaluations per particle so far. */
  evaluations = 0;
  metrics: Metrics | null = null;
  failure: Failure | null = null;
  networks = { loaded: 0, total: 0 };

  constructor(
    readonly id: number,
    readonly panel: number,
    readonly config: RunConfig,
    /** Fewer particles, while a control is being dragged. */
    readonly preview: boolean,
  ) {}

  get started(): boolean {
    return this.positions.length > 0;
  }

  get stepsDone(): number {
    return Math.max(0, this.positions.length - 1);
  }

  get finished(): boolean {
    return this.metrics !== null;
  }

  /** Whether this run can be drawn at a position of the clock. */
  reaches(position: number): boolean {
    return this.started && this.stepsDone >= Math.min(Math.ceil(position), this.config.steps);
  }
}
