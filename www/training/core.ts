// The wasm that trains: a build of its own, which nobody loads who does not train.
import { relaxedSimd } from 'wasm-feature-detect';
import plain from '../../pkg/training/guidance_playground_bg.wasm?url';
import gpu from '../../pkg/training-gpu/guidance_playground_bg.wasm?url';
import relaxed from '../../pkg/training-relaxed/guidance_playground_bg.wasm?url';
import { compileFrom } from '../engine/core.js';

/** With relaxed SIMD where it is at hand. */
export async function compileTrainingCore(): Promise<WebAssembly.Module> {
  return compileFrom((await relaxedSimd()) ? relaxed : plain);
}

/** That of a graphics device's worker. */
export function compileTrainingGpuCore(): Promise<WebAssembly.Module> {
  return compileFrom(gpu);
}
