// The points that were brought last, as their file has them: only these can be had with another bandwidth.
import { isPoints } from '../distribution.js';
import { readData } from './ask.js';

let text = '';
/** The data that were made of the text, and with how many times its own bandwidth. */
const made = new Map<string, number>();

/** The data in the text of a file; rejects with an AdvisedError that names what is wrong there. */
export async function bring(file: string): Promise<string> {
  const distribution = await readData(file, 1);
  if (isPoints(distribution)) {
    text = file;
    made.clear();
    made.set(distribution, 1);
  }
  return distribution;
}

/** How many times the bandwidth of their file points have; null of what was not brought here. */
export function bandwidthOf(distribution: string): number | null {
  return made.get(distribution) ?? null;
}

/** The points that were brought, with another bandwidth; rejects with an AdvisedError if that is out of its range. */
export async function withBandwidth(times: number): Promise<string> {
  const distribution = await readData(text, times);
  made.set(distribution, times);
  return distribution;
}
