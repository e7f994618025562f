// What a safetensors file says of itself, once the core has read it.

export interface Tensors {
  /** Shapes, by name. */
  shapes: ReadonlyMap<string, readonly number[]>;
  metadata: Readonly<Record<string, string>>;
}

export function readTensors(bytes: Uint8Array<ArrayBuffer>): Tensors {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const { __metadata__: metadata = {}, ...tensors } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const shapes = Object.entries<{ shape: number[] }>(tensors).map(([name, { shape }]) => [name, shape] as const);
  return { shapes: new Map(shapes), metadata };
}

/** Numbers in tensors of some shapes. */
export function numbersOf(shapes: Iterable<readonly number[]>): number {
  return [...shapes].reduce((sum, shape) => sum + shape.reduce((product, size) => product * size, 1), 0);
}
