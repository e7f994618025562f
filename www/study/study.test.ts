import assert from 'node:assert/strict';
import { test } from 'node:test';
import { standing } from './metrics.js';
import { coarseToFine, combinations, gridsCoarseToFine, valuesBetween } from './range.js';
import { spreadOf } from './spread.js';

/** To half a digit after so many. */
const close = (found: number, expected: number, digits: number) =>
  assert.ok(Math.abs(found - expected) < 0.5 * 10 ** -digits, `${found} for ${expected}`);

test('mean and spread are those of Python’s statistics module', () => {
  const { mean, deviation, standardError } = spreadOf([0.1059, 0.1071, 0.1042, 0.1066, 0.1057]);
  close(mean, 0.1059, 12);
  // statistics.stdev, and that by the root of five.
  close(deviation, 0.00110227038425243, 14);
  close(standardError, 0.00110227038425243 / Math.sqrt(5), 14);
  close(spreadOf([-1.5, 2.25, 4]).deviation, 2.809952550014561, 12);
  assert.deepEqual(spreadOf([3]), { mean: 3, deviation: NaN, standardError: NaN });
});

test('a metric within two spreads of the floor is chance', () => {
  const floor = { mean: 0.01, spread: 0.002 };
  assert.deepEqual(
    [0.0139, 0.0141, 0.0061, 0.0059].map((value) => standing(value, floor)),
    ['within', 'above', 'within', 'below'],
  );
});

test('a sweep’s values are tidy, and tried coarse before fine, each once', () => {
  assert.deepEqual(valuesBetween(0, 1, 11, false), [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  assert.deepEqual(valuesBetween(4, 8, 11, true), [4, 5, 6, 7, 8]);
  assert.deepEqual(coarseToFine(5), [0, 4, 2, 1, 3]);
  for (const count of [2, 3, 11, 41]) {
    assert.deepEqual(
      coarseToFine(count).toSorted((a, b) => a - b),
      Array.from({ length: count }, (_, index) => index),
    );
  }
});

test('a grid is tried coarse before fine, each place once, and a line as if it were alone', () => {
  assert.deepEqual(
    combinations([
      [1, 2],
      [5, 6, 7],
    ]),
    [
      [1, 5],
      [1, 6],
      [1, 7],
      [2, 5],
      [2, 6],
      [2, 7],
    ],
  );
  // The corners, as soon as both ends of both are there; the middle of everything before the rest.
  const order = gridsCoarseToFine([3, 5]);
  assert.deepEqual(
    order.slice(0, 4).toSorted((a, b) => a - b),
    [0, 4, 10, 14],
  );
  assert.deepEqual(
    order.slice(4, 9).toSorted((a, b) => a - b),
    [2, 5, 7, 9, 12],
  );
  for (const counts of [
    [2, 2],
    [3, 5],
    [7, 6],
    [41, 10],
  ]) {
    const places = counts.reduce((product, count) => product * count);
    assert.deepEqual(
      gridsCoarseToFine(counts).toSorted((a, b) => a - b),
      Array.from({ length: places }, (_, place) => place),
    );
  }
  for (const count of [2, 3, 11, 41]) assert.deepEqual(gridsCoarseToFine([count]), coarseToFine(count));
});
