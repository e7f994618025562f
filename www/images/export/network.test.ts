// What is said of a network of pictures in a file.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import catalogue from '../catalogue.json' with { type: 'json' };
import { describe } from './network.js';

test('a network that ships is described as the table has it', () => {
  for (const { name, channels } of catalogue.networks) {
    const said = describe(new Uint8Array(readFileSync(`weights/images/${name}.safetensors`)));
    assert.match(said, new RegExp(`^${channels.join(', ')} channels wide, `));
  }
  assert.equal(
    describe(new Uint8Array(readFileSync('weights/images/guide.safetensors'))).split('; ')[1],
    'it learned from 384,000 pictures',
  );
});

test('of one that does not say what it learned from, that is said', () => {
  const shapes = { enter: [8, 1], down8: [12, 1], down4: [16, 2], sigma_data: [] };
  const header = new TextEncoder().encode(
    JSON.stringify(Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, { shape }]))),
  );
  const bytes = new Uint8Array(8 + header.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  assert.equal(describe(bytes), '8, 12, 16 channels wide, 53 weights; it does not say from how many pictures it learned');
});
