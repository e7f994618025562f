import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contours } from 'd3-contour';
import { isolines } from './isolines.js';

/** From point to point, in f32 as pictures have them: a closed line begins anywhere. */
function segments(lines: number[][]): string[] {
  const all = lines.filter(encloses).flatMap((line) => {
    const points = Array.from({ length: line.length / 2 }, (_, index) =>
      line
        .slice(2 * index, 2 * index + 2)
        .map(Math.fround)
        .join(),
    );
    return points.slice(1).map((point, index) => `${points[index]} to ${point}`);
  });
  return all.sort();
}

/** Where all beside a cell are infinitely far below, or it is at the level itself, its line is a point: d3-contour leaves most out. */
function encloses(line: number[]): boolean {
  let twice = 0;
  for (let at = 0; at < line.length - 2; at += 2) twice += line[at]! * line[at + 3]! - line[at + 2]! * line[at + 1]!;
  return Math.abs(twice) > 1e-9;
}

function agree(values: number[], columns: number, rows: number, level: number): number {
  const polygons = contours().size([columns, rows]).contour(values, level).coordinates;
  const expected = polygons.flat().map((ring) => ring.flat());
  const found = isolines(values, columns, rows, level);
  for (const line of found) assert.deepEqual(line.slice(0, 2), line.slice(-2));
  assert.equal(found.filter(encloses).length, expected.filter(encloses).length);
  assert.deepEqual(segments(found), segments(expected), JSON.stringify({ values, columns, rows, level }));
  return found.length;
}

test('lines are d3-contour’s, also with corners that touch, borders, and what is no number', () => {
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const odd = [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0.5];
  let lines = 0;
  for (const [columns, rows] of [
    [1, 1],
    [2, 2],
    [5, 3],
    [3, 9],
    [24, 24],
  ] as const) {
    for (let round = 0; round < 200; round++) {
      const smooth = (index: number) => Math.sin(index % columns) * Math.cos(Math.floor(index / columns) + round);
      const values = Array.from({ length: columns * rows }, (_, index) => {
        if (round % 4 === 0 && random() < 0.3) return odd[Math.floor(4 * random())]!;
        return round % 4 === 1 ? smooth(index) : random();
      });
      lines += agree(values, columns, rows, 0.5);
    }
  }
  assert.ok(lines > 1000, `${lines}`);
  assert.deepEqual(isolines([1, 2, 3, 4], 2, 2, 5), []);
});
