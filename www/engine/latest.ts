// Keeps up with what is wanted: one piece of work at a time, and of all that was wanted meanwhile the last.
import { toFailure } from './failure.js';
import type { Failure } from './types.js';

export class Latest<Wanted, Found> {
  /** Of what was last finished. */
  found: Found | null = null;
  failure: Failure | null = null;
  #next: Wanted | null = null;
  #abort: AbortController | null = null;

  constructor(
    private readonly find: (wanted: Wanted, signal: AbortSignal) => Promise<Found>,
    private readonly changed: () => void,
  ) {}

  get busy(): boolean {
    return this.#abort !== null;
  }

  /** What is under way is finished first, so that fast changes show something; where it is in vain, say `instead`. */
  want(wanted: Wanted, instead = false): void {
    this.#next = wanted;
    if (instead) this.#abort?.abort();
    if (!this.#abort) void this.#work();
  }

  /** Nothing is wanted any more. */
  stop(): void {
    this.#next = null;
    this.#abort?.abort();
    this.found = null;
    this.failure = null;
  }

  async #work(): Promise<void> {
    while (this.#next !== null) {
      const wanted = this.#next;
      const abort = new AbortController();
      this.#next = null;
      this.#abort = abort;
      try {
        const found = await this.find(wanted, abort.signal);
        if (abort.signal.aborted) continue;
        this.found = found;
        this.failure = null;
      } catch (thrown) {
        if (abort.signal.aborted) continue;
        this.found = null;
        this.failure = toFailure(thrown);
      } finally {
        if (this.#next === null) this.#abort = null;
      }
      this.changed();
    }
  }
}
