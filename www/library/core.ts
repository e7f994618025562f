// The core in the calling thread, and what schemes need in it. Fetched when it is first needed.
import initialise, { Playground } from '../../pkg/guidance_playground.js';
import { compileCore } from '../engine/core.js';
import { AdvisedError, asError } from '../engine/failure.js';
import { fetchNetwork } from '../engine/networks.js';
import { Playgrounds } from '../engine/playgrounds.js';
import { findUnsupported } from '../engine/support.js';
import { forCore, papersTree, type Scheme } from '../scheme/scheme.js';
import { isModel } from './models.js';

/** The networks that were added, by name. */
export const added = new Map<string, Uint8Array>();

let opening: Promise<Playgrounds<Playground>> | null = null;

/** The one core, as it stands for a distribution; after a failure the next to ask tries again. */
export async function core(distribution = papersTree): Promise<Playground> {
  opening ??= open().catch((thrown) => {
    opening = null;
    throw thrown;
  });
  return (await opening).of(distribution);
}

async function open(): Promise<Playgrounds<Playground>> {
  const unsupported = await findUnsupported();
  if (unsupported) throw asError(unsupported);
  await initialise({ module_or_path: await compileCore() });
  return new Playgrounds((distribution) => new Playground(distribution));
}

/** The core with all models of a scheme. */
export async function coreFor(scheme: Scheme, distribution: string | undefined): Promise<Playground> {
  const playground = await core(distribution);
  const missing = playground.missingNetworks(forCore({ scheme, particles: 1, seed: 1 }).scheme);
  for (const name of missing) {
    if (!isModel(name)) {
      throw new AdvisedError('unknown-model', `There is no model named “${name}”.`, '`models` lists the names; `addModel` adds one.');
    }
  }
  await Promise.all(missing.map(async (name) => playground.addNetwork(name, added.get(name) ?? (await fetchNetwork(name)))));
  return playground;
}
