// The wasm core: fetched and compiled once, and handed to every worker.
import { relaxedSimd } from 'wasm-feature-detect';
import gpu from '../../pkg/gpu/guidance_playground_bg.wasm?url';
import plain from '../../pkg/guidance_playground_bg.wasm?url';
import relaxed from '../../pkg/relaxed/guidance_playground_bg.wasm?url';
import { AdvisedError } from './failure.js';
import { fetchFile } from './fetch-file.js';

/** The processor's build, with relaxed SIMD where the browser has it. */
export async function compileCore(): Promise<WebAssembly.Module> {
  return compileFrom((await relaxedSimd()) ? relaxed : plain);
}

/** The build that the worker of a graphics device runs: it has WebGPU, and not the processor's engine. */
export function compileGpuCore(): Promise<WebAssembly.Module> {
  return compileFrom(gpu);
}

/** What an address holds, compiled; thrown is what is to be said where it cannot be had. */
export async function compileFrom(address: string): Promise<WebAssembly.Module> {
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
