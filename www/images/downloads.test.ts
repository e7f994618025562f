import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { test } from 'node:test';
import { bytesOf, listen, openCounted } from './downloads.js';

test('bytes are counted while a network comes, and all of them where the host says how many there are', async () => {
  const [whole, other] = [new Uint8Array(3000).map((_, i) => i % 251), Uint8Array.of(1, 2, 3)];
  const packed = Uint8Array.from(gzipSync(whole));
  const pieces = [packed.slice(0, 10), packed.slice(10)];
  const body = new ReadableStream<Uint8Array>({
    pull(stream) {
      const piece = pieces.shift();
      if (piece) stream.enqueue(piece);
      else stream.close();
    },
  });
  const heard: number[] = [];
  const leave = listen(() => heard.push(bytesOf(['one']).loaded));
  assert.deepEqual(bytesOf(['one']), { loaded: 0, total: 0 });
  const length = { 'Content-Length': String(packed.length) };
  assert.deepEqual(await openCounted(new Response(body, { headers: length }), 'one'), whole);
  assert.deepEqual(heard, [10, packed.length]);
  assert.deepEqual(bytesOf(['one']), { loaded: packed.length, total: packed.length });
  leave();
  // Not packed, and of a length that nobody has said.
  assert.deepEqual(await openCounted(new Response(other), 'other'), other);
  assert.deepEqual(bytesOf(['one', 'other']), { loaded: packed.length + 3, total: 0 });
  assert.equal(heard.length, 2);
});
