import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CurvePoint, mostPoints } from './curve.js';
import { drawStroke, heightAt, simplify } from './curve-drawing.js';

const near = (found: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(found - expected) <= tolerance, `${found}, expected ${expected}`);

test('a curve is straight between its points and level beyond them', () => {
  const points: CurvePoint[] = [
    [0.2, 1],
    [0.6, 3],
  ];
  assert.deepEqual(
    [0, 0.2, 0.3, 0.6, 1].map((u) => heightAt(points, u)),
    [1, 1, 1.5, 3, 3],
  );
});

test('a stroke is where it was drawn, and what is beside it stays', () => {
  const before: CurvePoint[] = [
    [0, 0],
    [0.5, 2],
    [1, 1],
  ];
  for (const [from, to] of [
    [0.2, 0.4],
    [0.4, 0.2],
  ] as const) {
    const after = drawStroke(before, [from, from * 10], [to, to * 10]);
    for (const u of [0.2, 0.25, 0.4]) near(heightAt(after, u), 10 * u, 0.002);
    for (const u of [0, 0.1, 0.18, 0.42, 0.5, 0.7, 1]) near(heightAt(after, u), heightAt(before, u), 0.01);
  }
});

const curve = fc
  .uniqueArray(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 51 })
  .map((times) => times.sort((a, b) => a - b).map((time): CurvePoint => [time / 50, Math.sin(time)]));
const place = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: -2, max: 4, noNaN: true }));

test('whatever is drawn is a curve that the core takes, and goes through where the pen is', () => {
  fc.assert(
    fc.property(curve, fc.array(place, { minLength: 2, maxLength: 40 }), (begun, pen) => {
      let points = begun;
      pen.forEach((to, index) => {
        points = drawStroke(points, pen[index - 1] ?? to, to);
        near(heightAt(points, Math.round(1000 * to[0]) / 1000), to[1], 1e-3);
      });
      const kept = simplify(points, 0.01);
      assert.ok(kept.length >= 1 && kept.length <= mostPoints);
      kept.forEach(([u], index) => assert.ok(u >= 0 && u <= 1 && (index === 0 || u > kept[index - 1]![0]), JSON.stringify(kept)));
      if (kept.length < mostPoints / 2) for (const [u, f] of points) near(heightAt(kept, u), f, 0.0101);
    }),
  );
});
