// Pictures from a prompt: what `import ... from 'guidance-playground/images'` gives, in browsers and in Node. It works in the thread
// that calls, as the sampler of points does, and has a core, networks and files of its own: nobody loads them who does not ask.
import type { ImagesMetrics, ImagesPicture, ImagesReading, PromptWords, Shares } from '../../../pkg/images/guidance_playground.js';
import { AdvisedError } from '../../engine/failure.js';
import { shippedNetworks } from '../../images/networks.js';
import { checkOptions, invalid } from '../options.js';
import { images } from './core.js';
import { dataOf, promptOf } from './description.js';

export type { SchemeDescription } from './description.js';
export { sample, type SampleConfig, type SampleOptions, type Samples } from './sample.js';
export { schemes, type NamedScheme } from './schemes.js';
export type {
  Bands,
  Cads,
  Difference,
  Estimate,
  Finish,
  Floor,
  ImagesMetrics,
  ImagesPicture,
  Negative,
  PerImagesMetric,
  PromptWords,
  Share,
  Shares,
} from '../../../pkg/images/guidance_playground.js';
export type { GuidanceError } from '../types.js';

/** Models that come with the package: the exact one, and networks, whose weights are fetched when they are needed. */
export const models: readonly string[] = ['exact', ...shippedNetworks];

/** What a prompt asks for; words that nobody knows are skipped, and told with known ones that are near. */
export async function read(prompt: string): Promise<PromptWords> {
  promptOf(prompt);
  return (await images()).read(prompt);
}

/** Pictures: `data` or `pixels` of `sample`, or others of 32 x 32 pixels, as canvases have them. */
export type Pictures = Float32Array | Uint8ClampedArray | Uint8Array;

export interface MetricsOptions {
  /** What they were to show, in words. Anything, if it is left out. */
  prompt?: string | undefined;
}

/** Metrics of pictures against what their prompt truly stands for, and how often each style and background is read. */
export async function metrics(pictures: Pictures, options: MetricsOptions = {}): Promise<ImagesMetrics & { shares: Shares }> {
  const judgement = await judge(pictures, options);
  return { ...judgement.metrics, shares: judgement.shares };
}

/** What is seen in a picture: which of all true ones is nearest, and how it differs from that. */
export interface Reading extends Omit<ImagesReading, 'picture'> {
  picture: ImagesPicture;
}

/** What is seen in each of some pictures; null in one that is lost: its numbers are none, or beyond 1e9. */
export async function readings(pictures: Pictures, options: MetricsOptions = {}): Promise<(Reading | null)[]> {
  const core = await images();
  const { readings: seen } = await judge(pictures, options);
  return seen.map((reading) => reading && { ...reading, picture: core.describe(Uint32Array.of(reading.picture))[0]! });
}

async function judge(pictures: Pictures, options: MetricsOptions) {
  checkOptions(options, ['prompt']);
  const prompt = promptOf(options.prompt ?? '');
  const core = await images();
  return core.judge(dataOf(pictures, { scale: core.scale, mean: core.meanColour() }), prompt);
}

export interface TruthOptions {
  /** How many: 1 to 65536. 16, if it is left out. */
  pictures?: number | undefined;
  /** An integer from 0 to 2^53 - 1; 1, if it is left out. */
  seed?: number | undefined;
}

/** Perfect samples of a prompt, which others may be compared with. */
export interface TrueSamples {
  pixels: Uint8ClampedArray<ArrayBuffer>;
  data: Float32Array;
  pictures: ImagesPicture[];
  credits: string;
}

/** Perfect samples of a prompt. */
export async function truth(prompt: string, options: TruthOptions = {}): Promise<TrueSamples> {
  checkOptions(options, ['pictures', 'seed']);
  const { pictures = 16, seed = 1 } = options;
  promptOf(prompt);
  if (typeof pictures !== 'number' || typeof seed !== 'number') {
    throw invalid('The number of pictures and the seed have to be numbers.', 'Leave them out, or give integers.');
  }
  const core = await images();
  const places = core.truth(prompt, seed, pictures);
  const data = core.truePictures(places);
  const pixels = core.colours(data) as Uint8ClampedArray<ArrayBuffer>;
  return { pixels, data, pictures: core.describe(places), credits: core.credits() };
}

/**
 * Gives a network of pictures of your own a name, by which schemes can have it. `bytes` are those of a safetensors file as
 * weights/images/export.py writes it.
 */
export async function addModel(name: string, bytes: Uint8Array | ArrayBuffer): Promise<void> {
  if (typeof name !== 'string' || name === '') throw invalid('A model needs a name, a text.', 'Call addModel(name, bytes).');
  if (models.includes(name)) throw invalid(`The name “${name}” is taken.`, 'Give the model another name.');
  if (!(bytes instanceof Uint8Array || bytes instanceof ArrayBuffer)) {
    const message = 'The bytes of a model have to be a Uint8Array or an ArrayBuffer.';
    throw new AdvisedError('invalid', message, 'Read the whole safetensors file into one.');
  }
  (await images()).addNetwork(name, new Uint8Array(bytes));
}
