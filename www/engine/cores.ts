// In a worker: the core's models and what it knows of the data, by the data's id. A core is of one distribution.
import type { Core as WholeCore } from '../../pkg/guidance_playground.js';
import { remember, type DataId, type Identified } from '../scheme/data.js';
import { forCore } from './for-core.js';
import type { RunConfig } from '../scheme/scheme.js';

/** As many as pages show at once; more would be kept in vain while somebody goes through seeds of trees. */
const most = 4;

export class Cores<Core extends { free(): void }> {
  /** The latest last. */
  readonly #all = new Map<DataId, Core>();
  readonly #contents = new Map<DataId, string>();

  constructor(private readonly make: (content: string) => Core) {}

  learn({ id, content }: { id: DataId; content: string }): void {
    remember(this.#contents, id, content);
  }

  /** Of data that were learned of. Throws what the core says of a content that is none. */
  of(id: DataId): Core {
    const core = this.#all.get(id) ?? this.make(this.#contents.get(id)!);
    this.#all.delete(id);
    this.#all.set(id, core);
    const [oldest] = this.#all.keys();
    if (this.#all.size > most) {
      this.#all.get(oldest!)!.free();
      this.#all.delete(oldest!);
    }
    return core;
  }
}

/** Which core a run is of, and names of the networks that are missing there. */
export function lackingIn<Core extends Pick<WholeCore, 'missingNetworks' | 'free'>>(cores: Cores<Core>) {
  return (config: Identified<RunConfig>): [Core, string[]] => {
    const core = cores.of(config.distribution);
    return [core, core.missingNetworks(forCore(config).scheme)];
  };
}
