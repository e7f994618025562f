// In a worker: the core's models and what it knows of the data, by distribution. A core is of one distribution.

/** As many as pages show at once; more would be kept in vain while somebody goes through seeds of trees. */
const most = 4;

export class Cores<Core extends { free(): void }> {
  /** The latest last. */
  readonly #all = new Map<string, Core>();

  constructor(private readonly make: (distribution: string) => Core) {}

  /** Throws what the core says of a distribution that there is not. */
  of(distribution: string): Core {
    const core = this.#all.get(distribution) ?? this.make(distribution);
    this.#all.delete(distribution);
    this.#all.set(distribution, core);
    const [oldest] = this.#all.keys();
    if (this.#all.size > most) {
      this.#all.get(oldest!)!.free();
      this.#all.delete(oldest!);
    }
    return core;
  }
}
