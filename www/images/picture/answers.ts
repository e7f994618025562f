// Answers to what a view asks of its engine, one at a time: what is overtaken is dropped.

export class Answer<Found> {
  #about = '';
  #key = '';
  #found: Found | null = null;
  #foundFor = '';
  #asking: AbortController | null = null;

  constructor(private readonly changed: () => void) {}

  /**
   * What is known; asks once. While the answer is on its way, that is the one before, which `isFresh` tells, but nothing where that
   * was about something else.
   */
  get(about: string, key: string, ask: (signal: AbortSignal) => Promise<Found>): Found | null {
    if (about !== this.#about) {
      this.forget();
      this.#about = about;
    }
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
