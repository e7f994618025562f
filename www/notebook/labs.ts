// Takes the place of www/labs.ts: without the lab of pictures, whose networks are five times as much as all of the plane.
import type { Lab } from '../lab/lab.js';

export const labs: Readonly<Record<string, () => Promise<Lab>>> = {
  plane: async () => (await import('../plane/lab.js')).plane,
};
