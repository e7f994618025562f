// Shipped networks: fetched when a scheme needs them, once for all workers.
import { AdvisedError, toFailure } from './failure.js';
import { fetchFile } from './fetch-file.js';
import type { RunRecord } from './run-record.js';

const files = import.meta.glob<string>('../../weights/*.safetensors', {
  query: '?url',
  import: 'default',
  eager: true,
});

const addresses = new Map(
  Object.entries(files).map(([path, address]) => [
    path.slice(path.lastIndexOf('/') + 1, -'.safetensors'.length),
    address,
  ]),
);

const downloads = new Map<string, Promise<Uint8Array>>();
const loaded = new Set<string>();

/** Hands a worker the networks that it lacks for a run or a question, and notes in its record how far that is. */
export async function supplyNetworks(
  record: Pick<RunRecord, 'networks' | 'failure'>,
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

/** The bytes of a shipped network's file; after a failure the next to ask tries again. */
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

async function download(name: string): Promise<Uint8Array> {
  const address = addresses.get(name);
  if (!address) {
    throw new AdvisedError('unknown-network', `No network named ${name} is shipped.`, 'Choose another scheme.');
  }
  const unavailable = (reason: string) =>
    new AdvisedError(
      'network-unavailable',
      `The weights of ${name} could not be fetched (${reason}).`,
      'Check the connection, then try again.',
    );
  return new Uint8Array(await (await fetchFile(address, unavailable)).arrayBuffer());
}
