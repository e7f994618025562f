// Training in the background of a page: a coordinator, and workers that share its iterations.
import { AdvisedError, toFailure } from '../engine/failure.js';
import { openWorker } from '../engine/open-worker.js';
import { workersFor } from '../engine/pool.js';
import { findUnsupported } from '../engine/support.js';
import { compileTrainingCore } from './core.js';
import coordinatorAddress from './coordinator-worker.ts?worker&url';
import { mostIterations, type TrainingEnd, type TrainingListener, type TrainingRun } from './job.js';
import type { Opening, Order, Reply } from './protocol.js';
import shardWorkerAddress from './shard-worker.ts?worker&url';

export { saved as savedTraining } from './store.js';

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
   * under the same name goes on from there, to the same bits.
   */
  name?: string | undefined;
  /** Workers that share iterations; as many as there are cores, 16 at most, if it is left out. Their number changes no bit. */
  workers?: number | undefined;
}

/** Shards of an iteration, of which each worker needs one. */
const mostWorkers = 16;
/** Runs of a job. */
const mostRuns = 16;

/** Trains the runs of a job one after another. What is wrong with it is heard as its end. */
export function startTraining(job: readonly TrainingRun[], listener: TrainingListener, options: TrainingOptions = {}): TrainingHandle {
  const training = new BackgroundTraining(listener);
  void training.start([...job], options);
  return training;
}

class BackgroundTraining implements TrainingHandle {
  readonly #workers: Worker[] = [];
  #coordinator: Worker | null = null;
  #paused = false;
  #ended = false;
  readonly #leaving = () => this.#tell({ type: 'keep' });

  constructor(private readonly listener: TrainingListener) {}

  async start(job: TrainingRun[], { name = undefined, workers = workersFor(0) }: TrainingOptions): Promise<void> {
    try {
      checkJob(job);
      const unsupported = await findUnsupported();
      if (unsupported) return this.#end({ type: 'failed', failure: unsupported, snapshot: null });
      const core = await compileTrainingCore();
      if (this.#ended) return;
      const coordinator = this.#open(coordinatorAddress);
      coordinator.onmessage = ({ data }: MessageEvent<Reply>) => this.#receive(data);
      this.#coordinator = coordinator;
      const ports: MessagePort[] = [];
      for (let i = 0; i < Math.min(Math.max(workers, 1), mostWorkers); i++) {
        const { port1, port2 } = new MessageChannel();
        this.#open(shardWorkerAddress).postMessage({ core, port: port2 } satisfies Opening, [port2]);
        ports.push(port1);
      }
      coordinator.postMessage({ type: 'start', core, job, name: name ?? null, workers: ports } satisfies Order, ports);
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

  #open(address: string): Worker {
    const worker = openWorker(address);
    worker.onerror = (event) => {
      event.preventDefault();
      const failure = {
        code: 'training-stopped',
        message: 'The training could not be started, or stopped without a word.',
        advice: 'Check the connection, then try again.',
      };
      this.#end({ type: 'failed', failure, snapshot: null });
    };
    this.#workers.push(worker);
    return worker;
  }

  #tell(order: Order): void {
    this.#coordinator?.postMessage(order);
  }

  #receive(reply: Reply): void {
    if (this.#ended) return;
    if (reply.type === 'progress') this.listener.progress?.(reply.progress);
    else if (reply.type === 'snapshot') this.listener.snapshot?.(reply.snapshot);
    else if (reply.type === 'paused') this.listener.paused?.();
    else this.#end(reply.end);
  }

  #end(end: TrainingEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    removeEventListener('pagehide', this.#leaving);
    document.removeEventListener('visibilitychange', this.#leaving);
    this.#workers.forEach((worker) => worker.terminate());
    this.#workers.length = 0;
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
