import { catalogue } from '../scheme/catalogue.js';

/** What menus call the data; of a tree of another seed, its name in links. */
export function nameOfData(distribution: string): string {
  return catalogue.distributions.find(({ id }) => id === distribution)?.name ?? distribution;
}
