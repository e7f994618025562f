// Arrays as NumPy has them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { npyOf, Zip } from './npz.js';

/** What NumPy 2.4 saves of the same, by `numpy.save`. */
const saved =
  'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDEsIDEsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAPwAAgD8AAIC+AAAAQAAAQEA=';

test('an array is what NumPy would write', () => {
  const written = npyOf(Float32Array.of(0, 0.5, 1, -0.25, 2, 3), [2, 1, 1, 3]);
  assert.equal(Buffer.from(written).toString('base64'), saved);
  // Also of a part of more.
  assert.equal(Buffer.from(npyOf(Float32Array.of(9, 0, 0.5, 1, -0.25, 2, 3).subarray(1), [2, 1, 1, 3])).toString('base64'), saved);
});

test('files are found in a ZIP by its directory, whole and with their check', async () => {
  const files = { 'about.json': '{"program":"x"}', 'panel1.npy': 'abc', 'empty.txt': '' };
  const zip = new Zip();
  for (const [name, text] of Object.entries(files)) zip.add(name, new TextEncoder().encode(text));
  const bytes = Buffer.from(await zip.end('application/zip').arrayBuffer());
  const end = bytes.length - 22;
  assert.equal(bytes.readUInt32LE(end), 0x06054b50);
  assert.equal(bytes.readUInt16LE(end + 10), 3);
  const [length, begin] = [bytes.readUInt32LE(end + 12), bytes.readUInt32LE(end + 16)];
  assert.equal(begin + length, end);
  const found: Record<string, string> = {};
  for (let at = begin; at < end; ) {
    assert.equal(bytes.readUInt32LE(at), 0x02014b50);
    assert.equal(bytes.readUInt16LE(at + 10), 0, 'not packed');
    const [check, packed, size, name] = [at + 16, at + 20, at + 24]
      .map((from) => bytes.readUInt32LE(from))
      .concat(bytes.readUInt16LE(at + 28));
    const called = bytes.subarray(at + 46, at + 46 + name!).toString();
    const local = bytes.readUInt32LE(at + 42);
    assert.equal(bytes.readUInt32LE(local), 0x04034b50);
    assert.equal(bytes.subarray(local + 30, local + 30 + name!).toString(), called);
    assert.deepEqual([bytes.readUInt32LE(local + 14), bytes.readUInt32LE(local + 18)], [check, packed]);
    const content = bytes.subarray(local + 30 + name!, local + 30 + name! + size!);
    assert.equal(packed, size);
    assert.equal(check, crc32(content));
    found[called] = content.toString();
    at += 46 + name!;
  }
  assert.deepEqual(found, files);
});
