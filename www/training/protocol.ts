// What the page, the coordinator and the workers with shards say to each other.
import type { TrainingConfig } from '../../pkg/training/guidance_playground.js';
import type { Failure } from '../engine/types.js';
import type { TrainingEnd, TrainingProgress, TrainingRun, TrainingSnapshot } from './job.js';

/** To the coordinator. */
export type Order =
  | { type: 'start'; core: WebAssembly.Module; job: TrainingRun[]; name: string | null; workers: MessagePort[] }
  | { type: 'pause' }
  | { type: 'go on' }
  /** What there is now is kept, whatever comes. */
  | { type: 'keep' }
  | { type: 'stop' };

/** From the coordinator. */
export type Reply =
  | { type: 'progress'; progress: TrainingProgress }
  | { type: 'snapshot'; snapshot: TrainingSnapshot }
  | { type: 'paused' }
  | { type: 'ended'; end: TrainingEnd };

/** To a worker with shards, at first. */
export interface Opening {
  core: WebAssembly.Module;
  /** To the coordinator. */
  port: MessagePort;
}

/** From the coordinator to a worker with shards. */
export type ShardOrder =
  | { type: 'run'; config: Partial<TrainingConfig> }
  | { type: 'iterate'; iteration: number; weights: Float32Array<ArrayBuffer>; shards: [from: number, to: number] };

/** What a shard adds to an iteration. */
export interface ShardSums {
  matrices: Float32Array<ArrayBuffer>;
  gain: number;
  loss: number;
}

/** And back: the sums of these shards, in their order. */
export type ShardReply = { type: 'sums'; from: number; sums: ShardSums[] } | { type: 'failed'; failure: Failure };
