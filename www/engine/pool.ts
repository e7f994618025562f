// What engines of the processor have in common: several workers, and works that these share.
import type { Listener } from './backend.js';
import { openWorker } from './open-worker.js';

/** More would be more instances than pieces of work. */
const most = 32;

/** Workers for all cores but some. */
export function workersFor(spared: number): number {
  return Math.min(Math.max((navigator.hardwareConcurrency || 2) - spared, 1), most);
}

/** A worker without which the engine cannot go on. */
export function openPoolWorker<Reply>(address: string, hear: (reply: Reply) => void, listener: Listener): Worker {
  const worker = openWorker(address);
  worker.onmessage = ({ data }: MessageEvent<Reply>) => hear(data);
  worker.onerror = (event) => {
    event.preventDefault();
    listener.stopped({
      code: 'engine-stopped',
      message: 'The sampler could not be started, or stopped without a word.',
      advice: 'Check the connection, then try again.',
    });
  };
  return worker;
}

/**
 * The most urgent first; of those the least advanced, so that all panels keep one pace. What nobody sees, waits.
 *
 * `readiness` is how far a work is that can be gone on with, 0 to 1; null where it cannot.
 */
export function nextOf<Work extends { record: { rank: number; resting: boolean } }>(
  works: Iterable<Work>,
  readiness: (work: Work) => number | null,
): Work | undefined {
  let next: Work | undefined;
  let least = Infinity;
  for (const work of works) {
    const ready = work.record.resting ? null : readiness(work);
    if (ready === null) continue;
    const rank = ready + work.record.rank;
    if (rank < least) [next, least] = [work, rank];
  }
  return next;
}

/** A pool, for the visitor. */
export function describeWorkers(count: number, instructionSet: string): string {
  return [`${count} ${count === 1 ? 'worker' : 'workers'}`, instructionSet].filter(Boolean).join(', ');
}
