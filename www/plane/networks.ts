// Where the networks of the plane are that ship.
import { ship } from '../engine/networks.js';
import { planeSchemes } from './schemes.js';

const files = import.meta.glob<string>('../../weights/*.safetensors', {
  query: '?url',
  import: 'default',
  eager: true,
});

const addresses = new Map(
  Object.entries(files).map(([path, address]) => [path.slice(path.lastIndexOf('/') + 1, -'.safetensors'.length), address]),
);

ship((name) => addresses.get(planeSchemes.networkOf(name)?.name ?? ''));
