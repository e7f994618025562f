// Takes the place of engine/open-worker.ts: workers start from blobs. They are no modules, which Chromium does not start from
// one where a page has no origin.
import { workerAt } from './files.js';

export function openWorker(address: string): Worker {
  return new Worker(workerAt(address));
}
