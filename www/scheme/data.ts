// What is sampled, as messages, caches and registries know it: by an id, the hash of its content. A name with its number is a content.

declare const isId: unique symbol;

/** Sixteen hexadecimal digits, the core's `distribution::Id`. */
export type DataId = string & { readonly [isId]: true };

/** With the id of the data in place of their content. */
export type Identified<T extends { distribution: string }> = Omit<T, 'distribution'> & { distribution: DataId };

/** Contents that this thread knows: more than any panel, study or undo is about, while a hand draws ever new ones. */
const most = 4096;
const contents = new Map<DataId, string>();
const ids = new Map<string, DataId>();

/** FNV-1a with 64 bits. */
function hash(content: string): DataId {
  const step = (hash: bigint, byte: number) => BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  const bytes = [...new TextEncoder().encode(content)];
  return bytes.reduce(step, 0xcbf29ce484222325n).toString(16).padStart(16, '0') as DataId;
}

export function idOf(content: string): DataId {
  const id = ids.get(content) ?? hash(content);
  ids.set(content, id);
  contents.set(id, content);
  for (const [oldest, text] of contents) {
    if (contents.size <= most) break;
    contents.delete(oldest);
    ids.delete(text);
  }
  return id;
}

/** The content of an id that was asked for in this thread. */
export function contentOf(id: DataId): string {
  return contents.get(id)!;
}

export function identified<T extends { distribution: string }>(about: T): Identified<T> {
  return { ...about, distribution: idOf(about.distribution) };
}

/** How many contents a worker remembers: the latest that it was told of. */
export const remembered = 64;

/** Adds a key that is not there, and forgets the oldest beyond those that are remembered. */
export function remember<T>(all: Map<DataId, T>, id: DataId, value: T): void {
  all.set(id, value);
  const [oldest] = all.keys();
  if (all.size > remembered) all.delete(oldest!);
}
