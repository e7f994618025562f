// Answers to what a view asks of its engine, one at a time: the last that was asked for is kept, and what it overtakes is dropped.

export class Answer<Found> {
  #key = '';
  #found: Found | null = null;
  #foundFor = '';
  #asking: AbortController | null = null;

  constructor(private readonly changed: () => void) {}

  /** What is known: of `key`, or of what was asked for before while that is on its way, which `isOf` tells. Asks once. */
  get(key: string, ask: (signal: AbortSignal) => Promise<Found>): Found | null {
    if (key !== this.#key) {
      this.#asking?.abort();
      this.#key = key;
      const asking = (this.#asking = new AbortController());
      ask(asking.signal).then(
        (found) => {
          if (asking.signal.aborted) return;
          [this.#found, this.#foundFor, this.#asking] = [found, key, null];
          this.changed();
        },
        () => {
          if (asking.signal.aborted) return;
          // What cannot be answered is not shown; the run says why, which fails for the same reason.
          [this.#found, this.#foundFor, this.#asking] = [null, key, null];
          this.changed();
        },
      );
    }
    return this.#found;
  }

  /** Whether what is known is of what was asked for last. */
  get isFresh(): boolean {
    return this.#foundFor === this.#key;
  }

  forget(): void {
    this.#asking?.abort();
    [this.#key, this.#found, this.#foundFor, this.#asking] = ['', null, '', null];
  }
}
