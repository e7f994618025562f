// What crosses from and into the core of the thread that asks.
import { Training, Validation, type Shards } from '../../pkg/training/guidance_playground.js';
import type { EngineRun } from './engine.js';
import type { TrainingRun } from './job.js';
import type { ShardScalars } from './protocol.js';
import { configOf } from './queue.js';

/** A run's state, from the start, or from where it stood. */
export function makeTraining(run: TrainingRun, checkpoint: Uint8Array | null): Training {
  return checkpoint ? Training.resume(checkpoint) : new Training(configOf(run));
}

/** What a run's networks are held to. */
export function makeValidation(run: TrainingRun): Validation {
  return new Validation(configOf(run));
}

/** The sums of a shard of the iteration that has begun, to their place among those in `room`. */
export function sumTo(room: Float32Array, at: number, shards: Shards, shard: number): ShardScalars {
  shards.sum(shard, room, at);
  return { gain: shards.gain, loss: shards.loss };
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
