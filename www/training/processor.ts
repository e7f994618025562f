// In the coordinator: runs on the processor. Workers compute the shards of each iteration, over ports: they are handed its weights, and
// what they send back is summed in the order of the shards, so that their number changes no bit.
import type { Training } from '../../pkg/training/guidance_playground.js';
import { asError } from '../engine/failure.js';
import { describeWorkers } from '../engine/pool.js';
import type { Engine, EngineRun } from './engine.js';
import type { TrainingRun } from './job.js';
import { HeldRun, makeTraining } from './make.js';
import type { ShardOrder, ShardReply, ShardScalars } from './protocol.js';
import { configOf } from './queue.js';

/** Who waits for an iteration. */
interface Waiting {
  done: () => void;
  fail: (reason: unknown) => void;
}

/** A worker, and what is handed to it and back. */
interface Member {
  port: MessagePort;
  shards: [from: number, to: number];
  room: Float32Array<ArrayBuffer>;
  /** Of the present iteration, once they have come. */
  scalars: ShardScalars[] | null;
}

export class Processor implements Engine {
  readonly kind = 'cpu';
  readonly description: string;
  #members: Member[] = [];
  #waiting: Waiting | null = null;
  /** What a worker has said that cannot go on. */
  #failure: Error | null = null;

  constructor(
    private readonly workers: readonly MessagePort[],
    instructionSet: string,
    readonly notice: string,
  ) {
    this.description = describeWorkers(workers.length, instructionSet);
    workers.forEach((worker, index) => (worker.onmessage = ({ data }: MessageEvent<ShardReply>) => this.#receive(index, data)));
  }

  async open(run: TrainingRun, checkpoint: Uint8Array | null): Promise<EngineRun> {
    const training = makeTraining(run, checkpoint);
    const workers = this.workers.slice(0, training.shards);
    this.#members = workers.map((port, index) => {
      port.postMessage({ type: 'run', config: configOf(run) } satisfies ShardOrder);
      const [from, to] = [index, index + 1].map((i) => Math.floor((i * training.shards) / workers.length)) as [number, number];
      return { port, shards: [from, to], room: new Float32Array(training.room(to - from)), scalars: null };
    });
    return new HeldRun(training, () => this.#iterate(training));
  }

  async #iterate(training: Training): Promise<void> {
    if (this.#failure) throw this.#failure;
    training.begin();
    const { iteration } = training;
    for (const member of this.#members) {
      const { port, shards, room } = member;
      training.weights(room);
      member.scalars = null;
      port.postMessage({ type: 'iterate', iteration, room, shards } satisfies ShardOrder, [room.buffer]);
    }
    await new Promise<void>((done, fail) => (this.#waiting = { done, fail }));
    for (const { room, scalars } of this.#members) {
      scalars!.forEach(({ gain, loss }, at) => training.add(room, at, gain, loss));
    }
  }

  #receive(index: number, reply: ShardReply): void {
    if (reply.type === 'failed') {
      this.#failure = asError(reply.failure);
      this.#waiting?.fail(this.#failure);
      return;
    }
    const { room, scalars } = reply;
    Object.assign(this.#members[index]!, { room, scalars } satisfies Partial<Member>);
    if (this.#members.every(({ scalars }) => scalars)) this.#waiting?.done();
  }
}
