// How a run's particles are spread over the tree's branches.

import type { Branch, Coverage } from '../engine/questions/questions.js';
import { floorWidth } from '../../study/metrics.js';

/** Factors between a branch's share and what it should be from which it counts as visited a little, much, or far too often. */
export const factors = [1.25, 2, 4] as const;

/**
 * −3 (far too seldom) to 3 (far too often); 0 where chance can explain it, or where it is little. Of 127 branches of a perfect
 * sampler about six are beyond chance so; a stricter bound would hide that the smallest, which should have four particles
 * of 4,096, have none.
 */
export function visit(share: number, mass: number, error: number): number {
  if (Math.abs(share - mass) <= floorWidth * error) return 0;
  const over = share > mass;
  // The core's sum over no particles is −0.
  const factor = over ? share / mass : mass / Math.max(share, 0);
  const level = factors.filter((least) => factor >= least).length;
  return level === 0 ? 0 : over ? level : -level;
}

/** The visit of each branch: all that counts of it is its mass. */
export function visits(branches: readonly Pick<Branch, 'mass'>[], { share, error }: Coverage): number[] {
  return branches.map(({ mass }, index) => visit(share[index]!, mass, error[index]!));
}

/** How often branches are visited, in a sentence, for those who do not see it. */
export function describeVisits(visits: readonly number[]): string {
  const count = (holds: (visit: number) => boolean) => visits.filter(holds).length;
  const seldom = count((visit) => visit <= -2);
  const often = count((visit) => visit >= 2);
  const even = count((visit) => visit === 0);
  return (
    `Of ${visits.length} branches, ${seldom} ${seldom === 1 ? 'gets less than half of its' : 'get less than half of their'} ` +
    `share and ${often} more than twice; ${even} ${even === 1 ? 'gets about what it' : 'get about what they'} should.`
  );
}
