// How fast an engine moves samples, from the runs that it made.

/** Less is too short to say. */
const shortest = 20;
/** Older work counts less and less beyond this many milliseconds. */
const memory = 2000;

export class Pace {
  #since: number | null = null;
  #worked = 0;
  #moved = 0;

  /** Samples times steps a second; 0 until there was enough work. */
  get rate(): number {
    return this.#worked < shortest ? 0 : (1000 * this.#moved) / this.#worked;
  }

  /** Work begins, if it has not. */
  begin(): void {
    this.#since ??= performance.now();
  }

  /** `count` samples times steps are done. */
  add(count: number): void {
    this.#settle();
    this.#moved += count;
    if (this.#worked > memory) {
      this.#moved /= 2;
      this.#worked /= 2;
    }
  }

  /** There is nothing left to do for now. */
  end(): void {
    this.#settle();
    this.#since = null;
  }

  #settle(): void {
    if (this.#since === null) return;
    const now = performance.now();
    this.#worked += now - this.#since;
    this.#since = now;
  }
}
