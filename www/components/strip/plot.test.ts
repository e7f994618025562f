// The strip's geometry, and what handles do to schemes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { StripScale } from '../../drawing/strip-scale.js';
import { planeSchemes } from '../../plane/schemes.js';
import type { Scheme } from '../../scheme/scheme.js';
import { intervalOf } from './handles.js';
import { move, nudge } from './moving.js';
import { Plot, spanOf } from './plot.js';

const levels = Float64Array.of(4, 2, 1, 0.5, 0);
const plot = new Plot(new StripScale(levels, 4), 400, 160, [0, 4]);
const near = (one: number, other: number) => assert.ok(Math.abs(one - other) < 1e-9, `${one} and ${other}`);
const { scheme } = planeSchemes.choiceOf('classifier-free');
const drawn: Scheme = {
  ...scheme,
  weight: 3,
  reading: 'excess',
  schedule: {
    curve: {
      points: [
        [0, 0.5],
        [1, 1],
      ],
    },
  },
};

test('a place and what lies there are each other’s, and nothing lies beyond the axes', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(share, share, (along, up) => {
      near(plot.shareAt(plot.x(along)), along);
      near(plot.weightAt(plot.y(4 * up)), 4 * up);
    }),
    { numRuns: 200, seed: 1 },
  );
  assert.deepEqual([plot.shareAt(-50), plot.shareAt(999), plot.weightAt(-50), plot.weightAt(999)], [0, 1, 4, 0]);
  // Weights go up, the axis lies under all of them.
  assert.ok(plot.y(1) > plot.y(2) && plot.y(0) === plot.base && plot.base < plot.height);
});

test('the axis of weights has 0 and 2, all weights, and room above what is drawn', () => {
  assert.deepEqual(spanOf([], false), [0, 2]);
  assert.deepEqual(spanOf([1, -3, 5], false), [-3, 5]);
  assert.deepEqual(spanOf([1, 5], true), [0, 6]);
});

test('ends of the interval keep their order, and one that is everything is none', () => {
  assert.deepEqual(intervalOf(scheme, 4), [4, 0]);
  const limited: Scheme = { ...scheme, interval: { high: 2, low: 0.5 } };
  assert.deepEqual(intervalOf(limited, 4), [2, 0.5]);
  const at = (sigma: number) => plot.scale.ofSigma(sigma);
  assert.deepEqual(move(limited, { kind: 'high' }, plot, 4, at(1), 0), { interval: { high: 1, low: 0.5 } });
  assert.deepEqual(move(limited, { kind: 'low' }, plot, 4, at(1), 0), { interval: { high: 2, low: 1 } });
  // Not beyond each other, where nothing would be guided.
  assert.equal(move(limited, { kind: 'high' }, plot, 4, 1, 0), null);
  assert.deepEqual(move({ ...scheme, interval: { high: 2, low: 0 } }, { kind: 'high' }, plot, 4, 0, 0), { interval: null });
});

test('a point moves in time and height, by keys too, and the last one stays', () => {
  const moved = move(drawn, { kind: 'point', index: 0 }, plot, 4, plot.scale.ofTime(0.25), 3);
  // At the full weight, 3, the schedule's height is 1.
  assert.deepEqual(moved, {
    schedule: {
      curve: {
        points: [
          [0.25, 1],
          [1, 1],
        ],
      },
    },
  });
  // The weight of 2 is a height of .5, and a press of a key .05 more: .525.
  assert.deepEqual(nudge(drawn, { kind: 'point', index: 0 }, plot, 4, 'ArrowUp'), {
    schedule: {
      curve: {
        points: [
          [0, 0.525],
          [1, 1],
        ],
      },
    },
  });
  const one = nudge(drawn, { kind: 'point', index: 0 }, plot, 4, 'Delete')!;
  assert.deepEqual(one, { schedule: { curve: { points: [[1, 1]] } } });
  assert.equal(nudge({ ...drawn, ...one }, { kind: 'point', index: 0 }, plot, 4, 'Delete'), null);
  assert.equal(nudge(drawn, { kind: 'low' }, plot, 4, 'Delete'), undefined);
  assert.equal(nudge(drawn, { kind: 'low' }, plot, 4, 'a'), undefined);
});
