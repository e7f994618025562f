// The page's side of making a film.
import { AdvisedError, asError } from '../engine/failure.js';
import { openWorker } from '../engine/open-worker.js';
import type { FilmOrder, FilmReply } from './film-protocol.js';

/** The worker that draws and encodes; it does one thing after the other. */
export class Studio {
  readonly #worker: Worker;
  #hear: (reply: FilmReply) => void = () => {};
  #fail: (reason: unknown) => void = () => {};

  constructor(
    /** Of the worker. */
    address: string,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.#worker = openWorker(address);
    this.#worker.onmessage = ({ data }: MessageEvent<FilmReply>) => this.#hear(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(
        new AdvisedError('film-stopped', 'The film could not be made, or stopped without a word.', 'Try again with fewer of them.'),
      );
    };
    signal?.addEventListener('abort', this.#abort);
  }

  /** Sends an order, and waits until it is carried out. */
  tell(order: FilmOrder): Promise<FilmReply> {
    return new Promise((resolve, reject) => {
      if (this.signal?.aborted) return reject(this.signal.reason);
      this.#fail = reject;
      this.#hear = (reply) => (reply.type === 'failed' ? reject(asError(reply.failure)) : resolve(reply));
      this.#worker.postMessage(order);
    });
  }

  async develop(): Promise<Blob> {
    const reply = await this.tell({ type: 'end' });
    if (reply.type !== 'film') throw new Error('The film was not made.');
    return reply.film;
  }

  close(): void {
    this.signal?.removeEventListener('abort', this.#abort);
    this.#worker.terminate();
  }

  readonly #abort = () => this.#fail(this.signal!.reason);
}
