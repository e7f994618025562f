// Which engine: what the address asks for, and whether WebGPU can be had.
import { AdvisedError } from './failure.js';
import type { EngineKind } from './types.js';

/** How long a graphics adapter may take to answer. */
const patience = 2000;

export interface Wish {
  /** Null: the best there is. */
  engine: EngineKind | null;
  /** What is wrong with the wish, in a sentence. */
  objection: string | null;
}

/** `?engine=webgpu` and `?engine=cpu` force an engine. */
export function readWish(address: string): Wish {
  const asked = new URL(address).searchParams.get('engine');
  if (asked === null || asked === 'webgpu' || asked === 'cpu') return { engine: asked, objection: null };
  const objection = `The address asks for an engine named “${asked}”; there are only “webgpu” and “cpu”, so it is ignored.`;
  return { engine: null, objection };
}

/**
 * Whether a graphics adapter answers, before the engine that needs it is loaded.
 *
 * Throws what is missing. An adapter in software counts only where `software` says so: the processor's engine is faster.
 */
export async function findAdapter(software: boolean): Promise<void> {
  if (!navigator.gpu) throw refuse('gpu-missing', 'This browser offers no WebGPU.');
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(refuse('gpu-slow', 'WebGPU gave no answer within 2 seconds.')), patience);
  });
  const adapter = await Promise.race([navigator.gpu.requestAdapter().catch(() => null), late]);
  clearTimeout(timer);
  if (!adapter) throw refuse('gpu-no-adapter', 'WebGPU found no graphics adapter.');
  if (adapter.info?.isFallbackAdapter && !software) {
    throw softwareOnly();
  }
}

/** What is wrong with a device in software. */
export function softwareOnly(): AdvisedError {
  return refuse('gpu-software', 'WebGPU has only a software adapter here, which is slower.');
}

function refuse(code: string, message: string): AdvisedError {
  const advice = 'A current Chrome, Edge, Safari or Firefox with its graphics acceleration on has it.';
  return new AdvisedError(code, message, advice);
}
