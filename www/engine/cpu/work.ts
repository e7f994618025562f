// One run as work for several hands: particles in ranges, each of which advances on its own.
import type { RunRecord } from '../run-record.js';
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
  /** What its particles carry after those. */
  memory: Float32Array<ArrayBuffer>;
  busy: boolean;
}

export class Work {
  /** Positions by step, x0, y0, x1, y1, ...; whole for as many steps as the record says are done. */
  readonly path: Float32Array[] = [];
  /** Somebody has been asked for the starts. */
  placing = false;
  readonly #ranges: Range[] = [];
  #rangeParticles = rangeParticles;
  #evaluations: number[] = [];
  /** Milliseconds for a step of one particle, once known. */
  #cost = 0;

  constructor(readonly record: RunRecord) {}

  begin({ noiseLevels, weights, evaluations, memory, coupled }: RunPlan, starts: Float32Array): void {
    const { particles } = this.record.config;
    this.#evaluations = evaluations;
    this.path.push(starts);
    if (coupled) this.#rangeParticles = particles;
    for (let first = 0; first < particles; first += this.#rangeParticles) {
      const count = Math.min(this.#rangeParticles, particles - first);
      this.#ranges.push({ first, count, step: 0, memory: new Float32Array(memory * count), busy: false });
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
    const { first, count, step, memory } = range;
    const affordable = this.#cost > 0 ? Math.round(pieceMilliseconds / (this.#cost * count)) : 1;
    const steps = Math.min(Math.max(affordable, 1), mostSteps, this.record.steps - step);
    const positions = this.path[step]!.slice(2 * first, 2 * (first + count)) as Float32Array<ArrayBuffer>;
    range.busy = true;
    return { piece: { first, step, positions, memory }, steps };
  }

  /** Takes a piece back, done; true if the run as a whole has come further. */
  accept({ first, step, positions, memory }: Piece, milliseconds: number): boolean {
    const range = this.#ranges[first / this.#rangeParticles]!;
    const size = 2 * range.count;
    const steps = positions.length / size;
    for (let taken = 0; taken < steps; taken++) {
      const whole = (this.path[step + 1 + taken] ??= new Float32Array(2 * this.record.config.particles));
      whole.set(positions.subarray(taken * size, (taken + 1) * size), 2 * first);
    }
    this.#cost = milliseconds / (range.count * steps);
    range.step = step + steps;
    range.memory = memory;
    range.busy = false;
    const done = Math.min(...this.#ranges.map((each) => each.step));
    if (done === this.record.stepsDone) return false;
    this.record.stepsDone = done;
    this.record.evaluations = this.#evaluations[done]!;
    return true;
  }

  #next(): Range | undefined {
    let least: Range | undefined;
    for (const range of this.#ranges) {
      if (!range.busy && range.step < (least?.step ?? this.record.steps)) least = range;
    }
    return least;
  }
}

/** Of positions by step, whole paths of some particles, particle by particle. */
export function pickPaths(path: Float32Array[], particles: Uint32Array): Float32Array {
  const picked = new Float32Array(2 * path.length * particles.length);
  let place = 0;
  for (const particle of particles) {
    for (const positions of path) {
      picked[place++] = positions[2 * particle]!;
      picked[place++] = positions[2 * particle + 1]!;
    }
  }
  return picked;
}
