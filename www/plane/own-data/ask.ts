// Data of one's own from what people have: files, and named data that they draw on. A worker does each, and is gone.
import { AdvisedError } from '../../engine/failure.js';
import { openWorker } from '../../engine/open-worker.js';
import { compileTrainingCore } from '../../training/core.js';
import type { OwnDataAnswer } from './own-data-worker.js';
import workerAddress from './own-data-worker.ts?worker&url';
import type { OwnDataOrder, OwnDataQuestion } from './protocol.js';

/** The name of a drawing that looks like a distribution; rejects with an AdvisedError where drawings cannot. */
export function drawingAfter(distribution: string): Promise<string> {
  return ask({ type: 'draw', distribution });
}

/** The name of the data in a file, of points with so many times their bandwidth; rejects with an AdvisedError that names what is wrong there. */
export function readData(text: string, bandwidth: number): Promise<string> {
  return ask({ type: 'read', text, bandwidth });
}

async function ask(order: OwnDataOrder): Promise<string> {
  const core = await compileTrainingCore();
  const worker = openWorker(workerAddress);
  try {
    return await new Promise((resolve, reject) => {
      const unavailable = () =>
        reject(new AdvisedError('data-unavailable', 'What reads data could not be started.', 'Check the connection, then try again.'));
      worker.onerror = unavailable;
      worker.onmessage = ({ data: answer }: MessageEvent<OwnDataAnswer>) => {
        if ('distribution' in answer) return resolve(answer.distribution);
        const { code, message, advice } = answer.failure;
        reject(new AdvisedError(code, message, order.type === 'read' ? 'Mend that, then try again.' : advice));
      };
      worker.postMessage({ core, order } satisfies OwnDataQuestion);
    });
  } finally {
    worker.terminate();
  }
}
