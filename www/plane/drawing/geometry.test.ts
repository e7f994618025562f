// Geometry on the screen: what goes to the picture comes back from it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { closePart, contains, fitView, followNoise, magnification, sigmaAt } from './camera.js';
import { pan, toData, toPicture, zoom, type Point } from './navigation.js';

const real = (least: number, greatest: number) => fc.double({ min: least, max: greatest, noNaN: true });
const point = fc.tuple(real(-9, 9), real(-9, 9));
const view = fc
  .record({ x: real(-9, 9), y: real(-9, 9), halfWidth: real(0.01, 9) })
  .map((made) => ({ ...made, halfHeight: made.halfWidth }));
const size: fc.Arbitrary<Point> = fc.tuple(real(50, 900), real(50, 900));
const runs = { numRuns: 500, seed: 1 };

function near(one: readonly number[], other: readonly number[], least = 1e-9): void {
  assert.equal(one.length, other.length);
  for (const [index, value] of one.entries()) {
    assert.ok(Math.abs(value - other[index]!) <= least * (1 + Math.abs(value)), `${one.join()} and ${other.join()}`);
  }
}

test('a place on a picture and in the plane are each other’s', () => {
  fc.assert(
    fc.property(view, size, point, (view, size, at) => near(toData(view, size, toPicture(view, size, at)), at, 1e-7)),
    runs,
  );
});

test('all of a view is on the picture, as large as it can be', () => {
  fc.assert(
    fc.property(view, size, (view, [width, height]) => {
      const { x, y, halfWidth, halfHeight } = view;
      const [left, top] = toPicture(view, [width, height], [x - halfWidth, y + halfHeight]);
      const side = 2 * halfWidth * fitView(view, width, height).scale;
      near([left, top, side], [(width - side) / 2, (height - side) / 2, Math.min(width, height)], 1e-7);
    }),
    runs,
  );
});

test('enlarging keeps a point in place, and back is back', () => {
  fc.assert(
    fc.property(view, size, real(0.5, 2), point, (view, size, factor, at) => {
      const closer = zoom(view, factor, at);
      near(toPicture(closer, size, at), toPicture(view, size, at), 1e-6);
      const back = zoom(closer, 1 / factor, at);
      near([back.x, back.y, back.halfWidth], [view.x, view.y, view.halfWidth], 1e-6);
    }),
    runs,
  );
  assert.deepEqual(pan({ x: 1, y: 2, halfWidth: 3, halfHeight: 3 }, [0.5, -1]), { x: 1.5, y: 1, halfWidth: 3, halfHeight: 3 });
});

test('the overview widens with the noise, and is itself without', () => {
  const overview = { x: 0, y: 0, halfWidth: 1, halfHeight: 1 };
  assert.deepEqual(followNoise(overview, 0), overview);
  assert.ok(followNoise(overview, 5).halfWidth > 2 * 5);
  assert.equal(sigmaAt(Float64Array.of(4, 2, 0), 0.5), 3);
  assert.equal(sigmaAt(Float64Array.of(4, 2, 0), 2), 0);
});

test('a close view is outlined in a square around it, and only once', () => {
  const overview = { x: 3, y: 0, halfWidth: 1.2, halfHeight: 1.2 };
  fc.assert(
    fc.property(view, (view) => {
      const enlarged = magnification(view, overview);
      const part = closePart(view, enlarged, []);
      if (!part) return assert.ok(view.halfWidth > 0.6);
      assert.ok(contains(part, view));
      assert.equal(closePart(view, enlarged, [part]), null);
    }),
    runs,
  );
});
