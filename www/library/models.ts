// The names of models: of those that come with the package, and of those that were added.
import { models as shipped } from '../scheme/catalogue.js';

/** Names of the models that come with the package: the exact ones, and networks, whose weights are fetched when they are needed. */
export const models: readonly string[] = [...shipped];

/** The networks that were added, by name. */
export const added = new Map<string, Uint8Array>();

/** Whether a name is that of a model, which is there or can be fetched. */
export function isModel(name: string): boolean {
  return models.includes(name) || added.has(name);
}
