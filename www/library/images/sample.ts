import { hosted } from '../../engine/rules/host.js';
import { unlessAborted } from '../../engine/unless-aborted.js';
import { picturesAtOnce } from '../../../pkg/images/guidance_playground.js';
import { checkOptions, invalid } from '../options.js';
import { TimeSlices } from '../time-slices.js';
import { withModels } from './core.js';
import { bytes, numbers, promptOf, type SchemeDescription } from './description.js';
import { schemeOf } from './schemes.js';

export interface SampleConfig {
  /** Of what, in words: `[STYLE] [CONCEPT] [on a BACKGROUND background]`, any part left out. Anything, if there is none. */
  prompt?: string | undefined;
  /** A name (`schemes` lists them), or a description. `cfg`, if it is left out. */
  scheme?: string | SchemeDescription | undefined;
  /** How many: 1 to 65536. 16, if it is left out. */
  pictures?: number | undefined;
  /** An integer from 0 to 2^53 - 1; 1, if it is left out. The same noise for every scheme and prompt. */
  seed?: number | undefined;
}

export interface SampleOptions extends SampleConfig {
  /** Stops the work; the promise then fails with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Hears which share of the work is done, up to 1. */
  progress?: ((done: number) => void) | undefined;
}

export interface Samples {
  /** Of each picture 32 rows of 32 pixels of red, green, blue and opacity: what `new ImageData(..., 32)` takes, of one or of all. */
  pixels: Uint8ClampedArray<ArrayBuffer>;
  /** The same as the sampler has it, beyond black and white too: what `metrics` looks at most closely. 3072 numbers each. */
  data: Float32Array;
  /** The levels that were stepped through, standard deviations of noise in units of data, highest first; the last is 0. */
  noiseLevels: Float64Array;
  /** The guidance weight of each step: one less than levels. 1 is no guidance. */
  weights: Float64Array;
  /** Evaluations of models for each picture; main and guide count one each. */
  evaluations: number;
  /** Whose pictures the world is made of: to be said where these are shown. */
  credits: string;
  /** What makes the same pictures again. */
  config: Required<SampleConfig>;
}

/** Draws pictures from a prompt. */
export async function sample(options: SampleOptions = {}): Promise<Samples> {
  checkOptions(options, ['prompt', 'scheme', 'pictures', 'seed', 'signal', 'progress']);
  const { prompt = '', scheme = 'cfg', pictures = 16, seed = 1, signal, progress } = options;
  promptOf(prompt);
  if (!Number.isInteger(seed)) throw invalid('The seed has to be an integer.', 'Give one from 0 to 2^53 - 1.');
  const described = schemeOf(scheme);
  const core = await unlessAborted(withModels(described), signal);
  const slices = new TimeSlices(signal);
  const run = core.run({ scheme: hosted(described) as never, prompt, pictures, seed });
  try {
    const { steps } = run;
    const [pixels, data] = [new Uint8ClampedArray(bytes * pictures), new Float32Array(numbers * pictures)];
    for (let first = 0; first < pictures; first += picturesAtOnce()) {
      const count = Math.min(picturesAtOnce(), pictures - first);
      const piece = run.begin(first, count);
      try {
        for (let step = 0; step < steps; ) {
          step += await slices.work(steps - step, (taken) => {
            piece.advance(taken);
            progress?.((first * steps + count * (step + taken)) / (pictures * steps));
          });
        }
        const drawn = piece.data();
        data.set(drawn, numbers * first);
        pixels.set(core.colours(drawn), bytes * first);
      } finally {
        piece.free();
      }
    }
    const [noiseLevels, weights, evaluations] = [run.noiseLevels(), run.weights(), run.evaluations(steps)];
    return { pixels, data, noiseLevels, weights, evaluations, credits: core.credits(), config: { prompt, scheme, pictures, seed } };
  } finally {
    run.free();
  }
}
