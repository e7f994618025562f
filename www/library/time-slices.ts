// Long work in the calling thread, in pieces: between them whatever else waits for the thread has its turn.
import { turn } from '../engine/turn.js';

/** Milliseconds of a piece. A screen shows a frame every 16. */
const share = 8;

export class TimeSlices {
  #since = performance.now();
  /** Milliseconds that a unit of work takes, from the work so far; not known at first. */
  #cost = Infinity;

  constructor(private readonly signal?: AbortSignal) {
    signal?.throwIfAborted();
  }

  /** Works on so many of `left` units as fit into what is left of the piece, one at least; how many these were. */
  async work(left: number, act: (units: number) => void): Promise<number> {
    const begun = performance.now();
    const units = Math.max(1, Math.min(left, Math.floor((share - (begun - this.#since)) / this.#cost)));
    act(units);
    const now = performance.now();
    this.#cost = (now - begun) / units;
    if (now - this.#since + this.#cost > share) {
      await turn();
      this.signal?.throwIfAborted();
      this.#since = performance.now();
    }
    return units;
  }
}
