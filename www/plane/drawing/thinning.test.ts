import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Thinning } from './thinning.js';

test('slow drawing is thinned while pictures move, made whole at rest, and thickens again when it is quick', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  let now = 0;
  let cost = 40;
  const drawn: number[] = [];
  const told: number[] = [];
  const paint = (share: number) => {
    drawn.push(share);
    now += cost * share;
  };
  const thinning: Thinning = new Thinning(
    () => thinning.draw(false, paint),
    (share) => told.push(share),
    () => now,
  );
  for (let frame = 0; frame < 12; frame++) thinning.draw(true, paint);
  // 40 ms, 20 ms, then 10 ms, which is neither too slow nor so quick that more would do.
  assert.deepEqual(drawn, [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25]);
  assert.deepEqual(told, [0.5, 0.25]);
  mock.timers.tick(400);
  // Once, with all of them, and no more while nothing moves.
  assert.deepEqual(drawn.slice(12), [1]);
  cost = 4;
  for (let frame = 0; frame < 80; frame++) thinning.draw(true, paint);
  assert.deepEqual(told, [0.5, 0.25, 0.5, 1]);
  mock.timers.tick(400);
  assert.equal(drawn.at(-1), 1);
  const { length } = drawn;
  mock.timers.tick(300);
  assert.equal(drawn.length, length);

  cost = 1e6;
  for (let frame = 0; frame < 100; frame++) thinning.draw(true, paint);
  assert.equal(thinning.share, 1 / 16);
  mock.timers.reset();
});
