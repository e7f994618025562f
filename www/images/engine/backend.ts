// What backends of pictures have beside what every lab's have: the pictures after each step, which are kept where the page reads
// them, so that the clock goes to any of them at once.
import type { ImagesJudgement, ImagesReading } from '../../../pkg/images/guidance_playground.js';
import type { Backend, LabTypes, RunRecord } from '../../engine/backend.js';
import type { ImagesConfig } from '../config.js';

/** What pictures look like to whoever draws them. */
export interface World {
  /** A colour from 0 to 1 is `scale` times a number of data, and the mean colour: red, green, blue. */
  scale: number;
  mean: readonly [number, number, number];
  /** Numbers of a picture: rows from the top, of pixels of red, green and blue. */
  numbers: number;
  /** Whose pictures the sprites are, to be said wherever pictures are shown. */
  credits: string;
}

type Judged = ImagesJudgement['metrics'];

/** What a run comes to: its metrics by their names, null of those that its prompt says nothing about, and what they are of. */
export type ImagesResult = Judged['estimates'] & {
  /** What is seen in each picture; null in one that is lost. */
  readings: (ImagesReading | null)[];
  /** How often each style and background is read, in the order of the vocabulary's lists. */
  shares: ImagesJudgement['shares'];
  /** What a perfect sampler tends to with more and more pictures. */
  truths: Judged['truths'];
  samples: number;
  lost: number;
};

export function resultOf({ readings, shares, metrics: { estimates, truths, samples, lost } }: ImagesJudgement): ImagesResult {
  return { ...estimates, readings, shares, truths, samples, lost };
}

export interface ImagesTypes extends LabTypes {
  config: ImagesConfig;
  metrics: ImagesResult;
  backend: ImagesBackend;
}

export type ImagesRecord = RunRecord<ImagesTypes>;

/** All pictures of a run after some steps, as data. */
export interface Frame {
  /** Where they are: at the beginning noise. */
  data: Float32Array;
  /** The guided estimates of the last step; at the beginning the noise. */
  estimates: Float32Array;
}

export interface ImagesBackend extends Backend<ImagesRecord> {
  /** After `step` steps; null where the run has not come so far. */
  frame(record: ImagesRecord, step: number): Frame | null;
}

/** Data as colours: red, green, blue and opacity of each pixel, as canvases have them. */
export function pixelsOf({ scale, mean }: World, data: Float32Array): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray((data.length / 3) * 4).fill(255);
  for (let pixel = 0; pixel < data.length / 3; pixel++) {
    for (let c = 0; c < 3; c++) pixels[4 * pixel + c] = 255 * (scale * data[3 * pixel + c]! + mean[c]!);
  }
  return pixels;
}
