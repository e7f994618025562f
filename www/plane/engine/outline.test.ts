import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contours } from 'd3-contour';
import type { Core, View } from '../../../pkg/guidance_playground.js';
import { traceOutline } from './outline.js';

/** Two Gaussians, one of them small, outlined where their density is `level`. */
const gaussians = [
  { x: -0.4, y: 0.1, variance: 0.02 },
  { x: 0.5, y: -0.3, variance: 0.001 },
];
const level = Math.log(0.5);

/** Log-densities on a grid, as the core gives them; counts the points. */
function fakeCore() {
  const asked = { points: 0 };
  const logDensity = (_: string, sigma: number, view: View, columns: number, rows: number) => {
    asked.points += columns * rows;
    return Float32Array.from({ length: columns * rows }, (_, index) => {
      const x = view.x + view.halfWidth * ((2 * (index % columns) + 1) / columns - 1);
      const y = view.y - view.halfHeight * ((2 * Math.floor(index / columns) + 1) / rows - 1);
      const densities = gaussians.map((each) => {
        const variance = each.variance + sigma ** 2;
        return Math.exp(-((x - each.x) ** 2 + (y - each.y) ** 2) / (2 * variance)) / (2 * Math.PI * variance);
      });
      return Math.log(densities[0]! + densities[1]!);
    });
  };
  return { core: { reach: () => 1, outlineLevel: () => level, logDensity } as unknown as Core, logDensity, asked };
}

for (const [name, part] of [
  ['the plane', null],
  ['a part of it, which the outline leaves', { x: 0.6, y: -0.3, halfWidth: 0.2, halfHeight: 0.2 }],
] as const) {
  test(`the outline of ${name} is that of the whole grid, from a part of its points`, () => {
    const { core, logDensity, asked } = fakeCore();
    const tracing = traceOutline(() => core, 'A', part);
    let slice = tracing.next();
    while (!slice.done) slice = tracing.next();
    const rings = slice.value;
    const side = 768;
    assert.ok(asked.points < 0.5 * side ** 2, `${asked.points} points`);

    const region = part ?? { x: 0, y: 0, halfWidth: 1, halfHeight: 1 };
    const whole = logDensity('A', 0, region, side, side);
    const { coordinates } = contours().size([side, side]).contour(Array.from(whole), level);
    const cell = (2 * region.halfWidth) / side;
    const expected = coordinates
      .flat()
      .map((ring) => ring.flatMap(([x, y]) => [region.x - region.halfWidth + x! * cell, region.y + region.halfHeight - y! * cell]));
    assert.deepEqual(
      rings.map(({ length }) => length),
      expected.map(({ length }) => length),
    );
    assert.ok(expected.flat().length > 0);
    // Rings are in f32.
    for (const [index, ring] of rings.entries()) {
      for (const [at, coordinate] of ring.entries()) assert.ok(Math.abs(coordinate - expected[index]![at]!) < 1e-5);
    }
  });
}

test('a sketch is near the outline, from a ninth of the points', () => {
  const traced = (sketch: boolean) => {
    const { core, asked } = fakeCore();
    const tracing = traceOutline(() => core, 'A', null, sketch);
    let slice = tracing.next();
    while (!slice.done) slice = tracing.next();
    return { rings: slice.value, points: asked.points - 64 ** 2 };
  };
  const [close, rough] = [traced(false), traced(true)];
  assert.equal(rough.points, close.points / 9);
  assert.equal(rough.rings.length, close.rings.length);
  const cell = 2 / 256;
  for (const [index, ring] of rough.rings.entries()) {
    const other = close.rings[index]!;
    for (let i = 0; i < ring.length; i += 2) {
      let nearest = Infinity;
      for (let j = 0; j < other.length; j += 2) nearest = Math.min(nearest, Math.hypot(ring[i]! - other[j]!, ring[i + 1]! - other[j + 1]!));
      assert.ok(nearest < cell / 2, `${nearest}`);
    }
  }
});
