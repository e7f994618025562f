// The labs that there are: each is fetched where it is asked for, and none with another. The plane's, which an embed opens unless it
// is told otherwise, lies in one file with the instrument (vite.config.ts).
import type { Lab } from './lab/lab.js';

export const labs: Readonly<Record<string, () => Promise<Lab>>> = {
  images: async () => (await import('./images/lab.js')).images,
  plane: async () => (await import('./plane/lab.js')).plane,
};
