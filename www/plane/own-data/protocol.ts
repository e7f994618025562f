// What is asked of the worker that makes data of what people have.

export type OwnDataOrder =
  /** A drawing that looks like a distribution. */
  | { type: 'draw'; distribution: string }
  /** The distribution that a file's text holds; points with so many times the bandwidth that it asks for. */
  | { type: 'read'; text: string; bandwidth: number };

export interface OwnDataQuestion {
  core: WebAssembly.Module;
  order: OwnDataOrder;
}
