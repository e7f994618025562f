// What crosses from and into the core of the thread that asks.
import { Training, Validation, type Shards } from '../../pkg/training/guidance_playground.js';
import type { EngineRun } from './engine.js';
import type { TrainingRun } from './job.js';
import type { ShardSums } from './protocol.js';
import { configOf } from './queue.js';

/** A run's state, from the start, or from where it stood. */
export function makeTraining(run: TrainingRun, checkpoint: Uint8Array | null): Training {
  return checkpoint ? Training.resume(checkpoint) : new Training(configOf(run));
}

/** What a run's networks are held to. */
export function makeValidation(run: TrainingRun): Validation {
  return new Validation(configOf(run));
}

/** Of a shard of the iteration that has begun. */
export function sumsOf(shards: Shards, shard: number): ShardSums {
  const matrices = shards.sums(shard) as Float32Array<ArrayBuffer>;
  return { matrices, gain: shards.gain, loss: shards.loss };
}

export function addTo(training: Training, { matrices, gain, loss }: ShardSums): void {
  training.add(matrices, gain, loss);
}

/** A run whose state this thread has. Of an iteration under way its checkpoint has the beginning, at once. */
export class HeldRun implements EngineRun {
  constructor(
    private readonly training: Training,
    /** Has all shards of an iteration summed. */
    private readonly iterate: () => Promise<void>,
    private readonly freed = () => {},
  ) {}

  get iteration(): number {
    return this.training.iteration;
  }

  async advance(): Promise<number[]> {
    await this.iterate();
    return [this.training.finish()];
  }

  async network(): Promise<Uint8Array<ArrayBuffer>> {
    return this.training.network() as Uint8Array<ArrayBuffer>;
  }

  async checkpoint(): Promise<Uint8Array<ArrayBuffer>> {
    return this.training.checkpoint() as Uint8Array<ArrayBuffer>;
  }

  free(): void {
    this.freed();
    this.training.free();
  }
}
