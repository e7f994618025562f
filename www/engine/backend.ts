// What an engine offers the page, and what the page knows of an engine's runs. The backends of all labs keep to it, each with what
// its lab asks besides; what a run comes to is kept by the backend that makes it.
import type { Scheme } from '../scheme/scheme.js';
import type { EngineKind, Failure } from './types.js';

/** What a run does, as far as it is the same in every lab. */
export interface Configuration {
  scheme: Scheme;
  seed: number;
}

/** The types that differ from lab to lab. */
export interface LabTypes {
  config: Configuration;
  /** What is measured of a run that is at its end. */
  metrics: object;
  backend: Backend<RunRecord>;
}

export interface Backend<Record> {
  readonly kind: EngineKind;
  /** What it runs on, for the visitor. */
  readonly description: string;
  /** Whether it has a graphics processor to itself, which moves many samples at once. */
  readonly parallel: boolean;
  /** Samples times steps a second in the latest runs; 0 until there were some. */
  readonly pace: number;
  /** Whether something of a run is still being read. */
  readonly reading: boolean;
  /** Samples; what comes of it is written into the record. */
  start(record: Record): void;
  /** Stops sampling; what is there can still be drawn. */
  cancel(record: Record): void;
  /** Forgets a run that nobody will ask for again. */
  release(record: Record): void;
  /** Who owns runs has begun to rest, or goes on: see `RunRecord.resting`. */
  reconsider(): void;
  dispose(): void;
}

/** The processor's: always there, and what is left where another fails. */
export interface CpuBackend<Record> extends Backend<Record> {
  /** Runs are to be expected here. */
  prepareForRuns(): void;
}

/** A graphics device's. */
export interface GpuBackend<Record> extends Backend<Record> {
  /** Loses the device on purpose. */
  lose(): void;
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
export interface RunOwner<Record> {
  /** Its runs are to go no further for now, since nobody sees them. */
  readonly resting: boolean;
  /** Something in one of its records has changed. */
  hear(record: Record): void;
}

let made = 0;

/** All that the page knows of one run. Its samples stay with the backend that computes them. */
export class RunRecord<Of extends LabTypes = LabTypes> {
  /** Samples are at their start, or further. */
  started = false;
  stepsDone = 0;
  noiseLevels: Float64Array = new Float64Array();
  /** The guidance weight of each step's first stage; 1 is no guidance. */
  weights: Float64Array = new Float64Array();
  /** Network evaluations per sample so far. */
  evaluations = 0;
  /** Time that the engine has worked for it alone: of the device, or of all workers of the processor together. */
  milliseconds = 0;
  metrics: Of['metrics'] | null = null;
  /** Another of other data is to take its place: what it is worth, nobody waits to read. */
  superseded = false;
  failure: Failure | null = null;
  networks = { loaded: 0, total: 0 };
  /** Bytes of its networks that have come, and all of them, where a lab counts these; 0 in all while nobody has said how many. */
  bytes: { loaded: number; total: number } | null = null;
  /** What the visitor should know of how it is made, in a sentence. */
  remark = '';
  /** No other run of the page has it. */
  readonly id = ++made;
  readonly #asked = performance.now();

  constructor(
    private readonly owner: RunOwner<RunRecord<Of>>,
    /** What samples it, and so has its samples. */
    readonly backend: Of['backend'],
    readonly config: Of['config'],
    readonly purpose: Purpose,
  ) {}

  /** Fewer samples, while a control is being dragged. */
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

  /** Whether nothing more is to come of it. */
  get over(): boolean {
    return this.finished || this.failure !== null || (this.superseded && this.stepsDone === this.steps);
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
