// What the page itself works out of the core's metrics, without a browser.
import { expect, test } from '@playwright/test';
import { describeVisits, visit, visits } from '../../www/study/coverage.js';
import { standing } from '../../www/study/metrics.js';
import { coarseToFine, valuesBetween } from '../../www/study/range.js';
import { spreadOf } from '../../www/study/spread.js';
import { formatDecimal, formatDuration, formatSigned } from '../../www/text/format.js';

test('mean and spread are those of Python’s statistics module', () => {
  const { mean, deviation, standardError } = spreadOf([0.1059, 0.1071, 0.1042, 0.1066, 0.1057]);
  expect(mean).toBeCloseTo(0.1059, 12);
  // statistics.stdev, and that by the root of five.
  expect(deviation).toBeCloseTo(0.00110227038425243, 14);
  expect(standardError).toBeCloseTo(0.00110227038425243 / Math.sqrt(5), 14);
  expect(spreadOf([-1.5, 2.25, 4]).deviation).toBeCloseTo(2.809952550014561, 12);
  expect(spreadOf([3])).toEqual({ mean: 3, deviation: NaN, standardError: NaN });
});

test('a metric within two spreads of the floor is chance', () => {
  const floor = { mean: 0.01, spread: 0.002 };
  expect(standing(0.0139, floor)).toBe('within');
  expect(standing(0.0141, floor)).toBe('above');
  expect(standing(0.0061, floor)).toBe('within');
  expect(standing(0.0059, floor)).toBe('below');
});

test('branches are told apart by factors, and by chance', () => {
  expect(visit(0.02, 0.01, 0.006)).toBe(0);
  expect(visit(0.0124, 0.01, 0.0001)).toBe(0);
  expect([0.0126, 0.021, 0.041].map((share) => visit(share, 0.01, 0.0001))).toEqual([1, 2, 3]);
  expect([0.0079, 0.0049, 0.0024, 0, -0].map((share) => visit(share, 0.01, 0.0001))).toEqual([-1, -2, -3, -3, -3]);
  const branches = [0.5, 0.3, 0.2].map((mass) => ({ mass }));
  const coverage = { share: new Float64Array([0.1, 0.25, 0.65]), error: new Float64Array(3).fill(0.001) };
  expect(visits(branches, coverage)).toEqual([-3, 0, 2]);
  expect(describeVisits([-3, -1, 0, 2])).toBe(
    'Of 4 branches, 1 gets less than half of its share and 1 more than twice; 1 gets about what it should.',
  );
});

test('a sweep’s values are tidy, and tried coarse before fine, each once', () => {
  expect(valuesBetween(0, 1, 11, false)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  expect(valuesBetween(4, 8, 11, true)).toEqual([4, 5, 6, 7, 8]);
  expect(coarseToFine(5)).toEqual([0, 4, 2, 1, 3]);
  for (const count of [2, 3, 11, 41]) {
    expect(coarseToFine(count).toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index));
  }
});

test('numbers are written as people read them, far ones too', () => {
  expect(formatSigned(-123456, 2)).toBe('−1.2\u202f×\u202f10⁵');
  expect(formatSigned(1e10, 2)).toBe('+1.0\u202f×\u202f10¹⁰');
  expect(formatSigned(-9999.994, 2)).toBe('−9999.99');
  expect(formatSigned(-0.001, 2)).toBe('0.00');
  expect(formatSigned(0.5, 2)).toBe('+0.50');
  expect(formatDecimal(-Infinity, 2)).toBe('−∞');
  expect(formatDecimal(NaN, 2)).toBe('–');
  expect([0.4, 999, 1500, 59_000, 100_000, 250_000].map((each) => formatDuration(each).split('\u00a0'))).toEqual([
    ['0', 'ms'],
    ['999', 'ms'],
    ['1.5', 's'],
    ['59', 's'],
    ['2', 'min'],
    ['4', 'min'],
  ]);
});
