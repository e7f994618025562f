// In a worker: runs that wait until the networks of their scheme are there.
import type { Core as WholeCore } from '../../pkg/guidance_playground.js';
import type { Identified } from '../scheme/data.js';
import { forCore, type RunConfig } from '../scheme/scheme.js';
import { toFailure } from './failure.js';
import type { Cores } from './cores.js';
import type { Failure } from './types.js';

/** What either build's `Core` can do. */
type Core = Pick<WholeCore, 'missingNetworks' | 'addNetwork' | 'free'>;

interface Waiting {
  config: Identified<RunConfig>;
  begin: () => void;
}

export class NetworkQueue {
  readonly #waiting = new Map<number, Waiting>();
  /** Those that came: a distribution whose core was let go, or that is new, has them without asking again. */
  readonly #networks = new Map<string, Uint8Array>();

  constructor(
    private readonly cores: Cores<Core>,
    private readonly ask: (run: number, names: string[]) => void,
    private readonly fail: (run: number, failure: Failure) => void,
  ) {}

  /** Calls `begin` as soon as the scheme has all its networks; that may be at once. */
  enter(run: number, config: Identified<RunConfig>, begin: () => void): void {
    this.#try(run, () => {
      const missing = this.#missing(config);
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
    this.#networks.set(name, bytes);
    for (const [run, { config, begin }] of this.#waiting) {
      this.#try(run, () => {
        if (this.#missing(config).length > 0) return;
        this.#waiting.delete(run);
        begin();
      });
    }
  }

  /** Networks of a run's scheme that have not come yet. */
  #missing(config: Identified<RunConfig>): string[] {
    const core = this.cores.of(config.distribution);
    return core.missingNetworks(forCore(config).scheme).filter((name) => {
      const bytes = this.#networks.get(name);
      if (bytes) core.addNetwork(name, bytes);
      return !bytes;
    });
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
