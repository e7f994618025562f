// A job's runs one after another: what is told of them, and when. What computes them is handed in.
import type { Training, TrainingConfig } from '../../pkg/training/guidance_playground.js';
import {
  costOf,
  isKept,
  type TrainingEnd,
  type TrainingListener,
  type TrainingProgress,
  type TrainingRun,
  type TrainingSnapshot,
} from './job.js';
import { LossCurve, Watch } from './loss.js';

/** Milliseconds between what is told of progress, and between networks that are for the picture of the moment. */
const progressShare = 100;
const pictureShare = 500;
/** Milliseconds that a rate looks back, at least. */
const rateShare = 1000;

/** Makes the state of a run: from the start, or where it stood. */
export type MakeTraining = (run: TrainingRun, checkpoint: Uint8Array | null) => Training;

export class Queue {
  run = -1;
  training: Training | null = null;
  curve = new LossCurve();
  #watch = new Watch();
  /** Networks that a loss has not yet proved good, and the last that one has. */
  #unproved: TrainingSnapshot | null = null;
  #good: TrainingSnapshot | null = null;
  #told = 0;
  #pictured = 0;
  #rate = 0;
  #since = { time: 0, iteration: 0 };
  readonly #costs: number[];

  constructor(
    readonly job: readonly TrainingRun[],
    private readonly make: MakeTraining,
    private readonly listener: Pick<TrainingListener, 'progress' | 'snapshot'>,
  ) {
    this.#costs = job.map((run) => costOf(run) * run.iterations);
  }

  /** Begins a run, or goes on with it; false once there is none left. */
  open(run: number, checkpoint: Uint8Array | null = null, curve = new LossCurve()): boolean {
    this.training?.free();
    this.training = null;
    this.run = run;
    const next = this.job[run];
    if (!next) return false;
    this.training = this.make(next, checkpoint);
    this.curve = curve;
    this.#watch = new Watch();
    this.#unproved = null;
    this.wake();
    return true;
  }

  /** The clock goes on: what was before does not count for the rate. */
  wake(): void {
    this.#since = { time: performance.now(), iteration: this.training?.iteration ?? 0 };
    this.#pictured = this.#since.time;
  }

  /** Takes in the loss of an iteration that is done: how the job has ended, if it has. */
  follow(loss: number): TrainingEnd | null {
    const training = this.training!;
    const { iteration } = training;
    const { iterations } = this.job[this.run]!;
    const wrong = this.#watch.see(loss);
    if (wrong !== null) {
      const failure = {
        code: 'diverged',
        message: `The training has diverged: its loss ${wrong}, at iteration ${iteration}.`,
        advice: 'Use its last good network, or train with another seed, a larger batch or milder data.',
      };
      return { type: 'failed', failure, snapshot: this.#good };
    }
    // This loss is of the weights that these networks are means of.
    this.#good = this.#unproved ?? this.#good;
    this.curve.add(iteration, loss);
    const now = performance.now();
    const kept = isKept(iteration, iterations);
    const last = iteration >= iterations;
    if (kept || now - this.#pictured >= pictureShare) {
      this.#pictured = now;
      const network = training.network() as Uint8Array<ArrayBuffer>;
      this.#unproved = { run: this.run, iteration, network, kept };
      this.listener.snapshot?.(this.#unproved);
    }
    if (last || now - this.#told >= progressShare) this.tell(now);
    return last && !this.open(this.run + 1) ? { type: 'done' } : null;
  }

  /** What a person who stops a job has of it. */
  snapshot(): TrainingSnapshot | null {
    const { training, run } = this;
    if (!training || training.iteration === 0) return null;
    return { run, iteration: training.iteration, network: training.network() as Uint8Array<ArrayBuffer>, kept: true };
  }

  tell(now = performance.now()): void {
    this.#told = now;
    this.listener.progress?.(this.#progress(now));
  }

  #progress(now: number): TrainingProgress {
    const { iteration } = this.training!;
    const run = this.job[this.run]!;
    const { time, iteration: before } = this.#since;
    if (now - time >= rateShare && iteration > before) {
      this.#rate = ((iteration - before) * 1000) / (now - time);
      this.#since = { time: now, iteration };
    }
    const all = this.#costs.reduce((sum, cost) => sum + cost, 0);
    const past = this.#costs.slice(0, this.run).reduce((sum, cost) => sum + cost, 0);
    const done = past + costOf(run) * iteration;
    const speed = this.#rate * costOf(run);
    return {
      run: this.run,
      iteration,
      iterations: run.iterations,
      done: done / all,
      curve: { iterations: [...this.curve.iterations], losses: [...this.curve.losses] },
      rate: this.#rate,
      secondsLeft: speed > 0 ? (all - done) / speed : Infinity,
    };
  }
}

/** What a core is told of a run: all but its iterations, which are the queue's. */
export function configOf({ iterations: _, ...config }: TrainingRun): Partial<TrainingConfig> {
  return config;
}
