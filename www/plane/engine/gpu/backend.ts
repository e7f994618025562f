// The graphics device's engine, as the page's main thread sees it: one worker that does everything.
import type { Metrics } from '../../../../pkg/guidance_playground.js';
import { RemoteCanvases } from '../../drawing/remote-canvases.js';
import type { Renderer } from '../../drawing/scene.js';
import { identified, type DataId } from '../../../scheme/data.js';
import type { GpuBackend as Device, Listener } from '../../../engine/backend.js';
import type { PlaneBackend, PlaneRecord } from '../backend.js';
import { DataSupply } from '../../../engine/data-supply.js';
import { AdvisedError, toFailure } from '../../../engine/failure.js';
import { supplyNetworks } from '../../../engine/networks.js';
import '../../networks.js';
import { openWorker } from '../../../engine/open-worker.js';
import workerAddress from './gpu-worker.ts?worker&url';
import type { Order, Reply } from './protocol.js';

/** Opening the device and its shaders should take a fraction of this; in software all takes longer. */
const patience = { hardware: 10_000, software: 60_000 };

type Measure = (positions: Float32Array, distribution: string) => Promise<Metrics>;

export class GpuBackend implements PlaneBackend, Device<PlaneRecord> {
  readonly kind = 'webgpu';
  description = '';
  parallel = false;
  drawn = 1;
  pace = 0;
  readonly #worker = openWorker(workerAddress);
  readonly #data = new DataSupply((order) => this.#send(order));
  readonly #records = new Map<number, PlaneRecord>();
  readonly #reads = new Map<number, (positions: Float32Array | null) => void>();
  readonly #canvases = new RemoteCanvases(
    (order, transfer) => {
      if (order.type === 'draw') for (const { picture } of order.pictures) this.#data.tell(picture.distribution as DataId);
      this.#send(order, transfer);
    },
    () =>
      this.#stop({
        code: 'gpu-canvas',
        message: 'A canvas could not be handed to WebGPU: something else draws on it.',
        advice: 'Reload the page to try again.',
      }),
  );
  #requests = 0;
  #disposed = false;

  private constructor(
    private readonly measure: Measure,
    private readonly listener: Listener,
  ) {}

  /** Throws what the device or the browser refuses. */
  static open(core: WebAssembly.Module, software: boolean, measure: Measure, listener: Listener): Promise<GpuBackend> {
    return new Promise((resolve, reject) => {
      let opened = false;
      const backend = new GpuBackend(measure, {
        changed: () => listener.changed(),
        stopped: (failure) => (opened ? listener.stopped(failure) : refuse(failure)),
      });
      const refuse = ({ code, message, advice }: { code: string; message: string; advice: string }) => {
        clearTimeout(timeout);
        backend.dispose();
        reject(new AdvisedError(code, message, advice));
      };
      const timeout = setTimeout(
        () => refuse({ code: 'gpu-slow', message: 'WebGPU was too slow to open.', advice: 'Reload the page to try again.' }),
        software ? patience.software : patience.hardware,
      );
      backend.#worker.onmessage = ({ data: reply }: MessageEvent<Reply>) => {
        if (reply.type !== 'ready') return backend.#receive(reply);
        opened = true;
        clearTimeout(timeout);
        backend.description = reply.description;
        backend.parallel = !reply.software;
        resolve(backend);
      };
      backend.#worker.onerror = (event) => {
        event.preventDefault();
        backend.#stop({
          code: 'gpu-stopped',
          message: 'The worker of the WebGPU engine could not be started, or stopped without a word.',
          advice: 'Reload the page to try again.',
        });
      };
      backend.#send({ type: 'load', core, software });
    });
  }

  start(record: PlaneRecord): void {
    this.#records.set(record.id, record);
    const { id, rank, purpose } = record;
    const config = identified(record.config);
    this.#data.tell(config.distribution);
    this.#send({ type: 'open', run: id, config, rank, seen: purpose !== 'sample' });
    if (record.resting) this.reconsider();
  }

  cancel(record: PlaneRecord): void {
    this.#send({ type: 'cancel', run: record.id });
  }

  release(record: PlaneRecord): void {
    this.#records.delete(record.id);
    this.#send({ type: 'release', run: record.id });
  }

  get reading(): boolean {
    return this.#reads.size > 0;
  }

  positions(record: PlaneRecord, step: number): Promise<Float32Array | null> {
    return this.#read((request) => ({ type: 'positions', request, run: record.id, step }));
  }

  paths(record: PlaneRecord, particles: Uint32Array): Promise<Float32Array | null> {
    return this.#read((request) => ({ type: 'paths', request, run: record.id, particles }));
  }

  renderer(canvas: HTMLCanvasElement): Renderer {
    return this.#canvases.renderer(canvas);
  }

  reconsider(): void {
    const runs = [...this.#records.values()].filter(({ resting }) => resting).map(({ id }) => id);
    this.#send({ type: 'rest', runs });
  }

  /** Loses the device on purpose. */
  lose(): void {
    this.#send({ type: 'lose' });
  }

  dispose(): void {
    this.#disposed = true;
    this.#worker.terminate();
    this.#canvases.dispose();
    for (const resolve of this.#reads.values()) resolve(null);
    this.#reads.clear();
  }

  /** Null where nobody can answer any more. */
  #read(order: (request: number) => Order): Promise<Float32Array | null> {
    if (this.#disposed) return Promise.resolve(null);
    const request = ++this.#requests;
    this.#send(order(request));
    return new Promise((resolve) => this.#reads.set(request, resolve));
  }

  #send(order: Order, transfer: Transferable[] = []): void {
    if (!this.#disposed) this.#worker.postMessage(order, transfer);
  }

  #stop(failure: { code: string; message: string; advice: string }): void {
    if (!this.#disposed) this.listener.stopped(failure);
  }

  #receive(reply: Exclude<Reply, { type: 'ready' }>): void {
    if (reply.type === 'stopped') return this.#stop(reply.failure);
    if (reply.type === 'thinned') {
      this.drawn = reply.share;
      return this.listener.changed();
    }
    if (reply.type === 'positions') {
      this.#reads.get(reply.request)?.(reply.positions);
      this.#reads.delete(reply.request);
      return;
    }
    const record = this.#records.get(reply.run);
    if (!record) return;
    switch (reply.type) {
      case 'missing':
        void supplyNetworks(
          record,
          reply.names,
          (name, bytes) => this.#send({ type: 'network', name, bytes }),
          () => record.changed(),
        );
        return;
      case 'opened':
        record.noiseLevels = reply.noiseLevels;
        record.weights = reply.weights;
        record.started = true;
        break;
      case 'advanced':
        record.stepsDone = reply.stepsDone;
        record.evaluations = reply.evaluations;
        record.milliseconds = reply.milliseconds;
        if (record.stepsDone < record.steps) break;
        this.pace = reply.pace;
        break;
      case 'ended':
        return void this.#finish(record, reply.positions);
      case 'failed':
        record.failure = reply.failure;
    }
    record.changed();
  }

  /** The evaluator sits in a worker of the processor's engine, so that no picture waits for it. */
  async #finish(record: PlaneRecord, positions: Float32Array): Promise<void> {
    try {
      record.metrics = await this.measure(positions, record.config.distribution);
    } catch (thrown) {
      record.failure = toFailure(thrown);
    }
    record.changed();
  }
}
