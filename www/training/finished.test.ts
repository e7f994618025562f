import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beyondRoom, mostBytes, mostFinished, type Finished } from './finished.js';

const trained = (id: string, bytes: number): Finished => ({
  id,
  job: [],
  time: 0,
  networks: [1, 2].map((iteration) => ({ run: 0, iteration, name: `${id}-${iteration}`, bytes: bytes / 2 })),
});
const gone = (...all: Finished[]) => beyondRoom(all).map(({ id }) => id);

test('the oldest trainings go where there are too many, or too many bytes', () => {
  const many = Array.from({ length: mostFinished + 2 }, (_, i) => trained(String(i), 10));
  assert.deepEqual(gone(...many), [String(mostFinished), String(mostFinished + 1)]);
  assert.deepEqual(gone(...many.slice(0, mostFinished)), []);
  const half = mostBytes / 2;
  assert.deepEqual(gone(trained('a', half), trained('b', half), trained('c', 2)), ['c']);
  // The latest stays, however large it is.
  assert.deepEqual(gone(trained('a', 2 * mostBytes), trained('b', 2)), ['b']);
});
