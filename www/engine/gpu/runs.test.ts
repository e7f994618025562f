import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Purpose } from '../backend.js';
import { AdvisedError } from '../failure.js';
import type { DeviceRun } from './job.js';
import type { DeviceReply } from './protocol.js';
import { DeviceRuns } from './runs.js';

/** A run of two steps, each of which is done when the test says so. */
class Run implements DeviceRun {
  readonly steps = 2;
  stepsDone = 0;
  freed = false;
  #done: { resolve: () => void; reject: (reason: unknown) => void } | null = null;

  noiseLevels = () => Float64Array.of(80, 1, 0);
  weights = () => Float64Array.of(1, 1);
  evaluations = (steps: number) => 2 * steps;

  async advance(): Promise<boolean> {
    assert.equal(this.freed, false);
    await new Promise<void>((resolve, reject) => (this.#done = { resolve, reject })).finally(() => (this.#done = null));
    this.stepsDone += 1;
    return this.stepsDone < this.steps;
  }

  get moving(): boolean {
    return this.#done !== null;
  }

  finishStep(): void {
    assert.ok(this.#done);
    this.#done.resolve();
  }

  failStep(reason: unknown): void {
    this.#done!.reject(reason);
  }

  free(): void {
    assert.equal(this.freed, false);
    this.freed = true;
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** What is run, by the network that it lacks. */
const configOf = (network: string) => ({ network, scheme: { combination: 'lerp' } });
type Config = ReturnType<typeof configOf>;

/** A worker of a device that moves so many runs at once, whose runs lack the networks that they are configured with. */
async function worker(atOnce: number, opens: Record<number, [string, Purpose]>) {
  const made = new Map<number, Run>();
  const said: DeviceReply[] = [];
  const held = new Set(['here', 'refused', 'late']);
  const runs = new DeviceRuns<Config, Run>(
    {
      atOnce,
      lacking: ({ network }) => [{ addNetwork: (name) => held.add(name) }, held.has(network) ? [] : [network]],
      async open({ run, config }) {
        if (config.network === 'refused') throw new AdvisedError('invalid', 'The device cannot do this.', '');
        if (config.network === 'late') await settled();
        const opened = new Run();
        made.set(run, opened);
        return opened;
      },
      count: () => 16,
      ends: async () => Float32Array.of(7),
    },
    (reply) => said.push(reply),
  );
  const open = (run: number, [network, purpose]: [string, Purpose]) => runs.hear({ type: 'open', run, config: configOf(network), purpose });
  for (const [run, order] of Object.entries(opens)) open(Number(run), order);
  await settled();
  const moving = () => [...made].filter(([, run]) => run.moving).map(([number]) => number);
  const step = async (run: number) => {
    made.get(run)!.finishStep();
    await settled();
  };
  const of = (type: DeviceReply['type']) => said.filter((reply) => reply.type === type);
  return { runs, made, said, of, moving, step };
}

test('the more urgent go first, then the least advanced; the device has so many in hand, of each run one', async () => {
  const { moving, step, of } = await worker(2, { 1: ['here', 'sample'], 2: ['here', 'panel'], 3: ['here', 'panel'], 4: ['here', 'panel'] });
  // The first to come was alone then.
  assert.deepEqual(moving(), [1, 2]);
  await step(1);
  assert.deepEqual(moving(), [2, 3]);
  await step(2);
  assert.deepEqual(moving(), [3, 4]);
  await step(4);
  assert.deepEqual(moving(), [2, 3]);
  await step(2);
  assert.deepEqual(moving(), [3, 4]);
  assert.deepEqual(of('ended'), [{ type: 'ended', run: 2, samples: Float32Array.of(7) }]);
  for (const run of [4, 3, 3]) await step(run);
  assert.deepEqual(moving(), [1]);
  const told = of('advanced').map((reply) => reply.type === 'advanced' && [reply.run, reply.stepsDone, reply.evaluations]);
  assert.deepEqual(told.slice(0, 4), [
    [1, 1, 2],
    [2, 1, 2],
    [4, 1, 2],
    [2, 2, 4],
  ]);
});

test('a device that does one thing at a time does what is to be done before a run moves', async () => {
  const errands: (number | undefined)[] = [];
  const finish: (() => void)[] = [];
  const run = new Run();
  const runs = new DeviceRuns<Config, Run>(
    {
      atOnce: 1,
      lacking: () => [{ addNetwork() {} }, []],
      open: async () => run,
      count: () => 1,
      ends: async () => new Float32Array(),
      errand(job) {
        if (errands.length === 2) return null;
        errands.push(job?.id);
        return new Promise((resolve) => finish.push(resolve));
      },
    },
    () => {},
  );
  runs.hear({ type: 'open', run: 5, config: configOf(''), purpose: 'panel' });
  await settled();
  for (const each of [0, 1]) {
    assert.equal(run.moving, false);
    finish[each]!();
    await settled();
  }
  assert.deepEqual(errands, [5, 5]);
  assert.equal(run.moving, true);
});

test('what rests waits, and what is cancelled or released goes no further, and is freed when nothing uses it', async () => {
  const { runs, made, moving, step, said } = await worker(1, { 1: ['here', 'panel'], 2: ['here', 'panel'] });
  runs.hear({ type: 'rest', runs: [1] });
  await step(1);
  assert.deepEqual(moving(), [2]);
  await step(2);
  await step(2);
  assert.deepEqual(moving(), []);
  runs.hear({ type: 'rest', runs: [] });
  assert.deepEqual(moving(), [1]);
  runs.hear({ type: 'release', run: 1 });
  assert.equal(made.get(1)!.freed, false);
  await step(1);
  assert.equal(made.get(1)!.freed, true);
  assert.equal(
    said.some((reply) => reply.type === 'ended' && reply.run === 1),
    false,
  );
  runs.hear({ type: 'cancel', run: 2 });
  assert.equal(made.get(2)!.freed, false);
  runs.hear({ type: 'release', run: 2 });
  assert.equal(made.get(2)!.freed, true);
});

test('runs are prepared one after the other; one that is given up then is freed, and before that never made', async () => {
  const { runs, made, of } = await worker(1, {});
  for (const run of [1, 2, 3]) runs.hear({ type: 'open', run, config: configOf('late'), purpose: 'panel' });
  await Promise.resolve();
  for (const run of [1, 2]) runs.hear({ type: 'release', run });
  await settled();
  assert.deepEqual([...made.keys()], [1]);
  assert.equal(made.get(1)!.freed, true);
  await settled();
  assert.deepEqual([...made.keys()], [1, 3]);
  assert.deepEqual(
    of('opened').map((reply) => reply.type === 'opened' && reply.run),
    [3],
  );
  assert.equal(runs.preparing, false);
});

test('a run waits for its networks, and others do not', async () => {
  const { runs, of, moving } = await worker(2, { 1: ['far', 'panel'], 2: ['here', 'panel'] });
  assert.deepEqual(of('missing'), [{ type: 'missing', run: 1, names: ['far'] }]);
  assert.deepEqual(moving(), [2]);
  runs.hear({ type: 'network', name: 'far', bytes: new Uint8Array() });
  await settled();
  assert.deepEqual(moving(), [2, 1]);
});

test('a run that is refused fails alone, and a device that fails stops the engine', async () => {
  const { of, made, moving } = await worker(1, { 1: ['refused', 'panel'], 2: ['here', 'panel'] });
  const refused = { code: 'invalid', message: 'The device cannot do this.', advice: '' };
  assert.deepEqual(of('failed'), [{ type: 'failed', run: 1, failure: refused }]);
  assert.deepEqual(of('stopped'), []);
  made.get(2)!.failStep(new AdvisedError('gpu-lost', 'The graphics processor stopped.', ''));
  await settled();
  assert.deepEqual(of('stopped').length, 1);
  assert.deepEqual(moving(), []);
});
