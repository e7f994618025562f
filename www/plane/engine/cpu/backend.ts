// The processor's engine: several workers, each with a wasm instance of its own, and this thread, which hands out work.
//
// Workers know no run but only pieces of one (particles, what they carry, a few steps), so any of them can do any piece, and a
// run is cancelled by handing out no more. Particles that depend on each other are one piece. Memory that threads share is not
// used: it needs headers that an embedded page cannot have.
import type { Metrics, View } from '../../../../pkg/guidance_playground.js';
import { RemoteCanvases } from '../../drawing/remote-canvases.js';
import type { Renderer } from '../../drawing/scene.js';
import { identified, idOf, type DataId } from '../../../scheme/data.js';
import { papersTree } from '../../../scheme/scheme.js';
import type { CpuBackend as Processor, Listener } from '../../../engine/backend.js';
import type { PlaneBackend, PlaneRecord } from '../backend.js';
import { DataSupply } from '../../../engine/data-supply.js';
import { asError, toFailure, type AdvisedError } from '../../../engine/failure.js';
import { supplyNetworks } from '../../../engine/networks.js';
import '../../networks.js';
import { isSameSite, type Site } from '../outline.js';
import { Pace } from '../../../engine/pace.js';
import { describeWorkers, nextOf, openPoolWorker, workersFor } from '../../../engine/pool.js';
import type { TrajectoryOrder, TrajectoryReply, Order, Reply } from './protocol.js';
import trajectoryWorkerAddress from './trajectory-worker.ts?worker&url';
import { Work } from './work.js';
import workerAddress from './pool-worker.ts?worker&url';

/** Pieces that a worker has at hand: one to do, one to go on with. */
const mostPieces = 2;
/** Milliseconds between two pieces that go to the outlines until they are there. */
const outlineShare = 12;

/** A worker, as this thread sees it. */
interface PoolWorker {
  worker: Worker;
  ready: boolean;
  /** Pieces handed out and not yet back. */
  pieces: number;
  /** Runs that it has prepared. */
  opened: Set<number>;
  data: DataSupply;
}

interface Measurement {
  resolve: (metrics: Metrics) => void;
  reject: (failure: AdvisedError) => void;
}

