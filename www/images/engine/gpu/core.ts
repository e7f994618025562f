// The build with pictures that the worker of a graphics device runs; apart from the processor's, which the library has as well.
import gpu from '../../../../pkg/images-gpu/guidance_playground_bg.wasm?url';
import { compileFrom } from '../../../engine/core.js';

export function compileImagesGpuCore(): Promise<WebAssembly.Module> {
  return compileFrom(gpu);
}
