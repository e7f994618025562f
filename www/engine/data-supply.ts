// The page's side of the data that workers know: each is sent the content before the first order that is about it.
import { contentOf, type DataId } from '../scheme/data.js';

export interface DataOrder {
  type: 'data';
  id: DataId;
  content: string;
}

/** How many contents a worker remembers: the latest that it was told of. */
export const remembered = 64;

/** Adds a key that is not there, and forgets the oldest beyond those that are remembered. */
export function remember<T>(all: Map<DataId, T>, id: DataId, value: T): void {
  all.set(id, value);
  const [oldest] = all.keys();
  if (all.size > remembered) all.delete(oldest!);
}

/** What one worker remembers of what it has been told. */
export class DataSupply {
  readonly #told = new Map<DataId, true>();

  constructor(private readonly send: (order: DataOrder) => void) {}

  /** Before an order that is about some data. */
  tell(id: DataId): void {
    if (this.#told.has(id)) return;
    remember(this.#told, id, true);
    this.send({ type: 'data', id, content: contentOf(id) });
  }
}
