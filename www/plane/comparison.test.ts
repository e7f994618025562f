import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allMetrics, mainMetrics } from '../text/metrics.js';
import { differenceWords, lostParts } from './comparison.js';

test('a part of a tree is lost where far fewer come than should, and not by chance', () => {
  const branches = [
    { mass: 0.5, depth: 0 },
    { mass: 0.3, depth: 1 },
    { mass: 0.1, depth: 2 },
    { mass: 0.1, depth: 2 },
  ];
  const lost = (share: number[], samples = 1000) => lostParts(branches, share, samples);
  assert.deepEqual(lost([0.5, 0.3, 0.1, 0.1]), []);
  assert.deepEqual(lost([0.1, 0.7, 0.1, 0.1]), ['the trunk']);
  // One tip stands for the other, and what lies between trunk and tips is neither.
  assert.deepEqual(lost([0.8, 0, 0.2, 0]), []);
  assert.deepEqual(lost([0.05, 0.9, 0.05, 0]), ['the trunk', 'the tips']);
  // Two standard errors of a half, of 16 samples, are a quarter.
  assert.deepEqual(lost([0.1, 0.7, 0.1, 0.1], 16), []);
  // Nothing of data without branches.
  const plain = branches.map(({ mass }) => ({ mass, depth: NaN }));
  assert.deepEqual(lostParts(plain, [0, 0, 0, 1], 1000), []);
});

test('what less and more of a metric are is said of each that stands beside panels', () => {
  const told = Object.keys(differenceWords);
  for (const { id } of mainMetrics) assert.ok(told.includes(id), id);
  const known = allMetrics.map(({ id }) => id as string);
  for (const id of told) assert.ok(known.includes(id), id);
});
