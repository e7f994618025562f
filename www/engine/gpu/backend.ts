// A graphics device's engine, as the page's main thread sees it: one worker that owns the device, and does everything.
import type { GpuBackend, LabTypes, Listener, RunRecord } from '../backend.js';
import { asError, toFailure } from '../failure.js';
import { supplyNetworks } from '../networks.js';
import { openWorker } from '../open-worker.js';
import type { Failure } from '../types.js';
import { inTime } from './lifetime.js';
import type { DeviceReply, RunOrder, RunReply } from './protocol.js';

/** `Config` is what a worker is told of a run; `Order` and `Reply` are what that of a lab is told, and tells, besides. */
export abstract class DeviceBackend<Of extends LabTypes, Config, Order, Reply> implements GpuBackend<RunRecord<Of>> {
  readonly kind = 'webgpu';
  description = '';
  parallel = false;
  pace = 0;
  abstract readonly reading: boolean;
  protected disposed = false;
  readonly #worker: Worker;
  readonly #records = new Map<number, RunRecord<Of>>();
  /** Heard while the device is being opened. */
  #opening: { ready: (reply: Extract<DeviceReply, { type: 'ready' }>) => void; refuse: (failure: Failure) => void } | null = null;

  protected constructor(
    workerAddress: string,
    /** Whoever else has the evaluator, so that no picture waits for it. */
    private readonly measure: (samples: Float32Array, config: Of['config']) => Promise<Of['metrics']>,
    protected readonly listener: Listener,
  ) {
    this.#worker = openWorker(workerAddress);
    this.#worker.onmessage = ({ data }: MessageEvent<DeviceReply | Reply>) => this.#receive(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.stop({
        code: 'gpu-stopped',
        message: 'The worker of the WebGPU engine could not be started, or stopped without a word.',
        advice: 'Reload the page to try again.',
      });
    };
  }

  /** What the worker is told of a run. */
  protected abstract configOf(record: RunRecord<Of>): Config;

  /** What only a worker of this lab tells. */
  protected abstract hear(reply: Reply): void;

  /** Gives the worker its first order; throws what the device or the browser refuses. */
  protected async open(order: Order, software: boolean): Promise<this> {
    try {
      const opening = new Promise<Extract<DeviceReply, { type: 'ready' }>>((ready, reject) => {
        this.#opening = { ready, refuse: (failure) => reject(asError(failure)) };
        this.send(order);
      });
      const { description, software: isSoftware } = await inTime(opening, software);
      this.description = description;
      this.parallel = !isSoftware;
      return this;
    } catch (thrown) {
      this.dispose();
      throw thrown;
    } finally {
      this.#opening = null;
    }
  }

  start(record: RunRecord<Of>): void {
    this.#records.set(record.id, record);
    const { id, purpose } = record;
    this.send({ type: 'open', run: id, config: this.configOf(record), purpose });
    if (record.resting) this.reconsider();
  }

  cancel(record: RunRecord<Of>): void {
    this.send({ type: 'cancel', run: record.id });
  }

  release(record: RunRecord<Of>): void {
    this.#records.delete(record.id);
    this.send({ type: 'release', run: record.id });
  }

  reconsider(): void {
    const runs = [...this.#records.values()].filter(({ resting }) => resting).map(({ id }) => id);
    this.send({ type: 'rest', runs });
  }

  lose(): void {
    this.send({ type: 'lose' });
  }

  dispose(): void {
    this.disposed = true;
    this.#worker.terminate();
  }

  protected send(order: RunOrder<Config> | Order, transfer: Transferable[] = []): void {
    if (!this.disposed) this.#worker.postMessage(order, transfer);
  }

  /** Nothing more comes of it. */
  protected stop(failure: Failure): void {
    if (this.disposed) return;
    if (this.#opening) this.#opening.refuse(failure);
    else this.listener.stopped(failure);
  }

  /** Hands the worker networks that it lacks for a run. */
  protected supply(record: RunRecord<Of>, names: string[]): void {
    void supplyNetworks(
      record,
      names,
      (name, bytes) => this.send({ type: 'network', name, bytes }),
      () => record.changed(),
    );
  }

  /** A run is at its end. */
  protected async finish(record: RunRecord<Of>, samples: Float32Array): Promise<void> {
    try {
      if (!record.superseded) record.metrics = await this.measure(samples, record.config);
    } catch (thrown) {
      record.failure = toFailure(thrown);
    }
    record.changed();
  }

  #receive(reply: DeviceReply | Reply): void {
    const shared = reply as DeviceReply;
    switch (shared.type) {
      case 'ready':
        return this.#opening?.ready(shared);
      case 'stopped':
        return this.stop(shared.failure);
      case 'missing':
      case 'opened':
      case 'advanced':
      case 'ended':
      case 'failed': {
        const record = this.#records.get(shared.run);
        return record && this.#receiveOf(record, shared);
      }
      default:
        return this.hear(reply as Reply);
    }
  }

  #receiveOf(record: RunRecord<Of>, reply: RunReply): void {
    switch (reply.type) {
      case 'missing':
        return this.supply(record, reply.names);
      case 'opened':
        record.noiseLevels = reply.noiseLevels;
        record.weights = reply.weights;
        record.started = true;
        break;
      case 'advanced':
        record.stepsDone = reply.stepsDone;
        record.evaluations = reply.evaluations;
        record.milliseconds = reply.milliseconds;
        if (record.stepsDone === record.steps) this.pace = reply.pace;
        break;
      case 'ended':
        return void this.finish(record, reply.samples);
      case 'failed':
        record.failure = reply.failure;
    }
    record.changed();
  }
}
