// The page's side of questions: hands them to a worker piece by piece, so that a small one never waits long for a large one.
// Whatever explains (forces, fields, ghosts, facts of particles, coverage) is asked by `Engine.ask`, whichever engine samples,
// and a newer question takes an older one's place.
import { idOf } from '../../../scheme/data.js';
import { papersTree } from '../../../scheme/scheme.js';
import { DataSupply } from '../../../engine/data-supply.js';
import { AdvisedError, asError } from '../../../engine/failure.js';
import { supplyNetworks } from '../../../engine/networks.js';
import '../../networks.js';
import { openWorker } from '../../../engine/open-worker.js';
import type { Answer, Explained, Posed, Question, Trace } from './questions.js';
import type { Failure } from '../../../engine/types.js';
import workerAddress from './question-worker.ts?worker&url';
import type { Order, Reply } from './protocol.js';

/** Points of a piece: some ten milliseconds. */
const pointsOfPiece = 512;
/** Particles of a piece: what the core takes at once. */
const particlesOfPiece = 96;

interface Pending {
  pieces: Question[];
  answers: Answer[];
  resolve: (answer: Answer) => void;
  reject: (reason: unknown) => void;
}

const closed = new AdvisedError('disposed', 'What explains schemes was closed.', 'Reload the page.');

export class QuestionQueue {
  #worker: Worker | null = null;
  #data: DataSupply | null = null;
  readonly #pending = new Map<number, Pending>();
  /** The request that a piece is being answered of. */
  #busy: number | null = null;
  /** Requests that wait for networks, which a piece has been handed out of too. */
  readonly #waiting = new Set<number>();
  #requests = 0;
  #disposed = false;

  constructor(private readonly core: Promise<WebAssembly.Module>) {}

  /** Rejects with an AdvisedError, or with the signal's reason. */
  async ask<Q extends Question>(question: Q, signal?: AbortSignal): Promise<Answer<Q>> {
    signal?.throwIfAborted();
    const core = await this.core;
    signal?.throwIfAborted();
    if (this.#disposed) throw closed;
    this.#worker ??= this.#startWorker(core);
    const request = ++this.#requests;
    const answer = new Promise<Answer>((resolve, reject) => {
      this.#pending.set(request, { pieces: cut(question), answers: [], resolve, reject });
    });
    const abort = () => this.#drop(request, signal!.reason);
    signal?.addEventListener('abort', abort, { once: true });
    this.#handOut();
    try {
      return (await answer) as Answer<Q>;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#stop(closed);
  }

  #startWorker(core: WebAssembly.Module): Worker {
    const worker = openWorker(workerAddress);
    worker.onmessage = ({ data }: MessageEvent<Reply>) => this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      const message = 'What explains a scheme could not be started, or stopped without a word.';
      this.#stop(new AdvisedError('answers-stopped', message, 'Check the connection, then try again.'));
    };
    this.#data = new DataSupply((order) => worker.postMessage(order));
    const data = idOf(papersTree);
    this.#data.tell(data);
    worker.postMessage({ type: 'load', core, data } satisfies Order);
    return worker;
  }

  /** Whatever is asked next is asked of a fresh worker. */
  #stop(reason: AdvisedError): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#busy = null;
    this.#waiting.clear();
    for (const { reject } of this.#pending.values()) reject(reason);
    this.#pending.clear();
  }

  #send(order: Order): void {
    this.#worker?.postMessage(order);
  }

  #drop(request: number, reason: unknown): void {
    this.#take(request)?.reject(reason);
    if (this.#waiting.delete(request)) this.#send({ type: 'drop', request });
  }

  #take(request: number): Pending | undefined {
    const pending = this.#pending.get(request);
    this.#pending.delete(request);
    return pending;
  }

  /** A piece of what is nearest to its end, one at a time. */
  #handOut(): void {
    if (this.#busy !== null) return;
    let next: [number, Pending] | undefined;
    for (const [request, pending] of this.#pending) {
      if (this.#waiting.has(request)) continue;
      if (!next || pending.pieces.length < next[1].pieces.length) next = [request, pending];
    }
    if (!next) return;
    const [request, { pieces }] = next;
    this.#busy = request;
    this.#send({ type: 'ask', request, question: this.#pose(pieces[0]!) });
  }

  /** The worker is told what the data are, if it has not been. */
  #pose(question: Question): Posed {
    const about = 'config' in question ? question.config.distribution : 'distribution' in question ? question.distribution : null;
    if (about === null) return question as Posed;
    const distribution = idOf(about);
    this.#data?.tell(distribution);
    return ('config' in question ? { ...question, config: { ...question.config, distribution } } : { ...question, distribution }) as Posed;
  }

  #receive(reply: Reply): void {
    if (reply.type === 'unavailable') return this.#stop(asError(reply.failure));
    const { request } = reply;
    if (this.#busy === request) this.#busy = null;
    this.#waiting.delete(request);
    switch (reply.type) {
      case 'missing':
        this.#supply(request, reply.names);
        break;
      case 'refused':
        this.#take(request)?.reject(asError(reply.failure));
        break;
      case 'answered':
        this.#accept(request, reply.answer);
    }
    this.#handOut();
  }

  #supply(request: number, names: string[]): void {
    if (!this.#pending.has(request)) return this.#send({ type: 'drop', request });
    this.#waiting.add(request);
    const supplied = { networks: { loaded: 0, total: 0 }, failure: null as Failure | null };
    void supplyNetworks(
      supplied,
      names,
      (name, bytes) => this.#send({ type: 'network', name, bytes }),
      () => {
        if (supplied.failure) this.#drop(request, asError(supplied.failure));
      },
    );
  }

  #accept(request: number, answer: Answer): void {
    const pending = this.#pending.get(request);
    if (!pending) return;
    pending.answers.push(answer);
    pending.pieces.shift();
    if (pending.pieces.length > 0) return;
    this.#pending.delete(request);
    pending.resolve(join(pending.answers));
  }
}

/** Pieces that take some ten milliseconds each, where a question can be cut. */
function cut(question: Question): Question[] {
  switch (question.type) {
    case 'explain': {
      const { points } = question;
      return slices(points.length, 2 * pointsOfPiece, (from, to) => ({ ...question, points: points.slice(from, to) }));
    }
    case 'trace': {
      const { particles } = question;
      return slices(particles.length, particlesOfPiece, (from, to) => ({
        ...question,
        particles: particles.slice(from, to),
      }));
    }
    default:
      return [question];
  }
}

/** At least one slice, which may be empty. */
function slices(length: number, size: number, slice: (from: number, to: number) => Question): Question[] {
  const count = Math.max(Math.ceil(length / size), 1);
  return Array.from({ length: count }, (_, index) => slice(index * size, Math.min((index + 1) * size, length)));
}

function join(answers: Answer[]): Answer {
  if (answers.length === 1) return answers[0]!;
  const parts = answers as Explained[] | Trace[];
  if ('sigma' in parts[0]!) {
    return { ...parts[0], values: concatenate((parts as Explained[]).map(({ values }) => values)) };
  }
  return { ...parts[0]!, paths: concatenate((parts as Trace[]).map(({ paths }) => paths)) };
}

function concatenate(parts: Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let begun = 0;
  for (const part of parts) {
    whole.set(part, begun);
    begun += part.length;
  }
  return whole;
}
