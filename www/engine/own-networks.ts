// Networks of files, called by their content: dropped on the page, or kept by a figure's author on a host and fetched when a scheme
// names one that is not here, whatever the file is called there.
import { splitText } from '../scheme/table.js';
import { AdvisedError } from './failure.js';
import { fetchFile } from './fetch-file.js';
import { keepNetwork } from './networks.js';

/** Of those that were dropped, in words. */
const descriptions = new Map<string, string>();

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
  const description = descriptions.get(name) ?? (await check(name));
  descriptions.set(name, description);
  keepNetwork(name, bytes);
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

/** Addresses of files, by all figures of the page. */
const offered = new Set<string>();

/** Addresses with blanks between them. */
export function offerNetworks(addresses: string): void {
  for (const address of addresses.match(/\S+/g) ?? []) offered.add(address);
}

/** Bytes that a file may have: more than the largest network. */
const mostBytes = 1 << 26;

const files = new Map<string, Promise<Uint8Array>>();

/** What a network's file holds, which is one of those at the addresses; rejects with an AdvisedError. */
export async function fetchOffered(name: string): Promise<Uint8Array> {
  const { model } = splitText(name);
  const tried = await Promise.allSettled(Array.from(offered, fetchOnce));
  for (const each of tried) if (each.status === 'fulfilled' && model.endsWith(`-${fingerprint(each.value)}`)) return each.value;
  for (const each of tried) if (each.status === 'rejected') throw each.reason;
  throw new AdvisedError(
    'network-elsewhere',
    `None of the files that this figure gives is ${model}.`,
    'A network is named by its content: give the very file with which the figure was made.',
  );
}

/** After a failure the next to ask tries again. */
function fetchOnce(address: string): Promise<Uint8Array> {
  let bytes = files.get(address);
  if (!bytes) {
    bytes = fetchBytes(address);
    files.set(address, bytes);
    bytes.catch(() => files.delete(address));
  }
  return bytes;
}

async function fetchBytes(address: string): Promise<Uint8Array> {
  const unavailable = (reason: string) =>
    new AdvisedError(
      'network-unavailable',
      `The network at ${address} could not be fetched (${reason}).`,
      'It has to be there; and a host other than the page’s has to allow that (CORS).',
    );
  const { body, headers } = await fetchFile(address, unavailable);
  const tooLarge = unavailable(`it is larger than ${mostBytes >> 20} MB`);
  if (Number(headers.get('Content-Length')) > mostBytes) throw tooLarge;
  let length = 0;
  const counted = body?.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(bytes, next) {
        length += bytes.length;
        if (length > mostBytes) next.error(tooLarge);
        else next.enqueue(bytes);
      },
    }),
  );
  return new Uint8Array(
    await new Response(counted).arrayBuffer().catch((thrown: unknown) => {
      throw thrown === tooLarge ? tooLarge : unavailable('its connection broke');
    }),
  );
}
