// What the data are in the plane, by name: `tree-2`, `two-moons`; a drawing by its content.
import { distributions } from './schemes.js';
import { isDrawing, readDrawing } from './strokes.js';

const tree = /^tree-(0|[1-9]\d{0,9})$/;
export const greatestTreeSeed = 2 ** 32 - 1;

/** The seed of a tree; null of what is none. */
export function treeSeed(distribution: string): number | null {
  const seed = Number(tree.exec(distribution)?.[1] ?? NaN);
  return seed <= greatestTreeSeed ? seed : null;
}

/** The distribution of a name; throws a sentence where there is none. */
export function distributionOf(name: string): string {
  if (isDrawing(name)) return readDrawing(name) && name;
  const others = distributions.map(({ id }) => id).filter((id) => treeSeed(id) === null);
  if (treeSeed(name) === null && !others.includes(name))
    throw new Error(`there are ${others.join(', ')}, and tree-0 to tree-${greatestTreeSeed}`);
  return name;
}

/** What menus call the data; of a tree of another seed, its name in links. */
export function nameOfData(distribution: string): string {
  if (isDrawing(distribution)) return 'Drawing';
  return distributions.find(({ id }) => id === distribution)?.name ?? distribution;
}
