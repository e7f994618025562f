// Where the networks of pictures are that ship. They are called by their names alone, as networks of the plane may be, so that the
// page's store of networks has them under a name of their own.
import { ship, supplyNetworks } from '../engine/networks.js';
import type { Failure } from '../engine/types.js';
import { bytesOf, listen, openCounted } from './downloads.js';

const files = import.meta.glob<string>('../../weights/images/*.safetensors', {
  query: '?url',
  import: 'default',
  eager: true,
});

const prefix = 'images/';

const addresses = new Map(
  Object.entries(files).map(([path, address]) => [prefix + path.slice(path.lastIndexOf('/') + 1, -'.safetensors'.length), address]),
);

ship((name) => addresses.get(name), openCounted);

/** Names of those that ship. */
export const shippedNetworks: readonly string[] = [...addresses.keys()].map((name) => name.slice(prefix.length));

/** Of a run or a question that waits for networks. */
export interface Waiting {
  networks: { loaded: number; total: number };
  bytes: { loaded: number; total: number } | null;
  failure: Failure | null;
}

/** Hands a worker the networks that it lacks, called as schemes call them, and notes how far they are; `changed` hears of each bit. */
export async function supplyPictures(
  waiting: Waiting,
  names: readonly string[],
  supply: (name: string, bytes: Uint8Array) => void,
  changed: () => void,
): Promise<void> {
  const wanted = names.map(stored);
  const note = () => {
    waiting.bytes = bytesOf(wanted);
    changed();
  };
  const leave = listen(note);
  await supplyNetworks(waiting, wanted, (name, bytes) => supply(named(name), bytes), note);
  leave();
}

/** What the page's store of networks calls a network that a scheme names; those from files have one name everywhere. */
export function stored(name: string): string {
  return addresses.has(prefix + name) ? prefix + name : name;
}

/** What schemes call a network that is stored. */
function named(name: string): string {
  return addresses.has(name) ? name.slice(prefix.length) : name;
}
