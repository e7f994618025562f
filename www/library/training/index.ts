// Training of networks: what `import ... from 'guidance-playground/training'` gives, in browsers and in Node. Its core is a build of
// its own, which nobody loads who does not train. In a page it works in the background, in Node in the thread that calls, in pieces.
import initialise, { instructionSet, Shards, type TrainingConfig } from '../../../pkg/training/guidance_playground.js';
import { asError } from '../../engine/failure.js';
import { findUnsupported } from '../../engine/support.js';
import { unlessAborted } from '../../engine/unless-aborted.js';
import { compileTrainingCore } from '../../training/core.js';
import type { Engine, EngineRun } from '../../training/engine.js';
import type { LossByNoise, TrainingEnd, TrainingListener, TrainingProgress, TrainingRun, TrainingSnapshot } from '../../training/job.js';
import { HeldRun, makeTraining, makeValidation, sumTo } from '../../training/make.js';
import { configOf, Queue } from '../../training/queue.js';
import { checkEngine, checkJob, startTraining, type TrainingOptions } from '../../training/training.js';
import { checkOptions, invalid } from '../options.js';
import { TimeSlices } from '../time-slices.js';

export type { LossByNoise, TrainingEnd, TrainingListener, TrainingProgress, TrainingRun, TrainingSnapshot } from '../../training/job.js';
export { startTraining, type TrainingHandle, type TrainingOptions } from '../../training/training.js';
export type { GuidanceError } from '../types.js';

export interface TrainOptions {
  /** What the data are: a name as `two-moons` or `tree-7`. The paper's tree, `tree-2`, if it is left out. */
  distribution?: string | undefined;
  /** Of which class, or of both for an unconditional model: `A`, `B` or `AB`. `A`, if it is left out. */
  classes?: 'A' | 'B' | 'AB' | undefined;
  /** Width of the hidden layers, 4 to 512. 64, if it is left out. */
  hidden?: number | undefined;
  /** 1 to 65,536. 4096, if it is left out. */
  iterations?: number | undefined;
  /** Particles a batch, 1 to 1,048,576. 4096, if it is left out. */
  batch?: number | undefined;
  /** Of weights and batches: an integer from 0 to 2^53 - 1. 0, if it is left out. */
  seed?: number | undefined;
  /** Of Student-t noise, above 2 and at most a million; noise is Gaussian, if it is left out. */
  degreesOfFreedom?: number | undefined;
  /**
   * What trains, in a page: `auto`: WebGPU where there is a graphics processor; `webgpu`: also where that is emulated in software; `cpu`:
   * workers. Each gives its own bits, nearly the same. `auto`, if it is left out. Node has `cpu` alone, which `auto` is there.
   */
  engine?: 'auto' | 'webgpu' | 'cpu' | undefined;
  /** Workers of the processor that share iterations, 1 to 16, in a page alone; as many as there are cores, if it is left out. Their number changes no bit. */
  workers?: number | undefined;
  /** Stops the work; the promise then fails with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Hears some ten times a second how far it is, and the curve of the loss. */
  progress?: ((progress: TrainingProgress) => void) | undefined;
  /** Hears twice a second the network as it is then, and those of the iterations that are kept: powers of two from 64 on, and multiples of 256. */
  snapshot?: ((snapshot: TrainingSnapshot) => void) | undefined;
}

export interface Trained {
  /** The averaged network as a safetensors file, which `addModel` takes. */
  network: Uint8Array<ArrayBuffer>;
  /** What the file says of it: data, condition, width, iterations, seed, batch, noise, each as text. */
  metadata: Record<string, string>;
  /** Means of the loss over some iterations each: the last iteration of each, and the mean. */
  curve: TrainingProgress['curve'];
  /** How far it is from the exact scores, by noise level: the loss at each, of which zero is the best. */
  lossByNoise: LossByNoise;
}

const options = [
  'distribution',
  'classes',
  'hidden',
  'iterations',
  'batch',
  'seed',
  'degreesOfFreedom',
  'engine',
  'workers',
  'signal',
  'progress',
  'snapshot',
] as const;

