// One run as work for several workers: particles in ranges, each of which advances on its own.
import type { PlaneRecord } from '../backend.js';
import type { Piece, RunPlan } from './protocol.js';

/** Particles of a range: few enough to share out evenly, enough to be worth a message. */
const rangeParticles = 384;
/** Time that a piece should take: short, so that something else can soon be begun. */
const pieceMilliseconds = 8;
const mostSteps = 16;

interface Range {
  first: number;
  count: number;
  /** Steps taken, or handed out where it is `busy`. */
  step: number;
  /** Where its particles are after those. */
  positions: Float32Array<ArrayBuffer>;
  /** What they carry then. */
  memory: Float32Array<ArrayBuffer>;
  busy: boolean;
}

export class Work {
  /** Somebody has been asked for the starts. */
  placing = false;
  readonly #ranges: Range[] = [];
  #rangeParticles = rangeParticles;
  #evaluations: number[] = [];
  /** Milliseconds for a step of one particle, once known. */
  #cost = 0;

  constructor(readonly record: PlaneRecord) {}

  begin({ noiseLevels, weights, evaluations, memory, coupled }: RunPlan, starts: Float32Array<ArrayBuffer>): void {
    const { particles } = this.record.config;
    this.#evaluations = evaluations;
    if (coupled) this.#rangeParticles = particles;
    for (let first = 0; first < particles; first += this.#rangeParticles) {
      const count = Math.min(this.#rangeParticles, particles - first);
      const positions = starts.slice(2 * first, 2 * (first + count));
      this.#ranges.push({ first, count, step: 0, positions, memory: new Float32Array(memory * count), busy: false });
    }
    this.record.noiseLevels = noiseLevels;
    this.record.weights = weights;
    this.record.started = true;
  }

  /** How far the least advanced range that nobody works on is, 0 to 1; null if there is none. */
  get readiness(): number | null {
    const range = this.#next();
    return range ? range.step / this.record.steps : null;
  }

  /** Hands out a few steps of the least advanced range. */
  take(): { piece: Piece; steps: number } {
    const range = this.#next()!;
    const { first, count, step, positions, memory } = range;
    const affordable = this.#cost > 0 ? Math.round(pieceMilliseconds / (this.#cost * count)) : 1;
    const steps = Math.min(Math.max(affordable, 1), mostSteps, this.record.steps - step);
    range.busy = true;
    return { piece: { first, step, positions, memory }, steps };
  }

  /** Takes a piece back, done; true if the run as a whole has come further. */
  accept({ first, step, positions, memory }: Piece, milliseconds: number): boolean {
    const range = this.#ranges[first / this.#rangeParticles]!;
    const size = 2 * range.count;
    const steps = positions.length / size;
    this.#cost = milliseconds / (range.count * steps);
    this.record.milliseconds += milliseconds;
    range.step = step + steps;
    range.positions = positions.slice(-size);
    range.memory = memory;
    range.busy = false;
    const done = Math.min(...this.#ranges.map((each) => each.step));
    if (done === this.record.stepsDone) return false;
    this.record.stepsDone = done;
    this.record.evaluations = this.#evaluations[done]!;
    return true;
  }

  /** Particles of the range that a piece is of. */
  count({ first }: Piece): number {
    return this.#ranges[first / this.#rangeParticles]!.count;
  }

  #next(): Range | undefined {
    let least: Range | undefined;
    for (const range of this.#ranges) {
      if (!range.busy && range.step < (least?.step ?? this.record.steps)) least = range;
    }
    return least;
  }
}
