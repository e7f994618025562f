// The graphics device's engine of points, which also draws them.
import type { Metrics } from '../../../../pkg/guidance_playground.js';
import type { Listener } from '../../../engine/backend.js';
import { DataSupply } from '../../../engine/data-supply.js';
import { DeviceBackend } from '../../../engine/gpu/backend.js';
import { type DataId, type Identified, identified } from '../../../scheme/data.js';
import type { RunConfig } from '../../../scheme/scheme.js';
import { RemoteCanvases } from '../../drawing/remote-canvases.js';
import type { Renderer } from '../../drawing/scene.js';
import '../../networks.js';
import type { PlaneBackend, PlaneRecord, PlaneTypes } from '../backend.js';
import workerAddress from './gpu-worker.ts?worker&url';
import type { Order, Reply } from './protocol.js';

type Measure = (positions: Float32Array, distribution: string) => Promise<Metrics>;

export class GpuBackend extends DeviceBackend<PlaneTypes, Identified<RunConfig>, Order, Reply> implements PlaneBackend {
  drawn = 1;
  readonly #data = new DataSupply((order) => this.send(order));
  readonly #reads = new Map<number, (positions: Float32Array | null) => void>();
  readonly #canvases = new RemoteCanvases(
    (order, transfer) => {
      if (order.type === 'draw') for (const { picture } of order.pictures) this.#data.tell(picture.distribution as DataId);
      this.send(order, transfer);
    },
    () =>
      this.stop({
        code: 'gpu-canvas',
        message: 'A canvas could not be handed to WebGPU: something else draws on it.',
        advice: 'Reload the page to try again.',
      }),
  );
  #requests = 0;

  /** Throws what the device or the browser refuses. */
  static open(core: WebAssembly.Module, software: boolean, measure: Measure, listener: Listener): Promise<GpuBackend> {
    const backend = new GpuBackend(workerAddress, (ends, { distribution }) => measure(ends, distribution), listener);
    return backend.open({ type: 'load', core, software }, software);
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

  override dispose(): void {
    super.dispose();
    this.#canvases.dispose();
    for (const resolve of this.#reads.values()) resolve(null);
    this.#reads.clear();
  }

  protected override configOf({ config }: PlaneRecord): Identified<RunConfig> {
    const told = identified(config);
    this.#data.tell(told.distribution);
    return told;
  }

  protected override hear(reply: Reply): void {
    if (reply.type === 'thinned') {
      this.drawn = reply.share;
      this.listener.changed();
    } else {
      this.#reads.get(reply.request)?.(reply.positions);
      this.#reads.delete(reply.request);
    }
  }

  /** Null where nobody can answer any more. */
  #read(order: (request: number) => Order): Promise<Float32Array | null> {
    if (this.disposed) return Promise.resolve(null);
    const request = ++this.#requests;
    this.send(order(request));
    return new Promise((resolve) => this.#reads.set(request, resolve));
  }
}
