import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { Picture } from '../../../pkg/gpu/guidance_playground.js';
import { CanvasRenderer } from './canvas-renderer.js';

/** Orders pictures of canvases at positions of the clock. */
function ordering(draw: (drawn: string[]) => void | Promise<void>) {
  const renderer = new CanvasRenderer<string>({
    add: () => 'canvas',
    resize: () => {},
    remove: () => {},
    draw: (pictures) => draw(pictures.map(({ picture }) => `${picture.canvas} at ${picture.position}`)),
    rest: () => {},
  });
  const view = { x: 0, y: 0, halfWidth: 1, halfHeight: 1 };
  const picture = (canvas: number, position: number) => ({ canvas, position, view, distribution: 'tree' }) as Picture;
  return {
    add: (canvas: number) => renderer.hear({ type: 'add-canvas', canvas, surface: {} as OffscreenCanvas }),
    show: (canvas: number, position: number) =>
      renderer.hear({ type: 'draw', pictures: [{ picture: picture(canvas, position), magnification: 1 }] }),
    remove: (canvas: number) => renderer.hear({ type: 'remove-canvas', canvas }),
  };
}

// Where there are no animation frames, as in a worker that has lost them.
test('of all orders that wait each canvas’s latest picture is drawn, without an animation frame', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const drawn: string[][] = [];
  const { add, show, remove } = ordering((pictures) => void drawn.push(pictures));
  for (const canvas of [1, 2, 3]) add(canvas);
  for (const position of [0, 1, 2]) for (const canvas of [1, 2, 3]) show(canvas, position);
  remove(2);
  mock.timers.tick(1);
  assert.deepEqual(drawn, [['1 at 2', '3 at 2']]);
  show(3, 4);
  mock.timers.tick(1);
  assert.deepEqual(drawn.slice(1), [['3 at 4']]);
  mock.timers.reset();
});

test('pictures that take long do not pile up', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const drawn: string[][] = [];
  let finish = () => {};
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const { add, show } = ordering((pictures) => {
    drawn.push(pictures);
    return finished;
  });
  add(1);
  for (const position of [0, 1, 2]) {
    show(1, position);
    mock.timers.tick(1);
  }
  assert.deepEqual(drawn, [['1 at 0']]);
  finish();
  await finished;
  mock.timers.tick(1);
  assert.deepEqual(drawn.slice(1), [['1 at 2']]);
  mock.timers.reset();
});

test('a picture that fails keeps none of the next from being drawn', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const drawn: string[][] = [];
  const { add, show } = ordering((pictures) => {
    drawn.push(pictures);
    if (drawn.length === 1) throw new Error('of this picture');
  });
  add(1);
  show(1, 0);
  assert.throws(() => mock.timers.tick(1), /of this picture/);
  show(1, 1);
  mock.timers.tick(1);
  assert.deepEqual(drawn.flat(), ['1 at 0', '1 at 1']);
  mock.timers.reset();
});
