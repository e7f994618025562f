// The names of models: of those that come with the package, and of those that were added.
import { planeSchemes } from '../plane/schemes.js';

/**
 * Models that come with the package, as text: the exact ones, and networks, whose weights are fetched when they are needed. After the
 * colon stands what a model is conditioned on.
 */
export const models: readonly string[] = [...planeSchemes.models];

/** The networks that were added, by name. */
export const added = new Map<string, Uint8Array>();

/** Whether a text is that of a model, which is there or can be fetched, whatever condition it names. */
export function isModel(text: string): boolean {
  const { model } = planeSchemes.partsOf(text);
  return planeSchemes.conditionsOf(model).length > 0 || added.has(model);
}
