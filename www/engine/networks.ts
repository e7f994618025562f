// Shipped networks, fetched only when a scheme needs them.
import { AdvisedError } from './failure.js';

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

const underWay = new Map<string, Promise<Uint8Array>>();

/** The bytes of a shipped network's file; askers at the same time share one download. */
export function fetchNetwork(name: string): Promise<Uint8Array> {
  let bytes = underWay.get(name);
  if (!bytes) {
    bytes = download(name).finally(() => underWay.delete(name));
    underWay.set(name, bytes);
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
  const response = await fetch(address).catch(() => {
    throw unavailable('no answer');
  });
  if (!response.ok) throw unavailable(`HTTP status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
