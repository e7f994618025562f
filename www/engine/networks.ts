// Networks that schemes name: the shipped ones, fetched when a scheme needs them, once for all workers, and those that were
// dropped on the page.
import { splitText } from '../scheme/table.js';
import { AdvisedError, toFailure } from './failure.js';
import { fetchFile } from './fetch-file.js';
import type { Failure } from './types.js';
import { unpack } from './weights.js';

/** Where the file is of a network that ships, by its text. */
type Shipped = (name: string) => string | undefined;

const shipped: Shipped[] = [];

/** Networks that ship, besides those of others that were told of. */
export function ship(addressOf: Shipped): void {
  shipped.push(addressOf);
}

const downloads = new Map<string, Promise<Uint8Array>>();
const loaded = new Set<string>();
/** Of each that is fetched or was: bytes that came, and all of them, 0 while nobody has said how many there are. */
const received = new Map<string, { loaded: number; total: number }>();

/** Hands a worker the networks that it lacks for a run or a question, and notes in its record how far that is. */
export async function supplyNetworks(
  record: { networks: { loaded: number; total: number; bytes: number; allBytes: number }; failure: Failure | null },
  names: string[],
  supply: (name: string, bytes: Uint8Array) => void,
  changed: () => void,
): Promise<void> {
  const note = () => {
    const parts = names.map((name) => received.get(name) ?? { loaded: 0, total: 0 });
    record.networks = {
      loaded: names.filter((name) => loaded.has(name)).length,
      total: names.length,
      bytes: parts.reduce((sum, part) => sum + part.loaded, 0),
      allBytes: parts.every(({ total }) => total > 0) ? parts.reduce((sum, { total }) => sum + total, 0) : 0,
    };
    changed();
  };
  listeners.add(note);
  const fetched = names.map(async (name) => supply(name, await fetchNetwork(name)));
  note();
  try {
    await Promise.all(fetched);
  } catch (thrown) {
    record.failure ??= toFailure(thrown);
  } finally {
    listeners.delete(note);
  }
  note();
}

/** Who hears that bytes have come, or a network. */
const listeners = new Set<() => void>();

function tell(): void {
  for (const note of listeners) note();
}

/** The same file, whose bytes are counted on their way. */
function counted(name: string, file: Response): Response {
  const count = { loaded: 0, total: Number(file.headers.get('Content-Length')) };
  received.set(name, count);
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform(bytes, next) {
      count.loaded += bytes.length;
      tell();
      next.enqueue(bytes);
    },
  });
  return new Response(file.body?.pipeThrough(counting));
}

/** The bytes of the file of a network, called by its text; after a failure the next to ask tries again. */
export function fetchNetwork(name: string): Promise<Uint8Array> {
  let bytes = downloads.get(name);
  if (!bytes) {
    bytes = download(name);
    downloads.set(name, bytes);
    bytes.then(
      () => {
        loaded.add(name);
        tell();
      },
      () => downloads.delete(name),
    );
  }
  return bytes;
}

const own = new Map<string, { bytes: Uint8Array; description: string }>();

let ownNames: readonly string[] = [];

/** Names of the networks that were dropped on the page: another list once there are more. */
export function ownNetworks(): readonly string[] {
  return ownNames;
}

/**
 * Keeps a network of a file, once `check` has told what it is. Its name is made of the file's name and content, so that the
 * same file has the same name on every machine, and what was set with it comes back where it is dropped again.
 */
export async function addOwnNetwork(
  file: string,
  bytes: Uint8Array,
  check: (name: string) => Promise<string>,
): Promise<{ name: string; description: string }> {
  const stem =
    file
      .replace(/\.[^.]*$/, '')
      .replaceAll(/[^A-Za-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
      .slice(0, 24) || 'network';
  const name = `own-${stem}-${fingerprint(bytes)}`;
  const description = own.get(name)?.description ?? (await check(name));
  own.set(name, { bytes, description });
  ownNames = [...own.keys()];
  loaded.add(name);
  return { name, description };
}

/** FNV-1a, twice 32 bits from two beginnings. */
function fingerprint(bytes: Uint8Array): string {
  let [one, other] = [0x811c9dc5, 0x9747b28c];
  for (const byte of bytes) {
    one = Math.imul(one ^ byte, 0x01000193);
    other = Math.imul(other ^ byte, 0x01000193);
  }
  return [one, other].map((half) => (half >>> 0).toString(16).padStart(8, '0').slice(0, 5)).join('');
}

async function download(name: string): Promise<Uint8Array> {
  const here = own.get(splitText(name).model);
  if (here) return here.bytes;
  const address = shipped.map((addressOf) => addressOf(name)).find(Boolean);
  if (!address) {
    throw new AdvisedError(
      'network-elsewhere',
      `No network named ${name} is shipped: one from a file is only on the machine where that was dropped.`,
      'Drop the same file here, then try again; or choose another model.',
    );
  }
  const unavailable = (reason: string) =>
    new AdvisedError(
      'network-unavailable',
      `The weights of ${name} could not be fetched (${reason}).`,
      'Check the connection, then try again.',
    );
  const file = counted(name, await fetchFile(address, unavailable));
  return unpack(file).catch((error: Error) => {
    throw unavailable(error.message);
  });
}
