// How a graphics device begins and ends, whatever it works on.
import { AdvisedError } from '../failure.js';
import type { Failure } from '../types.js';

/** Opening the device and its shaders should take a fraction of this; in software all takes longer. */
const patience = { hardware: 10_000, software: 60_000 };

/** What comes of opening a device; rejects if it takes too long. */
export async function inTime<Opened>(opening: Promise<Opened>, software: boolean): Promise<Opened> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const refuse = () => reject(new AdvisedError('gpu-slow', 'WebGPU was too slow to open.', 'Reload the page to try again.'));
    timer = setTimeout(refuse, software ? patience.software : patience.hardware);
  });
  try {
    return await Promise.race([opening, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A device that is lost, in the browser's words. */
export function lost(reason: string): Failure {
  const message = `The graphics processor stopped (${reason || 'without a reason'}).`;
  return { code: 'gpu-lost', message, advice: 'Reload the page to try again.' };
}
