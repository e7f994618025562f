import type { Metrics } from '../../pkg/guidance_playground.js';
import type { RunConfig } from '../scheme/scheme.js';
import type { Backend } from './backend.js';
import type { Failure } from './types.js';

/** All that the page knows of one run. Its positions stay with the engine that computes them. */
export class RunRecord {
  /** Particles are at their start, or further. */
  started = false;
  stepsDone = 0;
  noiseLevels: Float64Array = new Float64Array();
  /** The guidance weight of each step's first stage; 1 is no guidance. */
  weights: Float64Array = new Float64Array();
  /** Network evaluations per particle so far. */
  evaluations = 0;
  metrics: Metrics | null = null;
  failure: Failure | null = null;
  networks = { loaded: 0, total: 0 };
  /** What the visitor should know of how it is made, in a sentence. */
  remark = '';

  constructor(
    readonly id: number,
    /** What samples it, and so has its positions. */
    readonly backend: Backend,
    readonly config: RunConfig,
    /** Fewer particles, while a control is being dragged. */
    readonly preview: boolean,
  ) {}

  get steps(): number {
    return this.config.scheme.levels.steps;
  }

  get finished(): boolean {
    return this.metrics !== null;
  }

  /** Whether this run can be drawn at a position of the clock. */
  reaches(position: number): boolean {
    return this.started && this.stepsDone >= Math.min(Math.ceil(position), this.steps);
  }
}
