import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ImagesRecord } from '../backend.js';
import { Work } from './work.js';

const plan = { noiseLevels: Float64Array.of(80, 0), weights: Float64Array.of(1), evaluations: [0, 2, 4] };

function work(pictures: number): Work {
  const record = { config: { pictures }, steps: 2, started: false, stepsDone: 0, milliseconds: 0, evaluations: 0 };
  const made = new Work(record as unknown as ImagesRecord);
  made.open(plan, 8, 3);
  return made;
}

test('tiles are shared out, stay with their workers, and frames are whole where the run has come', () => {
  const made = work(20);
  const { record } = made;
  // Three tiles for two workers: two for the first at most.
  const taken = [made.take(0, 2), made.take(0, 2), made.take(1, 2)];
  assert.deepEqual(
    taken.map(({ type, tile }) => [type, tile.first, tile.count]),
    [
      ['begin', 0, 8],
      ['begin', 8, 8],
      ['begin', 16, 4],
    ],
  );
  assert.equal(made.readiness(0, 2), null);
  const numbers = (count: number, value: number) => new Float32Array(3 * count).fill(value);
  assert.equal(made.accept(taken[0]!.tile, 0, numbers(8, 1), numbers(8, 1), 5), false);
  assert.equal(made.frame(0), null);
  assert.equal(made.accept(taken[2]!.tile, 0, numbers(4, 3), numbers(4, 3), 5), false);
  assert.equal(made.accept(taken[1]!.tile, 0, numbers(8, 2), numbers(8, 2), 5), true);
  assert.deepEqual([record.started, record.stepsDone, record.evaluations, record.milliseconds], [true, 0, 0, 15]);
  const { data } = made.frame(0)!;
  assert.deepEqual([data[0], data[24], data[48], data.length], [1, 2, 3, 60]);
  // Each goes on with its own; the least advanced first.
  assert.deepEqual([made.readiness(0, 2), made.readiness(1, 2)], [0, 0]);
  const moved = made.take(0, 2);
  assert.deepEqual([moved.type, moved.tile.first], ['advance', 0]);
  assert.equal(made.accept(moved.tile, 1, numbers(8, 4), numbers(8, 5), 5), false);
  assert.equal(made.take(0, 2).tile.first, 8);
  assert.equal(made.take(1, 2).tile.first, 16);
  assert.equal(made.frame(1), null);
});

test('a second worker that is ready later finds its share', () => {
  const made = work(16);
  assert.equal(made.take(0, 2).tile.first, 0);
  assert.equal(made.readiness(0, 2), null);
  assert.equal(made.take(1, 2).tile.first, 8);
});
