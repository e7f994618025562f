import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { corner, erased, mirrored, straightened } from './editing.js';
import { readDrawing, writeDrawing, type Corner, type Stroke } from './strokes.js';

const stroke = (of: 0 | 1, corners: Corner[]): Stroke => ({ class: of, corners });

test('a drawing is its text, as the core has it', () => {
  // The example of src/plane/distribution/drawing.rs.
  const strokes = [
    stroke(0, [[0, 0, 4]]),
    stroke(1, [
      [-1, 16, 8],
      [-9, 16, 10],
    ]),
  ];
  assert.equal(writeDrawing(strokes), 'drawing-EEAALIDgBRAE');
  assert.deepEqual(readDrawing('drawing-EEAALIDgBRAE'), strokes);
  for (const bad of [
    'drawing-',
    'drawing-EEAA',
    'drawing-EEAALIDgBRA',
    'drawing-EEAALIDgBRAE!',
    'drawing-EEABLIDgBRAE',
    'drawing-AEEEAALIDgBRAE',
    // Once more, but with a number that is longer than it need be, and pressed where nothing changes.
    'drawing-EEAALIDgBRAkA',
    'drawing-EEAALIDgBRAA',
  ])
    assert.throws(() => readDrawing(bad), /drawing/, bad);
});

const anyCorner = fc.tuple(fc.integer({ min: -512, max: 512 }), fc.integer({ min: -512, max: 512 }), fc.integer({ min: 2, max: 32 }));
const corners = fc.array(anyCorner, { minLength: 1, maxLength: 6 });

test('whatever is drawn of both classes comes back, or is said to be too much', () => {
  fc.assert(
    fc.property(
      corners,
      corners,
      fc.array(fc.tuple(fc.constantFrom(0 as const, 1 as const), corners), { maxLength: 4 }),
      (a, b, others) => {
        const strokes = [stroke(0, a), stroke(1, b), ...others.map(([of, each]) => stroke(of, each))];
        const text = writeDrawing(strokes);
        try {
          assert.deepEqual(readDrawing(text), strokes);
        } catch (thrown) {
          assert.match((thrown as Error).message, /at most/);
        }
      },
    ),
  );
});

test('a hand’s line keeps its form with few corners', () => {
  const wave = Array.from({ length: 200 }, (_, index) => corner(index, 40 * Math.sin(index / 20), 4));
  const kept = straightened(wave);
  assert.ok(kept.length < 60, String(kept.length));
  assert.deepEqual([kept[0], kept.at(-1)], [wave[0], wave.at(-1)]);
  for (const [x, y] of wave) {
    const next = Math.max(
      1,
      kept.findIndex((each) => each[0] >= x),
    );
    const [[x0, y0], [x1, y1]] = [kept[next - 1]!, kept[next]!];
    assert.ok(Math.abs(y0 + ((y1 - y0) * (x - x0)) / (x1 - x0) - y) < 2, `${x}`);
  }
  assert.deepEqual(straightened([corner(1, 2, 4), corner(1, 2, 4), corner(1, 2, 4)]), [[1, 2, 4]]);
});

test('an eraser parts what it crosses, and leaves what it does not reach', () => {
  const line = stroke(0, [
    [-100, 0, 4],
    [100, 0, 4],
  ]);
  const far = stroke(1, [[0, 50, 4]]);
  const [left, right, other, ...none] = erased(
    [line, far],
    [
      [0, -20, 0],
      [0, 20, 0],
    ],
    10,
  );
  assert.deepEqual(none, []);
  assert.equal(other, far);
  assert.deepEqual(left!.corners[0], [-100, 0, 4]);
  assert.ok(Math.abs(left!.corners.at(-1)![0] + 12) <= 3 && Math.abs(right!.corners[0]![0] - 12) <= 3);
  assert.deepEqual(
    erased(
      [far],
      [
        [-9, 50, 0],
        [9, 50, 0],
      ],
      10,
    ),
    [],
  );
});

test('a mirror is its own inverse', () => {
  const line = stroke(1, [
    [-100, 3, 4],
    [90, 0, 9],
  ]);
  assert.deepEqual(mirrored(mirrored(line, 38), 38), line);
  assert.deepEqual(mirrored(line, 38).corners[0], [176, 3, 4]);
});
