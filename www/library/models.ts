// The names of models: of those that come with the package, and of those that were added.
import { conditionsOf, models as shipped, partsOf } from '../scheme/catalogue.js';

/**
 * Models that come with the package, as text: the exact ones, and networks, whose weights are fetched when they are needed. After the
 * colon stands what a model is conditioned on.
 */
export const models: readonly string[] = [...shipped];

/** The networks that were added, by name. */
export const added = new Map<string, Uint8Array>();

/** Whether a text is that of a model, which is there or can be fetched, whatever condition it names. */
export function isModel(text: string): boolean {
  const { model } = partsOf(text);
  return conditionsOf(model).length > 0 || added.has(model);
}
