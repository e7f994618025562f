// Networks that schemes name: the shipped ones, fetched when a scheme needs them, once for all workers, and those that were
// dropped on the page.
import { splitText } from '../scheme/table.js';
import { AdvisedError, toFailure } from './failure.js';
import { fetchFile } from './fetch-file.js';
import type { Failure } from './types.js';
import { unpack } from './weights.js';

/** Where the file is of a network that ships, by its text. */
type Shipped = (name: string) => string | undefined;
/** What the file of a network holds. */
type Open = (file: Response, name: string) => Promise<Uint8Array>;

const shipped: [Shipped, Open][] = [];

/** Networks that ship, besides those of others that were told of. */
export function ship(addressOf: Shipped, open: Open = unpack): void {
  shipped.push([addressOf, open]);
}

const downloads = new Map<string, Promise<Uint8Array>>();
const loaded = new Set<string>();

/** Hands a worker the networks that it lacks for a run or a question, and notes in its record how far that is. */
export async function supplyNetworks(
  record: { networks: { loaded: number; total: number }; failure: Failure | null },
  names: string[],
  supply: (name: string, bytes: Uint8Array) => void,
  changed: () => void,
): Promise<void> {
  const note = () => {
    record.networks = { loaded: names.filter((name) => loaded.has(name)).length, total: names.length };
    changed();
  };
  note();
  try {
    await Promise.all(
      names.map(async (name) => {
        supply(name, await fetchNetwork(name));
        note();
      }),
    );
  } catch (thrown) {
    record.failure ??= toFailure(thrown);
    changed();
  }
}

/** The bytes of the file of a network, called by its text; after a failure the next to ask tries again. */
export function fetchNetwork(name: string): Promise<Uint8Array> {
  let bytes = downloads.get(name);
  if (!bytes) {
    bytes = download(name);
    downloads.set(name, bytes);
    bytes.then(
      () => loaded.add(name),
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
  const [addressOf, open] = shipped.find(([addressOf]) => addressOf(name)) ?? [];
  const address = addressOf?.(name);
  if (!address) {
    throw new AdvisedError(
      'network-elsewhere',
      `No network named ${name} is shipped: one from a file is only on the machine where that was dropped.`,
      'Drop the same file here, then try again; or choose another model.',
    );
  }
  // A lab may have a folder before its names, which nobody calls them by.
  const unavailable = (reason: string) =>
    new AdvisedError(
      'network-unavailable',
      `The weights of ${name.slice(name.indexOf('/') + 1)} could not be fetched (${reason}).`,
      'Check the connection, then try again.',
    );
  const file = await fetchFile(address, unavailable);
  return open!(file, name).catch((error: Error) => {
    throw unavailable(error.message);
  });
}
