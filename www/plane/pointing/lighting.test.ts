import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endsOf, nearest, only, placeOf, some, within } from './lighting.js';

/** Two particles, 3 and 8, with two steps each. */
const lit = {
  particles: [3, 8],
  paths: Float32Array.of(0, 0, 1, 0, 2, 2, 5, 5, 5, 6, 5, 7),
  ghosts: null,
  facts: Float32Array.of(-1, 4, 2, -3, NaN, NaN),
};

test('what is still meant of what was lit stays as it was', () => {
  assert.equal(only(lit, [8, 3, 9]), lit);
  assert.equal(only(lit, [9]), null);
  const kept = only(lit, [8])!;
  assert.deepEqual(kept.particles, [8]);
  assert.deepEqual([...kept.paths], [5, 5, 5, 6, 5, 7]);
  assert.deepEqual([...kept.facts], [-3, NaN, NaN]);
});

test('a lit particle moves on straight lines, and ends at its last point', () => {
  assert.deepEqual(placeOf(lit, 0, 1.5), [1.5, 1]);
  assert.deepEqual(placeOf(lit, 1, 2), [5, 7]);
  assert.deepEqual([...endsOf(lit.paths, 2)], [2, 2, 5, 7]);
});

test('particles are found by a place within reach, and within a closed line', () => {
  const positions = Float32Array.of(0, 0, 1, 1, NaN, NaN, 3, 3);
  assert.equal(nearest(positions, [0.9, 1], 0.5), 1);
  assert.equal(nearest(positions, [2, 0], 0.5), null);
  const square: [number, number][] = [
    [-1, -1],
    [2, -1],
    [2, 2],
    [-1, 2],
  ];
  assert.deepEqual(within(positions, square), [0, 1]);
  assert.deepEqual(some([0, 1, 2, 3, 4, 5], 3), [0, 2, 4]);
});
