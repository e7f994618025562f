import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Validation } from '../../pkg/training/guidance_playground.js';
import type { EngineRun } from './engine.js';
import { isKept, nextKept, type TrainingProgress, type TrainingSnapshot } from './job.js';
import { Queue } from './queue.js';

/** Whose losses are one over the number of iterations. */
const validation = {
  sigmas: Float64Array.of(0.1, 1),
  losses: (network: Uint8Array) => Float64Array.of(1 / network[0]!, 0),
  free() {},
} as unknown as Validation;

/** An engine whose losses are given, so many iterations at once. */
function queueOf(iterations: number[], losses: number[], atOnce = 1) {
  const snapshots: TrainingSnapshot[] = [];
  const progress: TrainingProgress[] = [];
  const open = async () => {
    const run = {
      iteration: 0,
      advance: async (most: number) => {
        const some = losses.splice(0, Math.min(most, atOnce));
        run.iteration += some.length;
        return some;
      },
      network: async () => Uint8Array.of(run.iteration),
      checkpoint: async () => Uint8Array.of(run.iteration),
      free() {},
    };
    return run satisfies EngineRun;
  };
  const queue = new Queue(
    iterations.map((iterations) => ({ iterations })),
    { kind: 'cpu', description: '', notice: '', open },
    () => validation,
    { snapshot: (snapshot) => snapshots.push(snapshot), progress: (one) => progress.push(one) },
  );
  /** Until it ends. */
  const end = async () => {
    await queue.open(0);
    for (;;) {
      const end = await queue.advance();
      if (end) return end;
    }
  };
  return { queue, snapshots, progress, end };
}

/** Runs and iterations of networks that are kept. */
const keptOf = (snapshots: TrainingSnapshot[]) => snapshots.filter(({ kept }) => kept).map(({ run, iteration }) => [run, iteration]);

test('runs follow each other, and their last networks are kept', async () => {
  const { snapshots, progress, end } = queueOf([3, 2], [0.5, 0.4, 0.3, 0.5, 0.4]);
  assert.deepEqual(await end(), { type: 'done' });
  assert.deepEqual(keptOf(snapshots), [
    [0, 3],
    [1, 2],
  ]);
  assert.deepEqual(snapshots.at(-1)!.lossByNoise, { sigmas: [0.1, 1], losses: [1 / 2, 0] });
  const { run, done, curve } = progress.at(-1)!;
  assert.deepEqual([run, done, curve.losses], [1, 1, [0.5, 0.4]]);
});

test('an engine that does many iterations at once passes over none that is kept, and loses no loss', async () => {
  const losses = Array.from({ length: 300 }, (_, i) => 1 / (i + 1));
  const { queue, snapshots, progress, end } = queueOf([300], [...losses], 1000);
  assert.deepEqual(await end(), { type: 'done' });
  assert.deepEqual(keptOf(snapshots), [
    [0, 64],
    [0, 128],
    [0, 256],
    [0, 300],
  ]);
  const one = queueOf([300], [...losses]);
  await one.end();
  assert.deepEqual(progress.at(-1)!.curve, one.progress.at(-1)!.curve);
  assert.equal(queue.state, null);
});

test('a run that diverges ends with its last network that a loss has proved good', async () => {
  const good = (count: number) => Array.from({ length: count }, () => 0.5);
  for (const atOnce of [1, 1000]) {
    const end = await queueOf([200], [...good(129), NaN, ...good(70)], atOnce).end();
    assert.ok(end.type === 'failed');
    assert.match(end.failure.message, /diverged: its loss is no number any more, at iteration 130/);
    assert.equal(end.snapshot?.iteration, 128);

    // Nothing has proved what was made just before.
    const failed = await queueOf([200], [...good(64), Infinity], atOnce).end();
    assert.ok(failed.type === 'failed');
    assert.equal(failed.snapshot, null);
  }
});

test('kept are powers of two from 64 on, multiples of 256, and the last', () => {
  const kept = Array.from({ length: 1100 }, (_, i) => i + 1).filter((i) => isKept(i, 1100));
  assert.deepEqual(kept, [64, 128, 256, 512, 768, 1024, 1100]);
  const next = [0, 63, 64, 1024, 1099].map((iteration) => nextKept(iteration, 1100));
  assert.deepEqual(next, [64, 64, 128, 1100, 1100]);
});
