import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { ship, supplyNetworks } from './networks.js';
import type { Failure } from './types.js';

const { fetch } = globalThis;
afterEach(() => (globalThis.fetch = fetch));

ship((name) => (name.startsWith('tried/') ? `https://host/${name}` : undefined));

const record = () => ({ networks: { loaded: 0, total: 0, bytes: 0, allBytes: 0 }, failure: null as Failure | null });

test('bytes are counted while networks come, and all of them where the host says how many there are', async () => {
  let send: (bytes: number) => void = () => {};
  let end = () => {};
  globalThis.fetch = async () => {
    const body = new ReadableStream<Uint8Array>({
      start(stream) {
        send = (bytes) => stream.enqueue(new Uint8Array(bytes));
        end = () => stream.close();
      },
    });
    return new Response(body, { headers: { 'Content-Length': '30' } });
  };
  const run = record();
  const heard: [number, number, number][] = [];
  const supplied: [string, number][] = [];
  const done = supplyNetworks(
    run,
    ['tried/one'],
    (name, bytes) => supplied.push([name, bytes.length]),
    () => heard.push([run.networks.loaded, run.networks.bytes, run.networks.allBytes]),
  );
  while (heard.at(-1)?.[2] !== 30) {
    send(0);
    await new Promise((resolve) => setTimeout(resolve));
  }
  send(10);
  send(20);
  end();
  await done;
  assert.deepEqual(supplied, [['tried/one', 30]]);
  assert.deepEqual(heard[0], [0, 0, 0]);
  assert.ok(heard.some(([loaded, bytes, all]) => loaded === 0 && bytes === 10 && all === 30));
  assert.deepEqual(heard.at(-1), [1, 30, 30]);
  assert.equal(run.failure, null);
  // The next to need it has it at once.
  const other = record();
  await supplyNetworks(
    other,
    ['tried/one'],
    (name) => supplied.push([name, 0]),
    () => {},
  );
  assert.deepEqual([supplied.length, other.networks], [2, { loaded: 1, total: 1, bytes: 30, allBytes: 30 }]);
});

test('one that cannot be fetched is said in a sentence, and fetched anew by the next', async () => {
  globalThis.fetch = async () => new Response(null, { status: 503 });
  const run = record();
  await supplyNetworks(
    run,
    ['tried/two'],
    () => assert.fail(),
    () => {},
  );
  assert.deepEqual([run.failure?.code, run.networks.loaded], ['network-unavailable', 0]);
  globalThis.fetch = async () => new Response(new Uint8Array(7));
  const again = record();
  const supplied: number[] = [];
  await supplyNetworks(
    again,
    ['tried/two'],
    (_, bytes) => supplied.push(bytes.length),
    () => {},
  );
  assert.deepEqual([supplied, again.networks], [[7], { loaded: 1, total: 1, bytes: 7, allBytes: 0 }]);
});
