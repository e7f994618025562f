// In the device's worker: one run, advanced chunk by chunk.
import type { DataId } from '../../../scheme/data.js';
import type { GpuRun } from '../../../../pkg/gpu/guidance_playground.js';

export interface Advance {
  stepsDone: number;
  /** Network evaluations per particle so far. */
  evaluations: number;
  /** Time that all its steps took so far. */
  milliseconds: number;
  /** Particles times steps. */
  moved: number;
  /** At the end: where particles are. */
  ends: Float32Array | null;
}

export class Job {
  #active = true;
  #advancing = false;
  #milliseconds = 0;
  /** Things the device is doing with the run. */
  #uses = 0;
  #released = false;

  constructor(
    readonly id: number,
    readonly run: GpuRun,
    /** The lower, the sooner it has its turn. */
    readonly rank: number,
    /** The distribution over whose outlines its particles are seen; null where they are not. */
    readonly over: DataId | null,
  ) {}

  /** Whether there is something to do. */
  get ready(): boolean {
    return this.#active && !this.#advancing;
  }

  /** How far along, 0 to 1. */
  get progress(): number {
    return this.run.stepsDone / this.run.steps;
  }

  /** Takes a chunk of steps; what it tells is read before the run can be freed. */
  async advance(): Promise<Advance> {
    const before = this.run.stepsDone;
    const begun = performance.now();
    this.#advancing = true;
    return this.use(async () => {
      try {
        const more = await this.run.advance();
        this.#milliseconds += performance.now() - begun;
        const { stepsDone, particles } = this.run;
        const ends = more || !this.#active ? null : await this.run.positions(stepsDone);
        if (!more) this.#active = false;
        const moved = (stepsDone - before) * particles;
        const evaluations = this.run.evaluations(stepsDone);
        return { stepsDone, evaluations, milliseconds: this.#milliseconds, moved, ends };
      } finally {
        this.#advancing = false;
      }
    });
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
