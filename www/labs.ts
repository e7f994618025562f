// The labs that there are: each is fetched where it is asked for, and none with another.
import type { Lab } from './lab/lab.js';

export const labs: Readonly<Record<string, () => Promise<Lab>>> = {
  plane: async () => (await import('./plane/lab.js')).plane,
};
