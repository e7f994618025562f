// What the data are in the plane, by name: `tree-2`, `two-moons`; drawings and points by their content.
import { distributions } from './schemes.js';

/** Which of these there are, the core says. */
const ownData = /^(drawing-|points-(?!-|0~)(-?\d+(\.\d+)?~){3})[\w-]+$/;
const tree = /^tree-(0|[1-9]\d{0,9})$/;
export const greatestTreeSeed = 2 ** 32 - 1;

/** The seed of a tree; null of what is none. */
export function treeSeed(distribution: string): number | null {
  const seed = Number(tree.exec(distribution)?.[1] ?? NaN);
  return seed <= greatestTreeSeed ? seed : null;
}

/** The distribution of a name; throws a sentence where there is none. */
export function distributionOf(name: string): string {
  if (ownData.test(name)) return name;
  const others = distributions.map(({ id }) => id).filter((id) => treeSeed(id) === null);
  if (treeSeed(name) === null && !others.includes(name))
    throw new Error(`there are ${others.join(', ')}, and tree-0 to tree-${greatestTreeSeed}`);
  return name;
}

/** Whether it is a drawing's name. */
export function isDrawing(distribution: string): boolean {
  return distribution.startsWith('drawing-');
}

/** Whether it is the name of points of one's own. */
export function isPoints(distribution: string): boolean {
  return distribution.startsWith('points-');
}

/** What menus call the data; of a tree of another seed, its name in links. */
export function nameOfData(distribution: string): string {
  if (isDrawing(distribution)) return 'Drawing';
  if (isPoints(distribution)) return 'Points';
  return distributions.find(({ id }) => id === distribution)?.name ?? distribution;
}
