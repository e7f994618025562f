// What the data are in the plane, by name: `tree-2`, `two-moons`.
import type { View } from '../../pkg/guidance_playground.js';
import { catalogue } from '../scheme/catalogue.js';
import { papersTree } from '../scheme/scheme.js';

const tree = /^tree-(0|[1-9]\d{0,9})$/;
export const greatestTreeSeed = 2 ** 32 - 1;

/** Other trees are up to a third larger than the paper's, and would not be in sight. */
const larger = 4 / 3;

/** What shows all of class A, where the paper's overview shows that of its tree. */
export function overviewOf(distribution: string, papers: View): View {
  const factor = distribution === papersTree || treeSeed(distribution) === null ? 1 : larger;
  return { ...papers, halfWidth: factor * papers.halfWidth, halfHeight: factor * papers.halfHeight };
}

/** The seed of a tree; null of what is none. */
export function treeSeed(distribution: string): number | null {
  const seed = Number(tree.exec(distribution)?.[1] ?? NaN);
  return seed <= greatestTreeSeed ? seed : null;
}

/** The distribution of a name; throws a sentence where there is none. */
export function distributionOf(name: string): string {
  const others = catalogue.distributions.map(({ id }) => id).filter((id) => treeSeed(id) === null);
  if (treeSeed(name) === null && !others.includes(name))
    throw new Error(`there are ${others.join(', ')}, and tree-0 to tree-${greatestTreeSeed}`);
  return name;
}
