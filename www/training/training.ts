// Training in the background of a page: a coordinator, and workers that share its iterations.
import { findAdapter, softwareOnly } from '../engine/choice.js';
import { AdvisedError, asError, headline, toFailure } from '../engine/failure.js';
import { inTime } from '../engine/gpu/lifetime.js';
import { openWorker } from '../engine/open-worker.js';
import { workersFor } from '../engine/pool.js';
import { findUnsupported } from '../engine/support.js';
import type { EngineKind } from '../engine/types.js';
import { compileTrainingCore, compileTrainingGpuCore } from './core.js';
import coordinatorAddress from './coordinator-worker.ts?worker&url';
import deviceAddress from './device-worker.ts?worker&url';
import { mostIterations, type TrainingEnd, type TrainingListener, type TrainingRun } from './job.js';
import type { DeviceOpened, DeviceOpening, Opening, Order, Reply } from './protocol.js';
import shardWorkerAddress from './shard-worker.ts?worker&url';
import { hold } from './store.js';

export { left as leftTraining } from './store.js';

export interface TrainingHandle {
  /** Ends the iteration under way, and rests. */
  pause(): void;
  resume(): void;
  /** Ends the job: with its last network as a snapshot, if it has begun. Nothing of it is kept in the browser. */
  stop(): void;
}

export interface TrainingOptions {
  /**
   * Under which name the browser keeps where it stands, every few seconds, when it pauses and when its page is left; the same job
   * under the same name goes on from there, on the same engine to the same bits. One training at a time has a name, in all tabs: nothing is
   * kept of another.
   */
  name?: string | undefined;
  /**
   * What trains. `auto`, which it is if it is left out: WebGPU where there is a graphics processor; `webgpu`: also where that is emulated in
   * software; `cpu`: workers of the processor. Where WebGPU cannot be had, or is lost on the way, these go on, and progress says why.
   */
  engine?: EngineKind | 'auto' | undefined;
  /** Workers of the processor that share iterations; as many as there are cores, 16 at most, if it is left out. Their number changes no bit. */
  workers?: number | undefined;
}

/** Shards of an iteration, of which each worker needs one. */
const mostWorkers = 16;
/** Runs of a job. */
const mostRuns = 16;

/** Trains the runs of a job one after another. What is wrong with it is heard as its end. */
export function startTraining(job: readonly TrainingRun[], listener: TrainingListener, options: TrainingOptions = {}): TrainingHandle {
  const training = new BackgroundTraining(listener, options);
  void training.start([...job]);
  return training;
}

class BackgroundTraining implements TrainingHandle {
  readonly #workers = new Set<Worker>();
  #core: WebAssembly.Module | null = null;
  #coordinator: Worker | null = null;
  #device: Worker | null = null;
  #paused = false;
  #ended = false;
  /** Lets go of its name. */
  #release = () => {};
  readonly #leaving = () => this.#tell({ type: 'keep' });

  constructor(
    private readonly listener: TrainingListener,
    private readonly options: TrainingOptions,
  ) {}

