import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { type Configuration, type LabTypes, type Purpose, RunRecord } from '../backend.js';
import type { Failure } from '../types.js';
import { DeviceBackend } from './backend.js';
import type { DeviceReply } from './protocol.js';

interface Types extends LabTypes {
  metrics: { ends: number[] };
  backend: Backend;
}

interface Order {
  type: string;
  run?: number;
  runs?: number[];
  purpose?: Purpose;
}

/** The one worker, which says what a test has it say. */
let worker: { orders: Order[]; terminated: boolean; say: (reply: DeviceReply | { type: 'own' }) => void };

class Worker {
  onmessage?: (event: { data: unknown }) => void;

  constructor() {
    worker = { orders: [], terminated: false, say: (data) => this.onmessage?.({ data }) };
  }

  postMessage(order: Order) {
    worker.orders.push(order);
  }

  terminate() {
    worker.terminated = true;
  }
}

/** With a browser's workers, which other tests in this process are not to see. */
function inBrowser<T>(make: () => T): T {
  const { Worker: before, document, self } = globalThis;
  Object.assign(globalThis, { Worker, document: { baseURI: 'http://127.0.0.1/' }, self: { origin: 'http://127.0.0.1' } });
  try {
    return make();
  } finally {
    Object.assign(globalThis, { Worker: before, document, self });
    for (const name of ['Worker', 'document', 'self'] as const)
      if (globalThis[name] === undefined) Reflect.deleteProperty(globalThis, name);
  }
}

type Measure = (samples: Float32Array) => Promise<Types['metrics']>;

class Backend extends DeviceBackend<Types, Configuration, { type: 'load' }, { type: 'own' }> {
  readonly reading = false;
  heard = 0;
  readonly stops: Failure[];

  private constructor(measure: Measure) {
    const stops: Failure[] = [];
    super('worker.js', measure, { changed() {}, stopped: (failure) => stops.push(failure) });
    this.stops = stops;
  }

  static make(measure: Measure = async (samples) => ({ ends: [...samples] })): Backend {
    return inBrowser(() => new Backend(measure));
  }

  opened(software = false): Promise<this> {
    return this.open({ type: 'load' }, software);
  }

  protected override configOf({ config }: RunRecord<Types>): Configuration {
    return config;
  }

  protected override hear(): void {
    this.heard += 1;
  }
}

const ready = { type: 'ready', description: 'a device', software: false } as const;
const settled = () => new Promise((resolve) => setImmediate(resolve));

function record(backend: Backend, purpose: Purpose = 'panel', resting = false): RunRecord<Types> {
  const config = { scheme: { levels: { steps: 2 } }, seed: 1 } as Configuration;
  return new RunRecord<Types>({ resting, hear() {} }, backend, config, purpose);
}

test('a device is there once its worker says so, and what stops it is told', async () => {
  const backend = Backend.make();
  const opened = backend.opened();
  assert.deepEqual(worker.orders, [{ type: 'load' }]);
  worker.say(ready);
  assert.equal(await opened, backend);
  assert.deepEqual([backend.kind, backend.description, backend.parallel], ['webgpu', 'a device', true]);
  worker.say({ type: 'own' });
  assert.equal(backend.heard, 1);
  const lost = { code: 'gpu-lost', message: 'It stopped.', advice: '' };
  worker.say({ type: 'stopped', failure: lost });
  assert.deepEqual(backend.stops, [lost]);
  backend.dispose();
  worker.say({ type: 'stopped', failure: lost });
  assert.equal(worker.terminated, true);
  assert.equal(backend.stops.length, 1);
});