export class CpuBackend implements PlaneBackend, Processor<PlaneRecord> {
  readonly kind = 'cpu';
  readonly parallel = false;
  drawn = 1;
  readonly #pool: PoolWorker[] = [];
  /** By distribution; null until a worker has said it. */
  readonly #overviews = new Map<DataId, View | null>();
  /** Keeps trajectories, and draws from them; there once there are runs. */
  #trajectoryWorker: Worker | null = null;
  readonly #canvases = new RemoteCanvases(
    (order, transfer) => this.#tellTrajectoryWorker(order, transfer),
    () =>
      this.listener.stopped({
        code: 'canvas',
        message: 'A canvas could not be handed to the worker that draws it: something else draws on it.',
        advice: 'Reload the page to try again.',
      }),
  );
  readonly #reads = new Map<number, (positions: Float32Array | null) => void>();
  /** Of runs that can still be drawn, and those still sampled. */
  readonly #works = new Map<number, Work>();
  readonly #active = new Set<Work>();
  readonly #measurements = new Map<number, Measurement>();
  pace = 0;
  readonly #pace = new Pace();
  #requests = 0;
  #instructionSet = '';
  /** Runs are to be expected here: only then are outlines and more than one worker of use. */
  #expectsRuns = false;
  #tracing = false;
  /** What is to be outlined, the most urgent last. */
  #sites: Site[] = [];
  /** Distributions of which everything is outlined, and those of which that is sketched. */
  readonly #outlined = new Set<DataId>();
  readonly #sketched = new Set<DataId>();
  #disposed = false;

  constructor(
    private readonly core: WebAssembly.Module,
    private readonly listener: Listener,
  ) {
    this.#addWorker();
  }

  get description(): string {
    return describeWorkers(this.#pool.length, this.#instructionSet);
  }

  /** Makes ready for runs: a worker for every core but one, which the page needs itself. */
  prepareForRuns(): void {
    this.#expectsRuns = true;
    while (this.#pool.length < workersFor(1)) this.#addWorker();
    this.#handOut();
  }

  start(record: PlaneRecord): void {
    const work = new Work(record);
    this.#works.set(record.id, work);
    this.#active.add(work);
    const ready = this.#pool.filter((poolWorker) => poolWorker.ready);
    // One of them also places the particles.
    ready.forEach((poolWorker, index) => this.#open(poolWorker, work, index === record.id % ready.length));
    this.#trace();
  }

  cancel(record: PlaneRecord): void {
    const work = this.#works.get(record.id);
    if (work) this.#stop(work);
  }

  release(record: PlaneRecord): void {
    this.cancel(record);
    this.#works.delete(record.id);
    this.#tellTrajectoryWorker({ type: 'release', run: record.id });
  }

  get reading(): boolean {
    return this.#reads.size > 0;
  }

  positions(record: PlaneRecord, step: number): Promise<Float32Array | null> {
    if (!record.started || step > record.stepsDone) return Promise.resolve(null);
    return this.#read((request) => ({ type: 'positions', request, run: record.id, step }));
  }

  paths(record: PlaneRecord, particles: Uint32Array): Promise<Float32Array | null> {
    if (record.stepsDone < record.steps) return Promise.resolve(null);
    return this.#read((request) => ({ type: 'paths', request, run: record.id, particles }));
  }

  renderer(canvas: HTMLCanvasElement): Renderer {
    return this.#canvases.renderer(canvas);
  }

  /** The metrics of endpoints, whichever engine made them. Always the same worker's: it has the evaluator. */
  measure(positions: Float32Array, distribution: string): Promise<Metrics> {
    const request = ++this.#requests;
    const [poolWorker] = this.#pool;
    const id = idOf(distribution);
    poolWorker!.data.tell(id);
    this.#send(poolWorker!, { type: 'measure', request, distribution: id, positions });
    return new Promise((resolve, reject) => this.#measurements.set(request, { resolve, reject }));
  }

  reconsider(): void {
    this.#handOut();
  }

  dispose(): void {
    this.#disposed = true;
    for (const { worker } of this.#pool) worker.terminate();
    this.#trajectoryWorker?.terminate();
    this.#canvases.dispose();
    for (const resolve of this.#reads.values()) resolve(null);
    this.#reads.clear();
  }

  /** Null where nobody can answer any more. */
  #read(order: (request: number) => TrajectoryOrder): Promise<Float32Array | null> {
    if (this.#disposed) return Promise.resolve(null);
    const request = ++this.#requests;
    this.#tellTrajectoryWorker(order(request));
    return new Promise((resolve) => this.#reads.set(request, resolve));
  }

  #tellTrajectoryWorker(order: TrajectoryOrder, transfer: Transferable[] = []): void {
    if (this.#disposed) return;
    this.#trajectoryWorker ??= this.#openTrajectoryWorker();
    this.#trajectoryWorker.postMessage(order, transfer);
  }

  #openTrajectoryWorker(): Worker {
    const hear = (reply: TrajectoryReply) => {
      if (reply.type === 'lacking') {
        this.#sites = reply.sites;
        return this.#trace();
      }
      if (reply.type === 'thinned') {
        this.drawn = reply.share;
        return this.listener.changed();
      }
      this.#reads.get(reply.request)?.(reply.positions);
      this.#reads.delete(reply.request);
    };
    return openPoolWorker(trajectoryWorkerAddress, hear, this.listener);
  }

  #addWorker(): void {
    const worker = openPoolWorker<Reply>(workerAddress, (reply) => this.#receive(poolWorker, reply), this.listener);
    const poolWorker: PoolWorker = {
      worker,
      ready: false,
      pieces: 0,
      opened: new Set(),
      data: new DataSupply((order) => worker.postMessage(order)),
    };
    this.#pool.push(poolWorker);
    const data = idOf(papersTree);
    poolWorker.data.tell(data);
    this.#send(poolWorker, { type: 'load', core: this.core, data });
  }

  #send(poolWorker: PoolWorker, order: Order): void {
    poolWorker.worker.postMessage(order);
  }

  #open(poolWorker: PoolWorker, work: Work, starts: boolean): void {
    work.placing ||= starts;
    const run = work.record.id;
    const config = identified(work.record.config);
    poolWorker.data.tell(config.distribution);
    this.#send(poolWorker, { type: 'open', run, config, starts });
  }

  /** Nobody works on it any more. */
  #stop(work: Work): void {
    if (!this.#active.delete(work)) return;
    for (const poolWorker of this.#pool) {
      poolWorker.opened.delete(work.record.id);
      if (poolWorker.ready) this.#send(poolWorker, { type: 'close', run: work.record.id });
    }
  }

  #receive(poolWorker: PoolWorker, reply: Reply): void {
    switch (reply.type) {
      case 'ready':
        return this.#whenReady(poolWorker, reply);
      case 'unavailable':
        return this.listener.stopped(reply.failure);
      case 'overview':
        this.#overviews.set(reply.distribution, reply.view);
        return this.listener.changed();
      case 'measured':
        return this.#settled(reply.request)?.resolve(reply.metrics);
      case 'unmeasured':
        return this.#settled(reply.request)?.reject(asError(reply.failure));
      case 'traced':
        return this.#traced(reply);
      default:
        return this.#receiveOf(poolWorker, this.#works.get(reply.run), reply);
    }
  }

  /** The part of the plane that data are in; null until a worker has said it, which the listener hears of. */
  overviewOf(distribution: string): View | null {
    const id = idOf(distribution);
    const asked = this.#pool.find(({ ready }) => ready);
    if (asked && !this.#overviews.has(id)) {
      this.#overviews.set(id, null);
      asked.data.tell(id);
      this.#send(asked, { type: 'overview', distribution: id });
    }
    return this.#overviews.get(id) ?? null;
  }

  #whenReady(poolWorker: PoolWorker, { instructionSet }: Extract<Reply, { type: 'ready' }>): void {
    poolWorker.ready = true;
    this.#instructionSet = instructionSet;
    for (const work of this.#active) this.#open(poolWorker, work, !work.placing);
    if (this.#pool.filter(({ ready }) => ready).length > 1) return;
    this.listener.changed();
    this.#trace();
  }

  #settled(request: number): Measurement | undefined {
    const measurement = this.#measurements.get(request);
    this.#measurements.delete(request);
    return measurement;
  }

  #traced({ site, sketch, rings, done }: Extract<Reply, { type: 'traced' }>): void {
    this.#tracing = false;
    if (done && !sketch) this.#sites = this.#sites.filter((other) => !isSameSite(other, site));
    if (done && !site.part) (sketch ? this.#sketched : this.#outlined).add(site.distribution);
    if (rings) this.#tellTrajectoryWorker({ type: 'outline', outlines: { site, rings } });
    this.#handOut();
  }

  #receiveOf(
    poolWorker: PoolWorker,
    work: Work | undefined,
    reply: Extract<Reply, { type: 'missing' | 'opened' | 'advanced' | 'failed' }>,
  ): void {
    if (reply.type === 'advanced') this.#pace.add(reply.piece.positions.length / 2);
    if (reply.type === 'advanced' || (reply.type === 'failed' && reply.piece)) poolWorker.pieces -= 1;
    // A reply of a run that has been stopped says nothing any more.
    if (work && this.#active.has(work)) this.#advance(poolWorker, work, reply);
    this.#handOut();
    if (this.#pool.every(({ pieces }) => pieces === 0)) this.#pace.end();
  }

  #advance(poolWorker: PoolWorker, work: Work, reply: Extract<Reply, { type: 'missing' | 'opened' | 'advanced' | 'failed' }>): void {
    const { record } = work;
    switch (reply.type) {
      case 'missing':
        void supplyNetworks(
          record,
          reply.names,
          (name, bytes) => this.#send(poolWorker, { type: 'network', name, bytes }),
          () => {
            if (record.failure) this.#stop(work);
            record.changed();
          },
        );
        break;
      case 'opened':
        poolWorker.opened.add(reply.run);
        if (!reply.starts) break;
        work.begin(reply.plan, reply.starts);
        this.#tellTrajectoryWorker({ type: 'begin', run: reply.run, starts: reply.starts }, [reply.starts.buffer]);
        // Another engine's panel that only this one can do: it needs workers and outlines as any.
        this.prepareForRuns();
        record.changed();
        break;
      case 'advanced':
        if (!this.#accept(work, reply)) break;
        if (record.stepsDone === record.steps) void this.#finish(work);
        record.changed();
        break;
      case 'failed':
        record.failure = reply.failure;
        this.#stop(work);
        record.changed();
    }
  }

  /** Takes a piece back, done, and hands it on; true if the run as a whole has come further. */
  #accept(work: Work, { run, piece, milliseconds }: Extract<Reply, { type: 'advanced' }>): boolean {
    const further = work.accept(piece, milliseconds);
    const { first, step, positions } = piece;
    const moved = { first, step, positions };
    this.#tellTrajectoryWorker({ type: 'moved', run, piece: moved, count: work.count(piece) }, [positions.buffer]);
    return further;
  }

  async #finish(work: Work): Promise<void> {
    const { record } = work;
    this.#stop(work);
    this.pace = this.#pace.rate;
    try {
      const ends = await this.positions(record, record.stepsDone);
      // Released meanwhile, or as good as that.
      if (!ends || record.superseded) return;
      record.metrics = await this.measure(ends, record.config.distribution);
    } catch (thrown) {
      record.failure = toFailure(thrown);
    }
    record.changed();
  }

  /** Gives every worker that can take one the next piece. */
  #handOut(): void {
    // A piece to each in turn, not all to the first.
    for (let pieces = 0; pieces < mostPieces; pieces++) {
      for (const poolWorker of this.#pool) {
        if (poolWorker.pieces > pieces) continue;
        const work = this.#nextWork(poolWorker);
        if (!work) continue;
        const taken = work.take();
        poolWorker.pieces += 1;
        this.#pace.begin();
        this.#send(poolWorker, { type: 'advance', run: work.record.id, ...taken });
      }
    }
    this.#trace();
  }

  #nextWork({ opened }: PoolWorker): Work | undefined {
    return nextOf(this.#active, ({ record, readiness }) => (opened.has(record.id) && !this.#lacksOutlines(record) ? readiness : null));
  }

  /**
   * Whether a run is to be seen over outlines that are not there yet: they stand before its first particle moves. For a preview a sketch
   * of them will do.
   */
  #lacksOutlines({ purpose, config }: PlaneRecord): boolean {
    const id = idOf(config.distribution);
    return purpose !== 'sample' && !this.#outlined.has(id) && !(purpose === 'preview' && this.#sketched.has(id));
  }

  /** Outlines of everything come before all runs; those of a part of it, between the pieces of runs that have begun. */
  #trace(): void {
    const poolWorker = this.#pool[0]!;
    if (this.#tracing || !this.#expectsRuns || !poolWorker.ready) return;
    const first = [...this.#active].find(({ record }) => !record.resting && this.#lacksOutlines(record));
    const site = first ? { distribution: idOf(first.record.config.distribution), part: null } : this.#sites.at(-1);
    // What no run waits for keeps none from being seen.
    if (!site || (!first && [...this.#active].some(({ record }) => record.preview || (site.part && !record.started)))) return;
    this.#tracing = true;
    poolWorker.data.tell(site.distribution);
    this.#send(poolWorker, { type: 'trace', milliseconds: outlineShare, site, sketch: first?.record.preview ?? false });
  }
}
