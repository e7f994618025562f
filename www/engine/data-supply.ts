// The page's side of the data that workers know: each is sent the content before the first order that is about it.
import { contentOf, type DataId } from '../scheme/data.js';

export interface DataOrder {
  type: 'data';
  id: DataId;
  content: string;
}

/** What one worker has been told of. */
export class DataSupply {
  readonly #told = new Set<DataId>();

  constructor(private readonly send: (order: DataOrder) => void) {}

  /** Before an order that is about some data. */
  tell(id: DataId): void {
    if (this.#told.has(id)) return;
    this.#told.add(id);
    this.send({ type: 'data', id, content: contentOf(id) });
  }
}
