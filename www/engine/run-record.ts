import type { Metrics } from '../../pkg/guidance_playground.js';
import type { RunConfig } from '../scheme/scheme.js';
import type { Backend } from './backend.js';
import type { Failure } from './types.js';

/** What a run is for, the most urgent first: what a hand drags, what a panel shows, or metrics that nobody waits to see. */
export const purposes = ['preview', 'panel', 'sample'] as const;
export type Purpose = (typeof purposes)[number];

/** Whose run it is. */
export interface RunOwner {
  /** Its runs are to go no further for now, since nobody sees them. */
  readonly resting: boolean;
  /** Something in one of its records has changed. */
  hear(record: RunRecord): void;
}

let made = 0;

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
  /** Time that the engine has worked for it alone: of the device, or of all workers of the processor together. */
  milliseconds = 0;
  metrics: Metrics | null = null;
  failure: Failure | null = null;
  networks = { loaded: 0, total: 0 };
  /** What the visitor should know of how it is made, in a sentence. */
  remark = '';
  /** No other run of the page has it. */
  readonly id = ++made;
  readonly #asked = performance.now();

  constructor(
    private readonly owner: RunOwner,
    /** What samples it, and so has its positions. */
    readonly backend: Backend,
    readonly config: RunConfig,
    readonly purpose: Purpose,
  ) {}

  /** Fewer particles, while a control is being dragged. */
  get preview(): boolean {
    return this.purpose === 'preview';
  }

  /** The lower, the sooner it has its turn. */
  get rank(): number {
    return purposes.indexOf(this.purpose);
  }

  get steps(): number {
    return this.config.scheme.levels.steps;
  }

  /** Seconds until it is done, if it goes on at its pace so far; null before anything is known of that. */
  get secondsLeft(): number | null {
    if (this.stepsDone === 0) return null;
    return ((performance.now() - this.#asked) / 1000) * (this.steps / this.stepsDone - 1);
  }

  get finished(): boolean {
    return this.metrics !== null;
  }

  /** Whether it is to go no further for now. */
  get resting(): boolean {
    return this.owner.resting;
  }

  /** Says that something in it has changed. */
  changed(): void {
    this.owner.hear(this);
  }

  /** Whether this run can be drawn at a position of the clock. */
  reaches(position: number): boolean {
    return this.started && this.stepsDone >= Math.min(Math.ceil(position), this.steps);
  }
}
