// The core in the calling thread, and what schemes need in it. Fetched when it is first needed.
import initialise, { Core } from '../../pkg/guidance_playground.js';
import { compileCore } from '../engine/core.js';
import { AdvisedError, asError } from '../engine/failure.js';
import { fetchNetwork } from '../engine/networks.js';
import { Cores } from '../engine/cores.js';
import { findUnsupported } from '../engine/support.js';
import '../plane/networks.js';
import { planeSchemes } from '../plane/schemes.js';
import { idOf } from '../scheme/data.js';
import { forCore } from '../engine/for-core.js';
import { papersTree, type Scheme } from '../scheme/scheme.js';
import { added, isModel } from './models.js';
import { withRules } from './rules.js';

let opening: Promise<Cores<Core>> | null = null;

/** The one core, as it stands for a distribution; after a failure the next to ask tries again. */
export async function core(distribution = papersTree): Promise<Core> {
  opening ??= open().catch((thrown) => {
    opening = null;
    throw thrown;
  });
  const cores = await opening;
  const id = idOf(distribution);
  cores.learn({ id, content: distribution });
  return cores.of(id);
}

async function open(): Promise<Cores<Core>> {
  const unsupported = await findUnsupported();
  if (unsupported) throw asError(unsupported);
  await initialise({ module_or_path: await compileCore() });
  return new Cores((content) => new Core(content));
}

/** The networks that were added and stand in a core now, by name. */
const held = new WeakMap<Core, Map<string, Uint8Array>>();

/** Gives a core a network that was added, where it has not that very one. */
export function hold(core: Core, name: string, bytes: Uint8Array): void {
  const networks = held.get(core) ?? new Map<string, Uint8Array>();
  if (networks.get(name) === bytes) return;
  core.addNetwork(name, bytes);
  held.set(core, networks.set(name, bytes));
}

/**
 * What `use` makes of the core, as it stands for a distribution, with the models of a scheme as they are at this call, whatever is
 * added until they are there.
 */
export async function withModels<T>(scheme: Scheme, distribution: string | undefined, use: (core: Core) => T): Promise<T> {
  await withRules(scheme);
  const names = [scheme.main.model, scheme.guide?.model ?? scheme.main.model];
  const own = new Map(names.flatMap((name) => (added.has(name) ? [[name, added.get(name)!]] : [])));
  for (;;) {
    const found = await core(distribution);
    for (const [name, bytes] of own) hold(found, name, bytes);
    // One that was added has not the condition, as the core then says.
    const missing = found
      .missingNetworks(forCore({ scheme, particles: 1, seed: 1 }).scheme)
      .filter((name) => !own.has(planeSchemes.partsOf(name).model));
    // Nothing else runs between this and the last check.
    if (missing.length === 0) return use(found);
    const unknown = missing.find((name) => !isModel(name));
    if (unknown !== undefined) {
      throw new AdvisedError('unknown-model', `There is no model named “${unknown}”.`, '`models` lists the names; `addModel` adds one.');
    }
    const fetched = await Promise.all(missing.map(fetchNetwork));
    // The core may have been let go of meanwhile, and be another.
    const now = await core(distribution);
    fetched.forEach((bytes, index) => now.addNetwork(missing[index]!, bytes));
  }
}
