// How many particles are drawn while pictures move, where drawing takes its time.
import { setTimeout as sleep } from 'node:timers/promises';
import { Thinning } from '../../www/drawing/thinning.js';
import { expect, test } from './fixture.js';

test('slow drawing is thinned while pictures move, made whole at rest, and thickens again when it is quick', async () => {
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
  expect(drawn).toEqual([1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25]);
  expect(told).toEqual([0.5, 0.25]);
  await sleep(400);
  // Once, with all of them, and no more while nothing moves.
  expect(drawn.slice(12)).toEqual([1]);
  cost = 4;
  for (let frame = 0; frame < 80; frame++) thinning.draw(true, paint);
  expect(told).toEqual([0.5, 0.25, 0.5, 1]);
  await sleep(400);
  expect(drawn.at(-1)).toBe(1);
  const { length } = drawn;
  await sleep(300);
  expect(drawn).toHaveLength(length);

  cost = 1e6;
  for (let frame = 0; frame < 100; frame++) thinning.draw(true, paint);
  expect(thinning.share).toBe(1 / 16);
});