  async start(job: TrainingRun[]): Promise<void> {
    const { engine = 'auto' } = this.options;
    try {
      checkJob(job);
      checkEngine(engine);
      const unsupported = await findUnsupported();
      if (unsupported) return this.#end({ type: 'failed', failure: unsupported, snapshot: null });
      const [core, trainer] = await Promise.all([compileTrainingCore(), this.#trainer(engine)]);
      if (this.#ended) return this.#close(this.#device);
      const name = await this.#hold();
      if (this.#ended) return;
      this.#core = core;
      const coordinator = this.#open(coordinatorAddress);
      coordinator.onmessage = ({ data }: MessageEvent<Reply>) => this.#receive(data);
      this.#coordinator = coordinator;
      coordinator.postMessage({ type: 'start', core, job, name, ...trainer } satisfies Order, trainer.device ? [trainer.device.port] : []);
      if (this.#paused) this.#tell({ type: 'pause' });
      addEventListener('pagehide', this.#leaving);
      document.addEventListener('visibilitychange', this.#leaving);
    } catch (thrown) {
      this.#end({ type: 'failed', failure: toFailure(thrown), snapshot: null });
    }
  }

  pause(): void {
    this.#paused = true;
    this.#tell({ type: 'pause' });
  }

  resume(): void {
    this.#paused = false;
    this.#tell({ type: 'go on' });
  }

  stop(): void {
    if (this.#coordinator) this.#tell({ type: 'stop' });
    else this.#end({ type: 'stopped' });
  }

  /** The name under which the browser keeps it; null where it keeps nothing. */
  async #hold(): Promise<string | null> {
    const { name } = this.options;
    if (name === undefined) return null;
    const over = new Promise<void>((release) => (this.#release = release));
    if (await hold(name, over)) return name;
    this.listener.unkept?.();
    return null;
  }

  /** The device, or why there is none. */
  async #trainer(engine: EngineKind | 'auto'): Promise<Pick<Extract<Order, { type: 'start' }>, 'device' | 'notice'>> {
    if (engine === 'cpu') return { device: null, notice: '' };
    try {
      return { device: await this.#openDevice(engine === 'webgpu'), notice: '' };
    } catch (thrown) {
      this.#close(this.#device);
      const reason = headline(toFailure(thrown));
      const notice = engine === 'webgpu' ? `WebGPU was asked for and cannot be had: ${reason} The CPU trains instead.` : reason;
      return { device: null, notice };
    }
  }

  async #openDevice(software: boolean): Promise<{ port: MessagePort; description: string }> {
    await findAdapter(software);
    const core = await compileTrainingGpuCore();
    const { port1, port2 } = new MessageChannel();
    const opening = new Promise<Extract<DeviceOpened, { type: 'ready' }>>((ready, refuse) => {
      let opened = false;
      const worker = this.#open(deviceAddress, () => {
        const message = 'The worker of the WebGPU engine could not be started, or stopped without a word.';
        const failure = { code: 'gpu-stopped', message, advice: 'Reload the page to try again.' };
        if (opened) this.#tell({ type: 'lost', failure });
        else refuse(asError(failure));
      });
      this.#device = worker;
      worker.onmessage = ({ data }: MessageEvent<DeviceOpened>) => {
        opened = true;
        if (data.type === 'ready') ready(data);
        else refuse(asError(data.failure));
      };
      worker.postMessage({ core, software, port: port2 } satisfies DeviceOpening, [port2]);
    });
    const { description, software: isSoftware } = await inTime(opening, software);
    if (isSoftware && !software) throw softwareOnly();
    return { port: port1, description };
  }

  /** Workers with shards, in the place of a device. */
  #openProcessor(): void {
    this.#close(this.#device);
    const { workers = workersFor(0) } = this.options;
    const ports: MessagePort[] = [];
    for (let i = 0; i < Math.min(Math.max(workers, 1), mostWorkers); i++) {
      const { port1, port2 } = new MessageChannel();
      this.#open(shardWorkerAddress).postMessage({ core: this.#core!, port: port2 } satisfies Opening, [port2]);
      ports.push(port1);
    }
    this.#coordinator!.postMessage({ type: 'workers', ports } satisfies Order, ports);
  }

  #open(address: string, failed = () => this.#fail()): Worker {
    const worker = openWorker(address);
    worker.onerror = (event) => {
      event.preventDefault();
      failed();
    };
    this.#workers.add(worker);
    return worker;
  }

  #close(worker: Worker | null): void {
    worker?.terminate();
    if (worker) this.#workers.delete(worker);
  }

  #fail(): void {
    const failure = {
      code: 'training-stopped',
      message: 'The training could not be started, or stopped without a word.',
      advice: 'Check the connection, then try again.',
    };
    this.#end({ type: 'failed', failure, snapshot: null });
  }

  #tell(order: Order): void {
    this.#coordinator?.postMessage(order);
  }

  #receive(reply: Reply): void {
    if (this.#ended) return;
    if (reply.type === 'progress') this.listener.progress?.(reply.progress);
    else if (reply.type === 'snapshot') this.listener.snapshot?.(reply.snapshot);
    else if (reply.type === 'paused') this.listener.paused?.();
    else if (reply.type === 'processor') this.#openProcessor();
    else this.#end(reply.end);
  }

  #end(end: TrainingEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#release();
    removeEventListener('pagehide', this.#leaving);
    document.removeEventListener('visibilitychange', this.#leaving);
    this.#workers.forEach((worker) => worker.terminate());
    this.#workers.clear();
    this.#coordinator = null;
    this.listener.ended(end);
  }
}

/** Refuses what the core does not see. */
export function checkJob(job: readonly TrainingRun[]): void {
  if (job.length < 1 || job.length > mostRuns) {
    throw new AdvisedError('invalid', `A training has 1 to ${mostRuns} networks, not ${job.length}.`, 'Train the others after these.');
  }
  for (const { iterations } of job) {
    if (!Number.isInteger(iterations) || iterations < 1 || iterations > mostIterations) {
      const message = `The iterations have to be an integer from 1 to ${mostIterations}, not ${iterations}.`;
      throw new AdvisedError('invalid', message, 'The paper’s main network has 4096, its guides 512.');
    }
  }
}

/** Refuses what is no engine's name. */
export function checkEngine(engine: string): void {
  if (engine === 'auto' || engine === 'webgpu' || engine === 'cpu') return;
  throw new AdvisedError('invalid', `There is no engine “${engine}”.`, 'Choose “auto”, “webgpu” or “cpu”.');
}
