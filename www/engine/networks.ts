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

const own = new Map<string, Uint8Array>();

let ownNames: readonly string[] = [];
/** Of those that are fetched from elsewhere. */
let otherNames: readonly string[] = [];

/** Names of the visitor's own networks: another list once there are others. */
export function ownNetworks(): readonly string[] {
  return ownNames;
}

/** Has a network of a file from now on. */
export function keepNetwork(name: string, bytes: Uint8Array): void {
  own.set(name, bytes);
  nameOthers(otherNames);
  loaded.add(name);
}

/** Names of the visitor's own that are fetched from elsewhere once a scheme has them. */
export function nameOthers(names: readonly string[]): void {
  otherNames = names;
  ownNames = [...new Set([...own.keys(), ...names])];
}

/** Who fetches networks that neither ship nor were dropped here. */
let elsewhere: Promise<(name: string) => Promise<Uint8Array>> | undefined;

export function lookElsewhere(fetchers: typeof elsewhere): void {
  elsewhere = fetchers;
}

/** What is said of a network that neither ships nor is here. */
export function notHere(name: string): AdvisedError {
  return new AdvisedError(
    'network-elsewhere',
    `No network named ${name} is shipped: one of a visitor’s own is only where it was dropped or trained.`,
    'Drop its file here, then try again; or choose another model.',
  );
}

async function download(name: string): Promise<Uint8Array> {
  const here = own.get(splitText(name).model);
  if (here) return here;
  const [addressOf, open] = shipped.find(([addressOf]) => addressOf(name)) ?? [];
  const address = addressOf?.(name);
  if (!address) {
    if (elsewhere) return (await elsewhere)(name);
    throw notHere(name);
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
