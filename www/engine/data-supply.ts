// The page's side of the data that workers know: each is sent the content before the first order that is about it.
import { contentOf, remember, type DataId } from '../scheme/data.js';

export interface DataOrder {
  type: 'data';
  id: DataId;
  content: string;
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
