// The core with pictures in the calling thread, and what schemes need in it. Fetched when it is first needed.
import initialise, { Images } from '../../../pkg/images/guidance_playground.js';
import { AdvisedError, asError } from '../../engine/failure.js';
import { fetchNetwork } from '../../engine/networks.js';
import { hosted } from '../../engine/rules/host.js';
import { findUnsupported } from '../../engine/support.js';
import { compileImagesCore, fetchSprites } from '../../images/engine/core.js';
import { shippedNetworks, stored } from '../../images/networks.js';
import { withRules } from '../rules.js';
import type { SchemeDescription } from './description.js';

let opening: Promise<Images> | null = null;

/** The one core; after a failure the next to ask tries again. */
export function images(): Promise<Images> {
  opening ??= open().catch((thrown) => {
    opening = null;
    throw thrown;
  });
  return opening;
}

async function open(): Promise<Images> {
  const unsupported = await findUnsupported();
  if (unsupported) throw asError(unsupported);
  const [core, sprites] = await Promise.all([compileImagesCore(), fetchSprites()]);
  await initialise({ module_or_path: core });
  return new Images(sprites);
}

/** The core with the networks of a scheme. */
export async function withModels(scheme: SchemeDescription): Promise<Images> {
  const [core] = await Promise.all([images(), withRules(scheme)]);
  const missing = core.missingNetworks(hosted(scheme) as never);
  const unknown = missing.find((name) => !shippedNetworks.includes(name));
  if (unknown !== undefined) {
    const advice = `\`models\` lists the names; \`addModel\` adds one.`;
    throw new AdvisedError('unknown-model', `There is no model of pictures named “${unknown}”.`, advice);
  }
  const fetched = await Promise.all(missing.map((name) => fetchNetwork(stored(name))));
  missing.forEach((name, index) => core.addNetwork(name, fetched[index]!));
  return core;
}
