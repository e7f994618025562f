// In the coordinator: runs on the processor. Workers compute the shards of each iteration, over ports: they are handed its weights, and
// what they send back is summed in the order of the shards, so that their number changes no bit.
import type { Training } from '../../pkg/training/guidance_playground.js';
import { asError } from '../engine/failure.js';
import { describeWorkers } from '../engine/pool.js';
import type { Engine, EngineRun } from './engine.js';
import type { TrainingRun } from './job.js';
import { addTo, HeldRun, makeTraining } from './make.js';
import type { ShardOrder, ShardReply, ShardSums } from './protocol.js';
import { configOf } from './queue.js';

/** Who waits for an iteration. */
interface Waiting {
  done: () => void;
  fail: (reason: unknown) => void;
}

export class Processor implements Engine {
  readonly kind = 'cpu';
  readonly description: string;
  #sums: (ShardSums | undefined)[] = [];
  #missing = 0;
  #waiting: Waiting | null = null;
  /** What a worker has said that cannot go on. */
  #failure: Error | null = null;

  constructor(
    private readonly workers: readonly MessagePort[],
    instructionSet: string,
    readonly notice: string,
  ) {
    this.description = describeWorkers(workers.length, instructionSet);
    for (const worker of workers) worker.onmessage = ({ data }: MessageEvent<ShardReply>) => this.#receive(data);
  }

  async open(run: TrainingRun, checkpoint: Uint8Array | null): Promise<EngineRun> {
    const training = makeTraining(run, checkpoint);
    for (const worker of this.workers) worker.postMessage({ type: 'run', config: configOf(run) } satisfies ShardOrder);
    return new HeldRun(training, () => this.#iterate(training));
  }

  async #iterate(training: Training): Promise<void> {
    if (this.#failure) throw this.#failure;
    const weights = training.begin() as Float32Array<ArrayBuffer>;
    const { iteration, shards } = training;
    const { workers } = this;
    this.#sums = Array.from({ length: shards });
    this.#missing = shards;
    workers.forEach((worker, index) => {
      const [from, to] = [index, index + 1].map((i) => Math.floor((i * shards) / workers.length)) as [number, number];
      if (from < to) worker.postMessage({ type: 'iterate', iteration, weights, shards: [from, to] } satisfies ShardOrder);
    });
    await new Promise<void>((done, fail) => (this.#waiting = { done, fail }));
    for (const one of this.#sums) addTo(training, one!);
  }

  #receive(reply: ShardReply): void {
    if (reply.type === 'failed') {
      this.#failure = asError(reply.failure);
      this.#waiting?.fail(this.#failure);
      return;
    }
    reply.sums.forEach((one, index) => (this.#sums[reply.from + index] = one));
    this.#missing -= reply.sums.length;
    if (this.#missing === 0) this.#waiting?.done();
  }
}
