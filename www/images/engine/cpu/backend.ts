// The processor's engine of pictures: several workers, each with a wasm instance of its own, and this thread, which hands out work.
//
// A tile of pictures stays with the worker that has begun it, with all that it carries; a step at a time is handed out, so that a run is
// cancelled by handing out no more, and whoever asks a question waits for one step at most.
import type { Answer, Question } from '../questions.js';
import type { Listener } from '../../../engine/backend.js';
import { asError, toFailure } from '../../../engine/failure.js';
import { Pace } from '../../../engine/pace.js';
import { describeWorkers, nextOf, openPoolWorker, workersFor } from '../../../engine/pool.js';
import type { Failure } from '../../../engine/types.js';
import { supplyPictures, type Waiting } from '../../networks.js';
import { resultOf, type Frame, type ImagesBackend, type ImagesRecord, type World } from '../backend.js';
import workerAddress from './pool-worker.ts?worker&url';
import type { Order, Reply } from './protocol.js';
import { Work } from './work.js';

/** A worker, as this thread sees it. */
interface PoolWorker {
  number: number;
  worker: Worker;
  ready: boolean;
  /** It has something in hand. */
  busy: boolean;
  /** Runs that it has prepared. */
  opened: Set<number>;
  /** Networks that it was sent: megabytes, that are sent once. */
  networks: Set<string>;
}

interface Pending {
  question: Question;
  /** Who has it; null while nobody has. */
  worker: PoolWorker | null;
  /** Its networks are on their way to the worker, which has other things to do meanwhile. */
  waits: boolean;
  resolve: (answer: Answer) => void;
  reject: (reason: unknown) => void;
}

export class CpuBackend implements ImagesBackend {
  readonly kind = 'cpu';
  readonly parallel = false;
  readonly reading = false;
  /** Null before the first worker is ready. */
  world: World | null = null;
  pace = 0;
  readonly #pool: PoolWorker[] = [];
  /** Of runs that can still be drawn, and those still sampled. */
  readonly #works = new Map<number, Work>();
  readonly #active = new Set<Work>();
  readonly #questions = new Map<number, Pending>();
  readonly #pace = new Pace();
  #requests = 0;
  #instructionSet = '';
  /** Pictures that are computed together. */
  #tile = 1;
  #expectsRuns = false;
  #disposed: Error | null = null;

  constructor(
    private readonly core: WebAssembly.Module,
    private readonly sprites: Uint8Array,
    private readonly listener: Listener,
  ) {
    this.#addWorker();
  }

