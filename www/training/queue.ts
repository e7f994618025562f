// A job's runs one after another: what is told of them, and when. What computes them is handed in.
import type { TrainingConfig, Validation } from '../../pkg/training/guidance_playground.js';
import type { Engine, EngineRun } from './engine.js';
import {
  costOf,
  isKept,
  nextKept,
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
/** Times that long which the last one took, where that is longer: what is seen of a training is a twentieth of its work at most. */
const pictureRest = 20;
/** Milliseconds that a rate looks back, at least. */
const rateShare = 1000;

/** Makes what a run's networks are held to. */
export type MakeValidation = (run: TrainingRun) => Validation;

export class Queue {
  run = -1;
  state: EngineRun | null = null;
  curve = new LossCurve();
  #watch = new Watch();
  /** Iterations of the run whose losses were taken in. */
  #seen = 0;
  /** Networks that a loss has not yet proved good, and the last that one has. */
  #unproved: TrainingSnapshot | null = null;
  #good: TrainingSnapshot | null = null;
  #told = 0;
  #validation: Validation | null = null;
  #pictured = 0;
  #pictureTook = 0;
  #rate = 0;
  #since = { time: 0, iteration: 0 };
  readonly #costs: number[];

  constructor(
    readonly job: readonly TrainingRun[],
    private readonly engine: Engine,
    private readonly makeValidation: MakeValidation,
    private readonly listener: Pick<TrainingListener, 'progress' | 'snapshot'>,
  ) {
    this.#costs = job.map((run) => costOf(run) * run.iterations);
  }

  /** Begins a run, or goes on with it; false once there is none left. */
  async open(run: number, checkpoint: Uint8Array | null = null, curve = new LossCurve()): Promise<boolean> {
    this.close();
    this.run = run;
    const next = this.job[run];
    if (!next) return false;
    this.curve = curve;
    this.#watch = new Watch();
    this.#unproved = null;
    this.state = await this.engine.open(next, checkpoint);
    this.#seen = this.state.iteration;
    this.wake();
    return true;
  }

  /** Lets go of all that a core has of a run. */
  close(): void {
    this.state?.free();
    this.#validation?.free();
    this.state = this.#validation = null;
  }

  /** The clock goes on: what was before does not count for the rate. */
  wake(): void {
    this.#since = { time: performance.now(), iteration: this.state?.iteration ?? 0 };
    this.#pictured = this.#since.time;
  }

  /** Goes on by an iteration or some: how the job has ended, if it has. */
  async advance(): Promise<TrainingEnd | null> {
    const state = this.state!;
    const { iterations } = this.job[this.run]!;
    // No iteration is passed over whose network is kept.
    const losses = await state.advance(nextKept(state.iteration, iterations) - state.iteration);
    const first = state.iteration - losses.length;
    if (first < this.#seen) this.#goBack(first);
    for (let i = 0; i < losses.length; i++) {
      const end = this.#see(first + i + 1, losses[i]!);
      if (end) return end;
    }
    const now = performance.now();
    if (isKept(state.iteration, iterations) || now - this.#pictured >= Math.max(pictureShare, pictureRest * this.#pictureTook)) {
      this.#unproved = await this.#picture(state);
      this.#pictured = performance.now();
      this.#pictureTook = this.#pictured - now;
      this.listener.snapshot?.(this.#unproved);
    }
    const last = state.iteration >= iterations;
    if (last || now - this.#told >= progressShare) this.tell(now);
    return last && !(await this.open(this.run + 1)) ? { type: 'done' } : null;
  }

  /** A run that its engine has lost goes on elsewhere, from where it last stood. */
  #goBack(iteration: number): void {
    this.curve = this.curve.until(iteration);
    this.#watch = new Watch();
    this.wake();
  }

  /** Takes in the loss of an iteration that is done. */
  #see(iteration: number, loss: number): TrainingEnd | null {
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
    this.#seen = iteration;
    return null;
  }

  /** What a person who stops a job has of it. */
  async snapshot(): Promise<TrainingSnapshot | null> {
    const { state } = this;
    return state && state.iteration > 0 ? { ...(await this.#picture(state)), kept: true } : null;
  }

  /** A network, and how far it is from what is true. */
  async #picture(state: EngineRun): Promise<TrainingSnapshot> {
    const { run } = this;
    const network = await state.network();
    // A device that is lost meanwhile goes back.
    const { iteration } = state;
    this.#validation ??= this.makeValidation(this.job[run]!);
    const lossByNoise = { sigmas: [...this.#validation.sigmas], losses: [...this.#validation.losses(network)] };
    return { run, iteration, network, kept: isKept(iteration, this.job[run]!.iterations), lossByNoise };
  }

  tell(now = performance.now()): void {
    this.#told = now;
    this.listener.progress?.(this.#progress(now));
  }

  #progress(now: number): TrainingProgress {
    const { iteration } = this.state!;
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
    const { kind, description, notice } = this.engine;
    return {
      run: this.run,
      engine: { kind, description, notice },
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
