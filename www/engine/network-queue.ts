// In a worker: runs that wait until the networks of their scheme are there.
import { isOwn, rulesFile } from '../scheme/own-rule.js';
import { toFailure } from './failure.js';
import { awaitsRules, hostRules } from './rules/host.js';
import type { Failure } from './types.js';

/** What is asked of whoever keeps networks. */
export interface Holder {
  addNetwork(name: string, bytes: Uint8Array): void;
}

interface Waiting<Config> {
  config: Config;
  begin: () => void;
}

/** What is run. */
export interface Configured {
  scheme: { combination?: unknown };
}

export class NetworkQueue<Config extends Configured> {
  readonly #waiting = new Map<number, Waiting<Config>>();
  /** Those that came: who keeps networks and was let go, or is new, has them without asking again. */
  readonly #networks = new Map<string, Uint8Array>();

  constructor(
    /** Who keeps the networks of a run, and names of those that are missing there. */
    private readonly lacking: (config: Config) => [Holder, string[]],
    private readonly ask: (run: number, names: string[]) => void,
    private readonly fail: (run: number, failure: Failure) => void,
  ) {}

  /** Calls `begin` as soon as the scheme has all its networks; that may be at once. */
  enter(run: number, config: Config, begin: () => void): void {
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
        const missing = this.#missing(config);
        if (missing.length > 0) {
          // Only now its networks can be told.
          if (name === rulesFile && isOwn(config.scheme.combination)) this.ask(run, missing);
          return;
        }
        this.#waiting.delete(run);
        begin();
      });
    }
  }

  /** Networks of a run's scheme that have not come yet; before them what runs its rule, without which no core reads it. */
  #missing(config: Config): string[] {
    if (awaitsRules(config.scheme)) {
      const bytes = this.#networks.get(rulesFile);
      if (!bytes) return [rulesFile];
      hostRules(bytes);
    }
    const [holder, names] = this.lacking(config);
    return names.filter((name) => {
      const bytes = this.#networks.get(name);
      if (bytes) holder.addNetwork(name, bytes);
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
