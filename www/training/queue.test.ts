import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Training } from '../../pkg/training/guidance_playground.js';
import { isKept, type TrainingProgress, type TrainingSnapshot } from './job.js';
import { Queue } from './queue.js';

/** A state that counts. */
function counting(): Training {
  const iteration = 0;
  const state = { iteration, network: () => Uint8Array.of(state.iteration), free() {} };
  return state as unknown as Training;
}

function queueOf(iterations: number[]) {
  const snapshots: TrainingSnapshot[] = [];
  const progress: TrainingProgress[] = [];
  const states: (Training & { iteration: number })[] = [];
  const queue = new Queue(
    iterations.map((iterations) => ({ iterations })),
    () => {
      states.push(counting() as never);
      return states.at(-1)!;
    },
    { snapshot: (snapshot) => snapshots.push(snapshot), progress: (one) => progress.push(one) },
  );
  const step = (loss: number) => {
    states.at(-1)!.iteration += 1;
    return queue.follow(loss);
  };
  return { queue, snapshots, progress, step };
}

test('runs follow each other, and their last networks are kept', () => {
  const { queue, snapshots, progress, step } = queueOf([3, 2]);
  queue.open(0);
  const ends = [0.5, 0.4, 0.3, 0.5, 0.4].map(step);
  assert.deepEqual(ends, [null, null, null, null, { type: 'done' }]);
  assert.deepEqual(
    snapshots.filter(({ kept }) => kept).map(({ run, iteration }) => [run, iteration]),
    [
      [0, 3],
      [1, 2],
    ],
  );
  const { run, done, curve } = progress.at(-1)!;
  assert.deepEqual([run, done, curve.losses], [1, 1, [0.5, 0.4]]);
});

test('a run that diverges ends with its last network that a loss has proved good', () => {
  const { queue, step } = queueOf([200]);
  queue.open(0);
  for (let i = 0; i < 129; i++) assert.equal(step(0.5), null);
  const end = step(NaN);
  assert.ok(end?.type === 'failed');
  assert.match(end.failure.message, /diverged: its loss is no number any more, at iteration 130/);
  assert.equal(end.snapshot?.iteration, 128);

  // Nothing has proved what was made just before.
  const early = queueOf([200]);
  early.queue.open(0);
  for (let i = 0; i < 64; i++) early.step(0.5);
  const failed = early.step(Infinity);
  assert.ok(failed?.type === 'failed');
  assert.equal(failed.snapshot, null);
});

test('kept are powers of two from 64 on, multiples of 256, and the last', () => {
  const kept = Array.from({ length: 1100 }, (_, i) => i + 1).filter((i) => isKept(i, 1100));
  assert.deepEqual(kept, [64, 128, 256, 512, 768, 1024, 1100]);
});
