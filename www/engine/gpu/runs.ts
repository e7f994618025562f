// In the device's worker: all of its runs, each moved a little at a time.
import { toFailure } from '../failure.js';
import { type Configured, type Holder, NetworkQueue } from '../network-queue.js';
import { Pace } from '../pace.js';
import { type DeviceRun, Job } from './job.js';
import { lost } from './lifetime.js';
import type { DeviceReply, RunOrder } from './protocol.js';

/** What the core says of a device. */
interface Device {
  readonly description: string;
  readonly software: boolean;
  /** Resolves with the browser's words once it is lost. */
  lost(): Promise<string>;
}

/** What differs from lab to lab. */
export interface RunsOf<Config extends Configured, Run extends DeviceRun> {
  /** Runs that the device moves at once: one waits for what is read of another. */
  readonly atOnce: number;
  /** Who keeps the networks of a run, and names of those that are missing there. */
  lacking(config: Config): [Holder, string[]];
  open(order: Extract<RunOrder<Config>, { type: 'open' }>): Promise<Run>;
  /** Its samples. */
  count(run: Run): number;
  /** Where they are when it is done. */
  ends(run: Run): Promise<Float32Array>;
  /** Something that the device has to do before it moves this job, or where there is none to be moved. */
  errand?(job: Job<Config, Run> | undefined): Promise<void> | null;
}

export class DeviceRuns<Config extends Configured, Run extends DeviceRun> {
  readonly #queue: NetworkQueue<Config>;
  readonly #jobs = new Map<number, Job<Config, Run>>();
  /** Runs being prepared, which may be given up meanwhile. */
  readonly #preparing = new Set<number>();
  /** They are prepared one after the other: what is compiled for one, the next has. */
  #prepared = Promise.resolve();
  /** Runs that nobody sees just now. */
  #resting = new Set<number>();
  readonly #pace = new Pace();
  /** Things that the device has in hand. */
  #inHand = 0;
  /** When the last of them was done. */
  #done = 0;

  constructor(
    private readonly lab: RunsOf<Config, Run>,
    private readonly send: (reply: DeviceReply) => void,
  ) {
    this.#queue = new NetworkQueue(
      (config) => lab.lacking(config),
      (run, names) => send({ type: 'missing', run, names }),
      (run, failure) => send({ type: 'failed', run, failure }),
    );
  }

  /** Says what has been opened, and when it is lost. */
  begin(device: Device): void {
    void device.lost().then((reason) => this.send({ type: 'stopped', failure: lost(reason) }));
    this.send({ type: 'ready', description: device.description, software: device.software });
  }

  hear(order: Exclude<RunOrder<Config>, { type: 'lose' }>): void {
    switch (order.type) {
      case 'network':
        return this.#queue.receive(order.name, order.bytes);
      case 'open':
        this.#preparing.add(order.run);
        return this.#queue.enter(order.run, order.config, () => {
          this.#prepared = this.#prepared.then(() => this.#open(order));
        });
      case 'cancel':
      case 'release':
        this.#queue.leave(order.run);
        this.#preparing.delete(order.run);
        if (order.type === 'cancel') {
          this.#jobs.get(order.run)?.cancel();
        } else {
          this.#jobs.get(order.run)?.release();
          this.#jobs.delete(order.run);
        }
        return this.work();
      case 'rest':
        this.#resting = new Set(order.runs);
        return this.work();
    }
  }

  get jobs(): ReadonlyMap<number, Job<Config, Run>> {
    return this.#jobs;
  }

  get preparing(): boolean {
    return this.#preparing.size > 0;
  }

  /** Hands the device what it is to do next. */
  work(): void {
    while (this.#inHand < this.lab.atOnce) {
      const job = this.#next();
      const task = this.lab.errand?.(job) ?? (job && this.#advance(job));
      if (!task) return;
      this.#inHand += 1;
      void task.finally(() => {
        this.#inHand -= 1;
        this.work();
      });
    }
  }

  /** A run's own fault, as a scheme that the device cannot do, fails the run; the device's, or one that nobody foresaw, stops
   * the engine. */
  fail(run: number, thrown: unknown): void {
    const failure = toFailure(thrown);
    if (failure.code.startsWith('gpu-') || failure.code === 'unexpected') this.send({ type: 'stopped', failure });
    else this.send({ type: 'failed', run, failure });
  }

  async #open(order: Extract<RunOrder<Config>, { type: 'open' }>): Promise<void> {
    const { run: id, config, purpose } = order;
    if (!this.#preparing.has(id)) return;
    try {
      const run = await this.lab.open(order);
      const job = new Job(id, run, config, purpose);
      if (!this.#preparing.delete(id)) return job.release();
      this.#jobs.set(id, job);
      this.send({ type: 'opened', run: id, noiseLevels: run.noiseLevels(), weights: run.weights() });
      this.work();
    } catch (thrown) {
      this.#preparing.delete(id);
      this.fail(id, thrown);
    }
  }

  /** The most urgent first; of those the least advanced, so that all panels keep one pace. What nobody sees, waits. */
  #next(): Job<Config, Run> | undefined {
    return [...this.#jobs.values()]
      .filter((job) => job.ready && !this.#resting.has(job.id))
      .sort((a, b) => a.rank - b.rank || a.progress - b.progress)[0];
  }

  /** What a job tells is read before its run can be freed. */
  async #advance(job: Job<Config, Run>): Promise<void> {
    const { run } = job;
    const { stepsDone: before } = run;
    const begun = performance.now();
    this.#pace.begin();
    try {
      await job.use(async () => {
        const samples = await job.advance((run) => this.lab.ends(run));
        // Of two that are moved at once, the one waits for the other.
        job.milliseconds += performance.now() - Math.max(begun, this.#done);
        this.#done = performance.now();
        const { stepsDone } = run;
        this.#pace.add((stepsDone - before) * this.lab.count(run));
        const { id, milliseconds } = job;
        const evaluations = run.evaluations(stepsDone);
        this.send({ type: 'advanced', run: id, stepsDone, evaluations, milliseconds, pace: this.#pace.rate });
        if (samples) this.send({ type: 'ended', run: id, samples });
      });
    } catch (thrown) {
      job.cancel();
      this.fail(job.id, thrown);
    } finally {
      if (this.#inHand === 1) this.#pace.end();
    }
  }
}