test('a device that is refused, or too slow to open, is thrown, and its worker is ended', async () => {
  const refused = Backend.make();
  const opening = refused.opened();
  worker.say({ type: 'stopped', failure: { code: 'gpu-refused', message: 'No device.', advice: '' } });
  await assert.rejects(opening, { code: 'gpu-refused', message: 'No device.' });
  assert.equal(worker.terminated, true);
  assert.deepEqual(refused.stops, []);

  mock.timers.enable({ apis: ['setTimeout'] });
  for (const [software, milliseconds] of [
    [false, 10_000],
    [true, 60_000],
  ] as const) {
    const late = Backend.make().opened(software);
    let thrown: unknown = null;
    late.catch((reason) => (thrown = reason));
    mock.timers.tick(milliseconds - 1);
    await settled();
    assert.equal(thrown, null);
    mock.timers.tick(1);
    await assert.rejects(late, { code: 'gpu-slow' });
  }
  mock.timers.reset();
});

test('what a worker tells of a run is in its record, and its end is measured', async () => {
  const backend = Backend.make();
  worker.say(ready);
  const run = record(backend);
  backend.start(run);
  assert.deepEqual(worker.orders.at(-1), { type: 'open', run: run.id, config: run.config, purpose: 'panel' });
  worker.say({ type: 'opened', run: run.id, noiseLevels: Float64Array.of(80, 1, 0), weights: Float64Array.of(2, 1) });
  assert.deepEqual([run.started, run.stepsDone, [...run.noiseLevels], [...run.weights]], [true, 0, [80, 1, 0], [2, 1]]);
  const advanced = { type: 'advanced', run: run.id, evaluations: 4, milliseconds: 20, pace: 99 } as const;
  worker.say({ ...advanced, stepsDone: 1 });
  assert.deepEqual([run.stepsDone, run.evaluations, run.milliseconds, backend.pace], [1, 4, 20, 0]);
  worker.say({ ...advanced, stepsDone: 2 });
  assert.equal(backend.pace, 99);
  worker.say({ type: 'ended', run: run.id, samples: Float32Array.of(1, 2) });
  await settled();
  assert.deepEqual(run.metrics, { ends: [1, 2] });

  const failed = record(backend);
  backend.start(failed);
  backend.release(run);
  worker.say({ type: 'failed', run: run.id, failure: { code: 'invalid', message: 'Nobody hears.', advice: '' } });
  worker.say({ type: 'failed', run: failed.id, failure: { code: 'invalid', message: 'It cannot.', advice: '' } });
  assert.deepEqual([run.failure, failed.failure?.message], [null, 'It cannot.']);
});

test('a preview of data that a hand has changed since is over at its end, unmeasured', async () => {
  let measured = 0;
  const backend = Backend.make(async () => ({ ends: [++measured] }));
  const run = record(backend, 'preview');
  backend.start(run);
  run.superseded = true;
  assert.equal(run.over, false);
  worker.say({ type: 'advanced', run: run.id, evaluations: 4, milliseconds: 20, pace: 99, stepsDone: run.steps });
  worker.say({ type: 'ended', run: run.id, samples: Float32Array.of(1, 2) });
  await settled();
  assert.deepEqual([run.over, run.finished, measured], [true, false, 0]);
});

test('what cannot be measured fails its run', async () => {
  const backend = Backend.make(() => Promise.reject(new Error('no evaluator')));
  const run = record(backend);
  backend.start(run);
  worker.say({ type: 'ended', run: run.id, samples: new Float32Array() });
  await settled();
  assert.deepEqual([run.metrics, run.failure?.message], [null, 'no evaluator']);
});

test('runs of an owner that rests are told as they come, and all again when that changes', () => {
  const backend = Backend.make();
  const [seen, unseen] = [record(backend), record(backend, 'sample', true)];
  backend.start(seen);
  backend.start(unseen);
  assert.deepEqual(worker.orders.slice(-2), [
    { type: 'open', run: unseen.id, config: unseen.config, purpose: 'sample' },
    { type: 'rest', runs: [unseen.id] },
  ]);
  backend.release(unseen);
  backend.reconsider();
  assert.deepEqual(worker.orders.at(-1), { type: 'rest', runs: [] });
  backend.lose();
  assert.deepEqual(worker.orders.at(-1), { type: 'lose' });
});
