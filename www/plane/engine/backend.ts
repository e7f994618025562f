// What an engine offers the page, and what the page knows of an engine's runs. Both engines keep to it, and the page knows no
// more of either. Where positions are kept is theirs.
import type { Metrics } from '../../../pkg/guidance_playground.js';
import type { Renderer } from '../drawing/scene.js';
import type { RunConfig } from '../../scheme/scheme.js';
import type { EngineKind, Failure } from '../../engine/types.js';

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
