// What the functions are given: schemes, options, pictures; checked, in sentences.
import type * as core from '../../../pkg/images/guidance_playground.js';
import { invalid } from '../options.js';
import type { Combination } from '../types.js';

/** A scheme of pictures, in which fields may be left out: then they are those of no guidance by the network `main`. */
export interface SchemeDescription extends Partial<Omit<core.ImagesScheme, 'main' | 'guide' | 'interval' | 'combination' | 'levels'>> {
  /** A model, and what it is asked for in place of the prompt: words, which may be `anything`. */
  main?: string | { model: string; condition?: string | null };
  guide?: ({ model: string } & Partial<core.Guide>) | null;
  interval?: core.Interval | null;
  combination?: Combination;
  levels?: Partial<core.NoiseLevels>;
}

/** Numbers of a picture: 32 rows from the top, of 32 pixels of red, green and blue. */
export const numbers = 3 * 32 * 32;
/** Bytes of a picture as canvases have it. */
export const bytes = 4 * 32 * 32;

export function promptOf(prompt: unknown): string {
  if (typeof prompt !== 'string') throw invalid('The prompt has to be a text.', 'Call it with words as “a rocket at night”.');
  return prompt;
}

/** A copy of pictures as data: of data itself, or of red, green, blue and opacity of each pixel, as canvases have them. */
export function dataOf(given: unknown, { scale, mean }: { scale: number; mean: Float64Array }): Float32Array {
  const advice = 'Give them as `sample` does: `data`, a Float32Array, or `pixels`, bytes of red, green, blue and opacity.';
  const isBytes = given instanceof Uint8ClampedArray || given instanceof Uint8Array;
  if (!isBytes && !(given instanceof Float32Array)) throw invalid('The pictures have to be numbers or bytes.', advice);
  const size = isBytes ? bytes : numbers;
  if (given.length === 0 || given.length % size !== 0) {
    throw invalid(`The pictures have to be whole: a multiple of ${size} and not ${given.length}.`, advice);
  }
  if (!isBytes) return given.slice();
  const data = new Float32Array((given.length / 4) * 3);
  for (let pixel = 0; pixel < given.length / 4; pixel++) {
    for (let c = 0; c < 3; c++) data[3 * pixel + c] = (given[4 * pixel + c]! / 255 - mean[c]!) / scale;
  }
  return data;
}
