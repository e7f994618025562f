import { AdvisedError } from '../engine/failure.js';
import { planeSchemes } from '../plane/schemes.js';
import { core, hold } from './core.js';
import { added, isModel } from './models.js';

/**
 * Gives a network of your own a name, by which schemes can have it as `main` and as their guide's `model`.
 *
 * `bytes` are those of a safetensors file as the native command's `train` writes it; one whose metadata has no `data` is taken as
 * of the paper's tree, and refused on other data. A name that you gave before is given
 * anew: what is being sampled meanwhile keeps the network that the name had when it was asked for.
 */
export async function addModel(name: string, bytes: Uint8Array | ArrayBuffer): Promise<void> {
  const refuse = (message: string, advice: string) => {
    throw new AdvisedError('invalid', message, advice);
  };
  if (typeof name !== 'string' || name === '') refuse('A model needs a name, a text.', 'Call addModel(name, bytes).');
  const another = 'Give the model another name.';
  if ((isModel(name) && !added.has(name)) || planeSchemes.hasChoice(name)) refuse(`The name “${name}” is taken.`, another);
  if (name.includes(':')) refuse(`The name “${name}” has a colon, after which a condition would stand.`, another);
  if (!(bytes instanceof Uint8Array || bytes instanceof ArrayBuffer)) {
    refuse('The bytes of a model have to be a Uint8Array or an ArrayBuffer.', 'Read the whole safetensors file into one.');
  }
  const copy = new Uint8Array(bytes);
  // Refused where it is none.
  hold(await core(), name, copy);
  added.set(name, copy);
}
