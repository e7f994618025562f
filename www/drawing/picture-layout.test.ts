// What stands around the panels of a saved picture.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeParts, type PictureLayout } from './picture-layout.js';

const measures = ['Some measure 12.3%', 'Another measure +0.0123', 'A third 4.56'];

/** In 300 pixels. */
const wrapped = ['Some measure 12.3%', 'Another measure +0.0123, A third 4.56'];

const layout = (panels: number, credits: string, bare = false): PictureLayout => ({
  panels: Array.from({ length: panels }, () => ({ title: 'A scheme', caption: measures })),
  footer: 'About the whole',
  credits,
  bare,
  side: 300,
  style: { page: '', surface: '', line: '', ink: '', inkSoft: '', font: '' },
});

const credits = 'After Some Emoji by Somebody (CC BY 4.0); Other Emoji by Somebody Else, Inc and other contributors (MIT)';

test('credits stand below all else, in as many lines as they need', () => {
  for (const [panels, lines] of [
    [1, 3],
    [2, 2],
    [3, 1],
    [6, 1],
  ] as const) {
    const [without, placed] = [placeParts(layout(panels, '')), placeParts(layout(panels, credits))];
    const added = placed.lines.slice(without.lines.length);
    assert.deepEqual(placed.lines.slice(0, without.lines.length), without.lines);
    assert.equal(added.map(({ text }) => text).join(' '), credits);
    assert.equal(added.length, lines);
    const last = without.lines.at(-1)!;
    for (const [index, { y, x, most }] of added.entries()) {
      assert.ok(y > (added[index - 1] ?? last).y + 11);
      assert.ok(y < placed.height);
      assert.equal(x + most, placed.width - x);
    }
    assert.deepEqual([placed.width, placed.squares], [without.width, without.squares]);
  }
  // A name that is longer than a line is not broken.
  const long = 'x'.repeat(200);
  assert.deepEqual(
    placeParts(layout(1, `a ${long} b`))
      .lines.slice(-3)
      .map(({ text }) => text),
    ['a', long, 'b'],
  );
});

test('what is said of a panel stands below its square, in as few lines as hold it', () => {
  const { lines, squares, height } = placeParts(layout(2, ''));
  const said = lines.filter(({ size }) => size === 13);
  assert.deepEqual(
    said.map(({ text }) => text),
    [...wrapped, ...wrapped],
  );
  for (const [index, { x, y, most }] of said.entries()) {
    const square = squares[Math.floor(index / wrapped.length)]!;
    assert.deepEqual([x, most], [square.x, 300]);
    assert.ok(y > square.y + 300 && y < height);
  }
});

test('bare squares have no words', () => {
  assert.deepEqual(placeParts(layout(2, credits, true)).lines, []);
});
