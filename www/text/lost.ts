// Particles that have left the range of numbers, beside every metric, which is of the others.
import { formatCount } from './format.js';

/** What metrics say of the particles that they are of. */
export interface Counted {
  particles: number;
  /** How many of them are lost. */
  lost?: number;
}

export function lostOf({ lost = 0 }: Counted): number {
  return lost;
}

/** “3 of 4,096 lost”, of all runs together; empty where none is. */
export function describeLost(...runs: Counted[]): string {
  const sum = (of: (run: Counted) => number) => runs.reduce((total, run) => total + of(run), 0);
  const lost = sum(lostOf);
  return lost > 0 ? `${formatCount(lost)} of ${formatCount(sum(({ particles }) => particles))} lost` : '';
}

/** What that means. */
export const meaningOfLost = 'Lost particles have left the range of numbers: every metric is of the others. Lower the weight or add steps.';
