import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import type { Rollup } from 'vite';
import { packedWeights } from './weights-plugin.js';
import { gunzip, unpack } from './weights.js';

const folder = new URL('../../weights/', import.meta.url);

function packed(name: string, source: Uint8Array): Uint8Array<ArrayBuffer> {
  const asset = { type: 'asset', names: [name], source };
  const bundle = { asset } as unknown as Rollup.OutputBundle;
  (packedWeights().generateBundle as unknown as (options: null, bundle: Rollup.OutputBundle) => void)(null, bundle);
  return asset.source as Uint8Array<ArrayBuffer>;
}

test('every network comes out of its package as it was', async () => {
  const names = readdirSync(folder).filter((name) => name.endsWith('.safetensors'));
  assert.ok(names.length > 30);
  for (const name of names) {
    const file = new Uint8Array(readFileSync(new URL(name, folder)));
    const small = packed(name, file);
    assert.ok(small.length < file.length / 2, name);
    assert.deepEqual(await unpack(new Response(small)), file, name);
  }
});

test('a network of pictures is compressed to what a visitor may wait for', async () => {
  const images = new URL('images/', folder);
  const most: Record<string, number> = { main: 3_500_000, guide: 1_500_000 };
  for (const [name, bytes] of Object.entries(most)) {
    const file = new Uint8Array(readFileSync(new URL(`${name}.safetensors`, images)));
    const small = packed(`${name}.safetensors`, file);
    assert.ok(small.length < bytes, `${name}: ${small.length}`);
    assert.deepEqual(await gunzip(new Blob([small]).stream()), file, name);
  }
});

test('a network that is not rounded is not packed', () => {
  const name = 'main-A64-4096.safetensors';
  const file = new Uint8Array(readFileSync(new URL(name, folder)));
  new DataView(file.buffer).setFloat32(file.length - 4, Math.PI, true);
  assert.throws(() => packed(name, file), /round them by weights\/round\.py/);
});
