import { simd } from 'wasm-feature-detect';
import type { Failure } from './types.js';

/** What this browser lacks for the sampler, if anything. */
export async function findUnsupported(): Promise<Failure | null> {
  if (typeof WebAssembly !== 'object') {
    return {
      code: 'no-webassembly',
      message: 'This browser does not run WebAssembly, which the sampler is made of.',
      advice: 'Use a current Firefox, Chrome, Edge or Safari, or allow WebAssembly in this one.',
    };
  }
  if (!(await simd())) {
    return {
      code: 'no-simd',
      message: 'This browser’s WebAssembly lacks SIMD instructions, which the sampler needs to be quick enough.',
      advice: 'Use a browser of 2023 or later: Firefox, Chrome, Edge, or Safari from version 16.4.',
    };
  }
  return null;
}