/** Trains a network on the exact scores of a distribution, as the autoguidance paper's toy does. */
export async function train(given: TrainOptions = {}): Promise<Trained> {
  checkOptions(given, [...options]);
  const { distribution, iterations = 4096, engine = 'auto', workers, signal, progress, snapshot, ...rest } = given;
  const run = { ...rest, ...(distribution !== undefined && { data: distribution }), iterations } as TrainingRun;
  const inPage = typeof document === 'object' && typeof Worker === 'function';
  if (workers !== undefined && !inPage) {
    throw invalid('Only a page has workers to train with.', 'Leave the option “workers” out: the result is the same to the last bit.');
  }
  checkEngine(engine);
  if (engine === 'webgpu' && !inPage) {
    throw invalid('Only a page has WebGPU to train with.', 'Leave the option “engine” out: the processor gives nearly the same numbers.');
  }
  checkJob([run]);
  signal?.throwIfAborted();
  let last: TrainingSnapshot | null = null;
  let curve: TrainingProgress['curve'] = { iterations: [], losses: [] };
  const listener: Required<Pick<TrainingListener, 'progress' | 'snapshot'>> = {
    progress(now) {
      curve = now.curve;
      progress?.(now);
    },
    snapshot(now) {
      last = now;
      snapshot?.(now);
    },
  };
  const end = inPage ? await background(run, listener, { engine, workers }, signal) : await here(run, listener, signal);
  if (end.type === 'failed') throw asError(end.failure);
  const { network, lossByNoise } = last!;
  return { network, metadata: metadataOf(network), curve, lossByNoise };
}

/** In workers. */
function background(
  run: TrainingRun,
  listener: Pick<TrainingListener, 'progress' | 'snapshot'>,
  options: TrainingOptions,
  signal?: AbortSignal,
): Promise<TrainingEnd> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      training.stop();
      reject(signal!.reason);
    };
    const ended = (end: TrainingEnd) => {
      signal?.removeEventListener('abort', stop);
      resolve(end);
    };
    const training = startTraining([run], { ...listener, ended }, options);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

let opening: Promise<unknown> | null = null;

async function open(): Promise<void> {
  const unsupported = await findUnsupported();
  if (unsupported) throw asError(unsupported);
  await initialise({ module_or_path: await compileTrainingCore() });
}

/** In this thread, shard by shard. */
async function here(
  run: TrainingRun,
  listener: Pick<TrainingListener, 'progress' | 'snapshot'>,
  signal?: AbortSignal,
): Promise<TrainingEnd> {
  opening ??= open().catch((thrown) => {
    opening = null;
    throw thrown;
  });
  await unlessAborted(opening, signal);
  const queue = new Queue([run], new Thread(new TimeSlices(signal)), makeValidation, listener);
  try {
    await queue.open(0);
    for (;;) {
      const end = await queue.advance();
      if (end) return end;
    }
  } finally {
    queue.close();
  }
}

class Thread implements Engine {
  readonly kind = 'cpu';
  readonly notice = '';

  constructor(private readonly slices: TimeSlices) {}

  get description(): string {
    return instructionSet();
  }

  async open(run: TrainingRun): Promise<EngineRun> {
    const training = makeTraining(run, null);
    const shards = new Shards(configOf(run) as TrainingConfig);
    const room = new Float32Array(training.room(1));
    const iterate = async () => {
      training.begin();
      training.weights(room);
      shards.begin(training.iteration, room);
      for (let shard = 0; shard < training.shards; ) {
        shard += await this.slices.work(training.shards - shard, (taken) => {
          for (let i = 0; i < taken; i++) {
            const { gain, loss } = sumTo(room, 0, shards, shard + i);
            training.add(room, 0, gain, loss);
          }
        });
      }
    };
    return new HeldRun(training, iterate, () => shards.free());
  }
}

/** The texts in the header of a safetensors file. */
function metadataOf(network: Uint8Array): Record<string, string> {
  const length = Number(new DataView(network.buffer, network.byteOffset).getBigUint64(0, true));
  const { __metadata__: metadata } = JSON.parse(new TextDecoder().decode(network.subarray(8, 8 + length)));
  return metadata;
}
