// The core in the calling thread, and what schemes need in it. Fetched when it is first needed.
import initialise, { Playground } from '../../pkg/guidance_playground.js';
import { compileCore } from '../engine/core.js';
import { AdvisedError, asError } from '../engine/failure.js';
import { fetchNetwork } from '../engine/networks.js';
import { findUnsupported } from '../engine/support.js';
import { forCore, type Scheme } from '../scheme/scheme.js';
import { models } from './models.js';

let opening: Promise<Playground> | null = null;

/** The one core; after a failure the next to ask tries again. */
export function core(): Promise<Playground> {
  opening ??= open().catch((thrown) => {
    opening = null;
    throw thrown;
  });
  return opening;
}

async function open(): Promise<Playground> {
  const unsupported = await findUnsupported();
  if (unsupported) throw asError(unsupported);
  await initialise({ module_or_path: await compileCore() });
  return new Playground();
}

/** The core with all models of a scheme. */
export async function coreFor(scheme: Scheme): Promise<Playground> {
  const playground = await core();
  const missing = playground.missingNetworks(forCore({ scheme, particles: 1, seed: 1 }).scheme);
  for (const name of missing) {
    if (!models.includes(name)) {
      throw new AdvisedError('unknown-model', `There is no model named “${name}”.`, '`models` lists the names; `addModel` adds one.');
    }
  }
  await Promise.all(missing.map(async (name) => playground.addNetwork(name, await fetchNetwork(name))));
  return playground;
}