  get description(): string {
    return describeWorkers(this.#pool.length, this.#instructionSet);
  }

  /** Makes ready for runs: a worker for every core, since the page's own thread has little to do. */
  prepareForRuns(): void {
    this.#expectsRuns = true;
    while (this.#pool.length < workersFor(0)) this.#addWorker();
  }

  start(record: ImagesRecord): void {
    const work = new Work(record);
    this.#works.set(record.id, work);
    this.#active.add(work);
    if (!this.#expectsRuns) this.prepareForRuns();
    for (const poolWorker of this.#pool) if (poolWorker.ready) this.#open(poolWorker, work);
  }

  cancel(record: ImagesRecord): void {
    const work = this.#works.get(record.id);
    if (work) this.#stop(work);
  }

  release(record: ImagesRecord): void {
    this.cancel(record);
    this.#works.delete(record.id);
  }

  frame(record: ImagesRecord, step: number): Frame | null {
    return this.#works.get(record.id)?.frame(step) ?? null;
  }

  reconsider(): void {
    this.#handOut();
  }

  /** Rejects with an AdvisedError, or with the signal's reason. */
  ask<Q extends Question>(question: Q, signal?: AbortSignal): Promise<Answer<Q>> {
    if (this.#disposed) return Promise.reject(this.#disposed);
    if (signal?.aborted) return Promise.reject(signal.reason);
    const request = --this.#requests;
    const stop = () => this.#drop(request, signal!.reason);
    signal?.addEventListener('abort', stop);
    const answered = new Promise<Answer>((resolve, reject) => {
      this.#questions.set(request, { question, worker: null, waits: false, resolve, reject });
    });
    this.#handOut();
    return answered.finally(() => signal?.removeEventListener('abort', stop)) as Promise<Answer<Q>>;
  }

  dispose(): void {
    this.#disposed = asError({ code: 'disposed', message: 'These pictures were taken off the page.', advice: 'Reload the page.' });
    for (const { worker } of this.#pool) worker.terminate();
    for (const { reject } of this.#questions.values()) reject(this.#disposed);
    this.#questions.clear();
  }

  #addWorker(): void {
    const worker = openPoolWorker<Reply>(workerAddress, (reply) => this.#receive(poolWorker, reply), this.listener);
    const poolWorker: PoolWorker = { number: this.#pool.length, worker, ready: false, busy: false, opened: new Set(), networks: new Set() };
    this.#pool.push(poolWorker);
    this.#send(poolWorker, { type: 'load', core: this.core, sprites: this.sprites });
  }

  #send(poolWorker: PoolWorker, order: Order): void {
    poolWorker.worker.postMessage(order);
  }

  #open(poolWorker: PoolWorker, { record }: Work): void {
    this.#send(poolWorker, { type: 'open', run: record.id, config: record.config });
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
        this.#whenReady(poolWorker, reply);
        break;
      case 'unavailable':
        return this.listener.stopped(reply.failure);
      case 'answered':
      case 'refused':
        this.#settle(poolWorker, reply);
        break;
      case 'missing':
        if (reply.run < 0) this.#supplyQuestion(poolWorker, reply.run, reply.names);
        else this.#supplyRun(poolWorker, reply.run, reply.names);
        break;
      default:
        this.#receiveOf(poolWorker, reply);
    }
    this.#handOut();
    if (this.#pool.every(({ busy }) => !busy)) this.#pace.end();
  }

  #whenReady(poolWorker: PoolWorker, { instructionSet, tile, world }: Extract<Reply, { type: 'ready' }>): void {
    poolWorker.ready = true;
    this.#instructionSet = instructionSet;
    this.#tile = tile;
    this.world ??= world;
    for (const work of this.#active) this.#open(poolWorker, work);
    this.listener.changed();
  }

  #receiveOf(poolWorker: PoolWorker, reply: Extract<Reply, { type: 'opened' | 'advanced' | 'failed' }>): void {
    const work = this.#works.get(reply.run);
    if (reply.type !== 'opened') poolWorker.busy = false;
    // A reply of a run that has been stopped says nothing any more.
    if (!work || !this.#active.has(work)) return;
    const { record } = work;
    switch (reply.type) {
      case 'opened':
        poolWorker.opened.add(reply.run);
        work.open(reply.plan, this.#tile, this.world!.numbers);
        return;
      case 'advanced': {
        const { tile, step, data, estimates, milliseconds } = reply;
        if (step > 0) this.#pace.add(tile.count);
        if (!work.accept(tile, step, data, estimates, milliseconds)) return;
        if (record.stepsDone === record.steps) void this.#finish(work);
        break;
      }
      case 'failed':
        record.failure = reply.failure;
        this.#stop(work);
    }
    record.changed();
  }

  async #finish(work: Work): Promise<void> {
    const { record } = work;
    this.#stop(work);
    this.pace = this.#pace.rate;
    try {
      const { data } = work.frame(record.steps)!;
      const judgement = await this.ask({ type: 'judge', prompt: record.config.prompt, data });
      // Released meanwhile.
      if (this.#works.get(record.id) !== work) return;
      record.metrics = resultOf(judgement);
    } catch (thrown) {
      record.failure = toFailure(thrown);
    }
    record.changed();
  }

  #supplyRun(poolWorker: PoolWorker, run: number, names: string[]): void {
    const work = this.#works.get(run);
    if (!work || !this.#active.has(work)) return;
    const { record } = work;
    this.#supply(poolWorker, record, names, () => {
      if (record.failure) this.#stop(work);
      record.changed();
    });
  }

  #supplyQuestion(poolWorker: PoolWorker, request: number, names: string[]): void {
    poolWorker.busy = false;
    const pending = this.#questions.get(request);
    if (!pending) return this.#send(poolWorker, { type: 'drop', request });
    pending.waits = true;
    const supplied = { networks: { loaded: 0, total: 0 }, bytes: null, failure: null as Failure | null };
    this.#supply(poolWorker, supplied, names, () => {
      if (supplied.failure) this.#drop(request, asError(supplied.failure));
    });
  }

  #supply(poolWorker: PoolWorker, waiting: Waiting, names: string[], changed: () => void): void {
    const supply = (name: string, bytes: Uint8Array) => {
      if (poolWorker.networks.has(name)) return;
      poolWorker.networks.add(name);
      this.#send(poolWorker, { type: 'network', name, bytes });
    };
    void supplyPictures(waiting, names, supply, changed);
  }

  #settle(poolWorker: PoolWorker, reply: Extract<Reply, { type: 'answered' | 'refused' }>): void {
    const pending = this.#questions.get(reply.request);
    // One that waited for its networks was answered beside what the worker has in hand.
    if (!pending?.waits) poolWorker.busy = false;
    this.#questions.delete(reply.request);
    if (reply.type === 'answered') pending?.resolve(reply.answer);
    else pending?.reject(asError(reply.failure));
  }

  #drop(request: number, reason: unknown): void {
    const pending = this.#questions.get(request);
    if (!pending) return;
    pending.reject(reason);
    if (pending.waits) {
      this.#questions.delete(request);
      this.#send(pending.worker!, { type: 'drop', request });
    } else if (!pending.worker) {
      this.#questions.delete(request);
    }
    // What a worker has in hand is let finish.
  }

  /** Gives every worker that has nothing in hand the next question, or a step of a run. */
  #handOut(): void {
    for (const poolWorker of this.#pool) {
      if (poolWorker.busy || !poolWorker.ready) continue;
      const asked = [...this.#questions].find(([, { worker }]) => worker === null);
      if (asked) {
        const [request, pending] = asked;
        pending.worker = poolWorker;
        poolWorker.busy = true;
        this.#send(poolWorker, { type: 'ask', request, question: pending.question });
        continue;
      }
      const work = this.#nextWork(poolWorker);
      if (!work) continue;
      poolWorker.busy = true;
      this.#pace.begin();
      this.#send(poolWorker, { ...work.take(poolWorker.number, this.#pool.length), run: work.record.id });
    }
  }

  #nextWork({ number, opened }: PoolWorker): Work | undefined {
    return nextOf(this.#active, (work) => (opened.has(work.record.id) ? work.readiness(number, this.#pool.length) : null));
  }
}
