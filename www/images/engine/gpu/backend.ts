// The graphics device's engine of pictures. The pictures after each step are kept here, and those of runs that are done here alone.
import type { Listener } from '../../../engine/backend.js';
import { DeviceBackend } from '../../../engine/gpu/backend.js';
import type { ImagesConfig } from '../../config.js';
import { supplyPictures } from '../../networks.js';
import type { Frame, ImagesBackend, ImagesRecord, ImagesResult, ImagesTypes } from '../backend.js';
import workerAddress from './gpu-worker.ts?worker&url';
import type { Opening, Order, Reply } from './protocol.js';

type Judge = (data: Float32Array, config: ImagesConfig) => Promise<ImagesResult>;

export class GpuBackend extends DeviceBackend<ImagesTypes, ImagesConfig, Order, Reply> implements ImagesBackend {
  readonly reading = false;
  /** By run, then by steps taken. */
  readonly #frames = new Map<number, Frame[]>();

  /** Throws what the device or the browser refuses. */
  static open(opening: Opening, judge: Judge, listener: Listener): Promise<GpuBackend> {
    return new GpuBackend(workerAddress, judge, listener).open({ type: 'load', ...opening }, opening.software);
  }

  override start(record: ImagesRecord): void {
    this.#frames.set(record.id, []);
    super.start(record);
  }

  /** What can still be drawn is here. */
  override cancel(record: ImagesRecord): void {
    this.send({ type: 'release', run: record.id });
  }

  override release(record: ImagesRecord): void {
    super.release(record);
    this.#frames.delete(record.id);
  }

  frame({ id, started, stepsDone }: ImagesRecord, step: number): Frame | null {
    return (started && step <= stepsDone && this.#frames.get(id)?.[step]) || null;
  }

  protected override configOf({ config }: ImagesRecord): ImagesConfig {
    return config;
  }

  protected override hear({ run, step, data, estimates }: Reply): void {
    const frames = this.#frames.get(run);
    if (frames) frames[step] = { data, estimates };
  }

  protected override supply(record: ImagesRecord, names: string[]): void {
    void supplyPictures(
      record,
      names,
      (name, bytes) => this.send({ type: 'network', name, bytes }),
      () => record.changed(),
    );
  }

  protected override finish(record: ImagesRecord, data: Float32Array): Promise<void> {
    this.cancel(record);
    return super.finish(record, data);
  }
}
