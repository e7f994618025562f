import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Validation } from '../../pkg/training/guidance_playground.js';
import { AdvisedError } from '../engine/failure.js';
import type { Engine, EngineRun } from './engine.js';
import type { TrainingProgress, TrainingSnapshot } from './job.js';
import { Lasting } from './lasting.js';
import { Queue } from './queue.js';

const lost = new AdvisedError('gpu-lost', 'The graphics processor stopped (a test).', '');

/** An engine whose checkpoint is its iteration, whose losses tell that and who made them, and which fails at `end`. */
function engine(kind: Engine['kind'], loss: number, end = Infinity, failure = lost): Engine & { begun: number[] } {
  const begun: number[] = [];
  return {
    kind,
    description: kind,
    notice: '',
    begun,
    async open(_, checkpoint): Promise<EngineRun> {
      begun.push(checkpoint?.[0] ?? 0);
      const run = {
        iteration: checkpoint?.[0] ?? 0,
        async advance(most: number) {
          const count = kind === 'cpu' ? 1 : Math.min(most, 10);
          if (run.iteration + count > end) throw failure;
          run.iteration += count;
          return Array.from({ length: count }, () => loss);
        },
        network: async () => Uint8Array.of(run.iteration),
        checkpoint: async () => Uint8Array.of(run.iteration),
        free() {},
      };
      return run;
    },
  };
}

async function train(device: Engine, processor: Engine) {
  const snapshots: TrainingSnapshot[] = [];
  const progress: TrainingProgress[] = [];
  const notices: string[] = [];
  const lasting = new Lasting(device, async (notice) => {
    notices.push(notice);
    return { ...processor, notice };
  });
  const held = { sigmas: [], losses: () => [], free() {} } as unknown as Validation;
  const queue = new Queue([{ iterations: 130 }, { iterations: 20 }], lasting, () => held, {
    snapshot: (one) => snapshots.push(one),
    progress: (one) => progress.push(one),
  });
  await queue.open(0);
  let end = null;
  while (!end) end = await queue.advance();
  return { end, snapshots: snapshots.map(({ run, iteration }) => `${run} ${iteration}`), last: progress.at(-1)!, progress, notices };
}

test('a device that is lost leaves the processor, from the last network that was seen', async () => {
  const processor = engine('cpu', 0.25);
  const { end, snapshots, progress, last, notices } = await train(engine('webgpu', 0.5, 110), processor);
  assert.deepEqual(end, { type: 'done' });
  // Each once.
  assert.deepEqual(snapshots, ['0 64', '0 128', '0 130', '1 20']);
  assert.deepEqual(processor.begun, [64, 0]);
  assert.deepEqual(notices, ['The graphics processor stopped (a test). The CPU has taken over.']);
  assert.deepEqual(last.engine, { kind: 'cpu', description: 'cpu', notice: notices[0] });
  // Of the iterations that were lost no loss is left.
  const { curve } = progress.findLast(({ run }) => run === 0)!;
  assert.deepEqual(
    curve.iterations,
    Array.from({ length: 130 }, (_, i) => i + 1),
  );
  assert.deepEqual(curve.losses, [...Array.from({ length: 64 }, () => 0.5), ...Array.from({ length: 66 }, () => 0.25)]);
});

test('what is no fault of a device is no reason to go on', async () => {
  const failure = new AdvisedError('invalid', 'No.', '');
  await assert.rejects(train(engine('webgpu', 0.5, 110, failure), engine('cpu', 0.25)), failure);
});

test('a device that refuses a run leaves it, and all after it, to the processor', async () => {
  const refusing = { ...engine('webgpu', 0.5), open: () => Promise.reject(new AdvisedError('gpu-memory', 'Too large.', '')) };
  const processor = engine('cpu', 0.25);
  const { end, notices } = await train(refusing, processor);
  assert.deepEqual([end, notices], [{ type: 'done' }, ['Too large. The CPU has taken over.']]);
  assert.deepEqual(processor.begun, [0, 0]);
});
