// In a worker: runs that wait until the networks of their scheme are there.
import type { Playground as Core, RunConfig } from '../../pkg/guidance_playground.js';
import { toFailure } from './failure.js';
import type { Failure } from './types.js';

/** What either build's `Playground` can do. */
type Playground = Pick<Core, 'missingNetworks' | 'addNetwork'>;

interface Waiting {
  config: RunConfig;
  begin: () => void;
}

export class WaitingRoom {
  readonly #waiting = new Map<number, Waiting>();

  constructor(
    private readonly playground: Playground,
    private readonly ask: (run: number, names: string[]) => void,
    private readonly fail: (run: number, failure: Failure) => void,
  ) {}

  /** Calls `begin` as soon as the scheme has all its networks; that may be at once. */
  enter(run: number, config: RunConfig, begin: () => void): void {
    this.#try(run, () => {
      const missing = this.playground.missingNetworks(config.scheme);
      if (missing.length === 0) return begin();
      this.#waiting.set(run, { config, begin });
      this.ask(run, missing);
    });
  }

  leave(run: number): void {
    this.#waiting.delete(run);
  }

  /** A network has come, perhaps once more. */
  receive(name: string, bytes: Uint8Array): void {
    for (const [run, { config, begin }] of this.#waiting) {
      this.#try(run, () => {
        const missing = this.playground.missingNetworks(config.scheme);
        if (missing.includes(name)) this.playground.addNetwork(name, bytes);
        if (missing.some((other) => other !== name)) return;
        this.#waiting.delete(run);
        begin();
      });
    }
  }

  #try(run: number, action: () => void): void {
    try {
      action();
    } catch (thrown) {
      this.#waiting.delete(run);
      this.fail(run, toFailure(thrown));
    }
  }
}
