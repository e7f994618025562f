import { countLost } from '../../pkg/guidance_playground.js';
import { unlessAborted } from '../engine/unless-aborted.js';
import { forCore } from '../engine/for-core.js';
import { papersTree, type RunConfig } from '../scheme/scheme.js';
import { withModels } from './core.js';
import { schemeOf, type SchemeDescription } from './description.js';
import { checkOptions, invalid } from './options.js';
import { TimeSlices } from './time-slices.js';

export interface SampleOptions {
  /** How many: 1 to 1,048,576. 4096 if it is left out. */
  particles?: number | undefined;
  /** Of the starts, and of noise on the way: an integer from 0 to 2^53 - 1. 1 if it is left out. */
  seed?: number | undefined;
  /** What the data are: a name as `two-moons` or `tree-7`. The paper's tree, `tree-2`, if it is left out. */
  distribution?: string | undefined;
  /** Whether to keep where the particles are after every step. */
  paths?: boolean | undefined;
  /** Stops the work; the promise then fails with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Hears now and then which share of the work is done, up to 1. */
  progress?: ((done: number) => void) | undefined;
}

export interface Samples {
  /** Where the particles end: x0, y0, x1, y1, ... in units of the plane. */
  positions: Float32Array;
  /** How many of them are lost: a coordinate is no number, or too far away for `metrics`. Where all are, `sample` fails. */
  lost: number;
  /** Where they are at each noise level, all particles after one another: `noiseLevels.length` times `positions.length` numbers. */
  paths?: Float32Array;
  /** The levels that were stepped through, standard deviations of noise, highest first; the last is 0. */
  noiseLevels: Float64Array;
  /** The guidance weight of each step: one less than levels. 1 is no guidance. */
  weights: Float64Array;
  /** Evaluations of models for each particle; main and guide count one each. */
  evaluations: number;
  /** What makes the same samples again. */
  config: RunConfig;
}

/** Numbers in `paths`: 256 MB. */
const mostNumbers = 2 ** 26;
/** As many particles as the core moves at once. */
const tile = 96;

/** What makes samples, as `Samples` and exported files have it. */
export interface SampleConfig extends Pick<SampleOptions, 'particles' | 'seed' | 'distribution'> {
  scheme: string | SchemeDescription;
}

/** Samples class A of a distribution under a scheme, given by its name or a description; or by a `config`, over which options come. */
export async function sample(given: string | SchemeDescription | SampleConfig, options: SampleOptions = {}): Promise<Samples> {
  checkOptions(options, ['particles', 'seed', 'distribution', 'paths', 'signal', 'progress']);
  const isConfig = typeof given === 'object' && given !== null && 'scheme' in given;
  const { scheme: asked, ...said }: SampleConfig = isConfig ? given : { scheme: given };
  checkOptions(said, ['particles', 'seed', 'distribution']);
  const { particles = 4096, seed = 1, distribution = papersTree, paths: kept = false, signal, progress } = { ...said, ...options };
  const config: RunConfig = { scheme: schemeOf(asked, distribution), particles, seed, distribution };
  const sampler = await unlessAborted(
    withModels(config.scheme, distribution, (core) => core.sampler(forCore(config))),
    signal,
  );
  const slices = new TimeSlices(signal);
  try {
    const { steps, coupled, memory: carried } = sampler;
    const positions = new Float32Array(2 * particles);
    if (kept && (steps + 1) * positions.length > mostNumbers) {
      throw invalid(
        `The paths of ${particles} particles through ${steps} steps are more than memory should hold.`,
        `Ask for at most ${Math.floor(mostNumbers / (2 * steps + 2))} particles, or leave paths out.`,
      );
    }
    const paths = kept ? new Float32Array((steps + 1) * positions.length) : null;
    // Particles that depend on each other go together, a step at a time.
    const together = coupled ? particles : tile;
    for (let first = 0; first < particles; first += together) {
      const count = Math.min(together, particles - first);
      const memory = new Float32Array(carried * count);
      let now = sampler.starts(first, count);
      paths?.set(now, 2 * first);
      for (let step = 0; step < steps; ) {
        step += await slices.work(coupled ? 1 : steps - step, (taken) => {
          const path = sampler.advance(first, now, memory, step, taken);
          for (let i = 0; i < taken; i++) {
            now = path.subarray(i * now.length, (i + 1) * now.length);
            paths?.set(now, (step + 1 + i) * positions.length + 2 * first);
          }
          progress?.((first * steps + count * (step + taken)) / (particles * steps));
        });
      }
      positions.set(now, 2 * first);
    }
    const [noiseLevels, weights] = [sampler.noiseLevels(), sampler.weights()];
    const lost = countLost(positions);
    return { positions, lost, noiseLevels, weights, evaluations: sampler.evaluations(steps), config, ...(paths && { paths }) };
  } finally {
    sampler.free();
  }
}
