// What the page, the coordinator and the workers that compute say to each other.
import type { TrainingConfig } from '../../pkg/training/guidance_playground.js';
import type { Failure } from '../engine/types.js';
import type { TrainingEnd, TrainingProgress, TrainingRun, TrainingSnapshot } from './job.js';

/** To the coordinator. */
export type Order =
  | {
      type: 'start';
      core: WebAssembly.Module;
      job: TrainingRun[];
      name: string | null;
      /** A worker's, where one trains. */
      device: { port: MessagePort; description: string } | null;
      /** Why none trains, where there is something to say. */
      notice: string;
    }
  /** Those with shards, once they were asked for. */
  | { type: 'workers'; ports: MessagePort[] }
  /** The device's worker has died. */
  | { type: 'lost'; failure: Failure }
  | { type: 'pause' }
  | { type: 'go on' }
  /** What there is now is kept, whatever comes. */
  | { type: 'keep' }
  | { type: 'stop' };

/** From the coordinator. */
export type Reply =
  | { type: 'progress'; progress: TrainingProgress }
  | { type: 'snapshot'; snapshot: TrainingSnapshot }
  /** The processor is to train: no device is needed, or not any more, but workers with shards are. */
  | { type: 'processor' }
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
  /** The room begins with the weights of the iteration, and comes back with sums in their place. */
  | { type: 'iterate'; iteration: number; room: Float32Array<ArrayBuffer>; shards: [from: number, to: number] };

/** What a shard adds to an iteration beside its matrices. */
export interface ShardScalars {
  gain: number;
  loss: number;
}

/** And back: the same room, with the sums of these shards, in their order. */
export type ShardReply = { type: 'sums'; room: Float32Array<ArrayBuffer>; scalars: ShardScalars[] } | { type: 'failed'; failure: Failure };

/** To the worker of a device, at first. */
export interface DeviceOpening extends Opening {
  /** Whether one in software will do. */
  software: boolean;
}

/** And back, to the page. */
export type DeviceOpened = { type: 'ready'; description: string; software: boolean } | { type: 'refused'; failure: Failure };

/** From the coordinator to the worker of a device. */
export type DeviceOrder =
  | { type: 'open'; config: Partial<TrainingConfig>; checkpoint: Uint8Array | null }
  | { type: 'advance'; most: number }
  | { type: 'network' }
  | { type: 'checkpoint' };

/** What each order is answered by. */
export interface DeviceAnswers {
  /** The iteration that it stands at. */
  open: number;
  /** Losses. */
  advance: Float64Array;
  network: Uint8Array<ArrayBuffer>;
  checkpoint: Uint8Array<ArrayBuffer>;
}

/** And back: answers in the order of the orders, and once that the device is lost. */
export type DeviceReply =
  | { type: 'done'; value: DeviceAnswers[DeviceOrder['type']] }
  | { type: 'failed'; failure: Failure }
  | { type: 'lost'; failure: Failure };
