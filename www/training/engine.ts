// What computes the iterations of a job's runs: the processor, or a graphics device. Either goes on with what the other has left.
import type { TrainingEngine, TrainingRun } from './job.js';

export interface Engine extends Readonly<TrainingEngine> {
  /** A run from the start, or from where it stood. */
  open(run: TrainingRun, checkpoint: Uint8Array | null): Promise<EngineRun>;
}

export interface EngineRun {
  /** Iterations done. */
  readonly iteration: number;
  /** Goes on by one to `most` iterations; the losses of their batches. */
  advance(most: number): Promise<ArrayLike<number>>;
  /** The averaged network as a file. */
  network(): Promise<Uint8Array<ArrayBuffer>>;
  /** Where it stands as a file: after the last iteration that is done. */
  checkpoint(): Promise<Uint8Array<ArrayBuffer>>;
  free(): void;
}
