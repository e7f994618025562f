// In the device's worker: one run, which the device moves a little at a time.
import { type Purpose, purposes } from '../backend.js';

/** A run, as the core has it on the device. */
export interface DeviceRun {
  readonly steps: number;
  readonly stepsDone: number;
  noiseLevels(): Float64Array;
  /** The guidance weight of each step's first stage; 1 is no guidance. */
  weights(): Float64Array;
  /** Evaluations per sample in the first steps. */
  evaluations(steps: number): number;
  /** Takes a step or a few; whether there are more. */
  advance(): Promise<boolean>;
  free(): void;
}

export class Job<Config, Run extends DeviceRun> {
  /** Time that all its steps took so far. */
  milliseconds = 0;
  #active = true;
  #advancing = false;
  /** Things the device is doing with the run. */
  #uses = 0;
  #released = false;

  constructor(
    readonly id: number,
    readonly run: Run,
    readonly config: Config,
    readonly purpose: Purpose,
  ) {}

  /** Whether there is something to do. */
  get ready(): boolean {
    return this.#active && !this.#advancing;
  }

  /** The lower, the sooner it has its turn. */
  get rank(): number {
    return purposes.indexOf(this.purpose);
  }

  /** How far along, 0 to 1. */
  get progress(): number {
    return this.run.stepsDone / this.run.steps;
  }

  /** Takes a step or a few, and where nothing is left after that, has `ends` read. */
  async advance<Ends>(ends: (run: Run) => Promise<Ends>): Promise<Ends | null> {
    this.#advancing = true;
    try {
      const more = await this.run.advance();
      const read = more || !this.#active ? null : await ends(this.run);
      if (!more) this.#active = false;
      return read;
    } finally {
      this.#advancing = false;
    }
  }

  cancel(): void {
    this.#active = false;
  }

  /** Gives the memory back, once nothing uses it. */
  release(): void {
    this.#active = false;
    this.#released = true;
    if (this.#uses === 0) this.run.free();
  }

  /** Keeps the run from being freed while the device works for it. */
  async use<T>(action: () => Promise<T>): Promise<T> {
    this.#uses += 1;
    try {
      return await action();
    } finally {
      this.#uses -= 1;
      if (this.#released && this.#uses === 0) this.run.free();
    }
  }
}
