// One run as work for several workers: tiles of pictures, each of which stays with the worker that has begun it.
import type { Frame, ImagesRecord } from '../backend.js';
import type { RunPlan, Tile } from './protocol.js';

interface Placed extends Tile {
  /** Steps taken, -1 where it has not begun. */
  step: number;
  /** The worker's number; null before it has begun. */
  worker: number | null;
  busy: boolean;
}

export class Work {
  /** By steps taken; the last may be there in part. */
  readonly #frames: Frame[] = [];
  readonly #tiles: Placed[] = [];
  #plan: RunPlan | null = null;
  /** Numbers of all pictures. */
  #numbers = 0;

  constructor(readonly record: ImagesRecord) {}

  /** A worker has prepared the run; the first to say so tells how it is cut. */
  open(plan: RunPlan, pictures: number, numbers: number): void {
    if (this.#plan) return;
    this.#plan = plan;
    const { record } = this;
    const all = record.config.pictures;
    this.#numbers = all * numbers;
    for (let first = 0; first < all; first += pictures) {
      this.#tiles.push({ first, count: Math.min(pictures, all - first), step: -1, worker: null, busy: false });
    }
    record.noiseLevels = plan.noiseLevels;
    record.weights = plan.weights;
  }

  /** How far the tile is that a worker would go on with, 0 to 1; null if it has none. `workers` share the tiles. */
  readiness(worker: number, workers: number): number | null {
    const tile = this.#next(worker, workers);
    return tile ? Math.max(tile.step, 0) / this.record.steps : null;
  }

  /** Hands a worker the next step of its least advanced tile, or a tile to begin. */
  take(worker: number, workers: number): { type: 'begin' | 'advance'; tile: Tile } {
    const next = this.#next(worker, workers)!;
    const { first, count, step } = next;
    next.busy = true;
    next.worker = worker;
    return { type: step < 0 ? 'begin' : 'advance', tile: { first, count } };
  }

  /** Takes a tile back, moved; true if the run as a whole has come further. */
  accept(tile: Tile, step: number, data: Float32Array, estimates: Float32Array, milliseconds: number): boolean {
    const { record } = this;
    const placed = this.#tiles.find(({ first }) => first === tile.first)!;
    Object.assign(placed, { step, busy: false });
    record.milliseconds += milliseconds;
    const frame = (this.#frames[step] ??= { data: new Float32Array(this.#numbers), estimates: new Float32Array(this.#numbers) });
    const at = (tile.first * data.length) / tile.count;
    frame.data.set(data, at);
    frame.estimates.set(estimates, at);
    const done = Math.min(...this.#tiles.map((each) => each.step));
    if (done < 0 || (record.started && done === record.stepsDone)) return false;
    record.started = true;
    record.stepsDone = done;
    record.evaluations = this.#plan!.evaluations[done]!;
    return true;
  }

  frame(step: number): Frame | null {
    const { started, stepsDone } = this.record;
    return (started && step <= stepsDone && this.#frames[step]) || null;
  }

  /** Its own or one that nobody has; not more of these than its share, or who comes first would have them all. */
  #next(worker: number, workers: number): Placed | undefined {
    const own = this.#tiles.filter((tile) => tile.worker === worker);
    const share = Math.ceil(this.#tiles.length / workers);
    let least: Placed | undefined;
    for (const tile of this.#tiles) {
      const isForIt = tile.worker === worker || (tile.worker === null && own.length < share);
      if (isForIt && !tile.busy && tile.step < (least?.step ?? this.record.steps)) least = tile;
    }
    return least;
  }
}
