// The wasm core: fetched and compiled once, and handed to every worker.
import { relaxedSimd } from 'wasm-feature-detect';
import gpu from '../../pkg/gpu/guidance_playground_bg.wasm?url';
import plain from '../../pkg/guidance_playground_bg.wasm?url';
import relaxed from '../../pkg/relaxed/guidance_playground_bg.wasm?url';
import { AdvisedError } from './failure.js';
import { fetchFile } from './fetch-file.js';

export interface CompiledCore {
  module: WebAssembly.Module;
  /** Built with relaxed SIMD, and so with JavaScript of its own. */
  relaxed: boolean;
}

/** What the core's JavaScript exports, whichever build it is. */
export type Exports = typeof import('../../pkg/guidance_playground.js');

export async function compileCore(): Promise<CompiledCore> {
  const isRelaxed = await relaxedSimd();
  return { module: await download(isRelaxed ? relaxed : plain), relaxed: isRelaxed };
}

/** The build that the worker of a graphics device runs: it has WebGPU, and not the processor's engine. */
export function compileGpuCore(): Promise<WebAssembly.Module> {
  return download(gpu);
}

async function download(address: string): Promise<WebAssembly.Module> {
  const unavailable = (reason: string) =>
    new AdvisedError(
      'core-unavailable',
      `The sampler, a WebAssembly file, could not be loaded (${reason}).`,
      'Check the connection, then try again.',
    );
  const response = await fetchFile(address, unavailable);
  try {
    return await compile(response);
  } catch (thrown) {
    throw unavailable(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

/** Not every host says what a wasm file is, which compiling it as it arrives asks for. */
async function compile(response: Response): Promise<WebAssembly.Module> {
  if (response.headers.get('Content-Type') === 'application/wasm') return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}

/** In a worker: an instance of its own. */
export async function instantiate({ module, relaxed }: CompiledCore): Promise<Exports> {
  const exports = relaxed
    ? ((await import('../../pkg/relaxed/guidance_playground.js')) as Exports)
    : await import('../../pkg/guidance_playground.js');
  await exports.default({ module_or_path: module });
  return exports;
}
