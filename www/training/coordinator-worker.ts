// The worker that has the state of a training. Others compute the shards of its iterations, over ports: each iteration they are
// handed the weights, and what they send back is summed in the order of the shards, so that their number changes no bit.
import { initSync, type Training } from '../../pkg/training/guidance_playground.js';
import { toFailure } from '../engine/failure.js';
import type { TrainingEnd, TrainingRun } from './job.js';
import { LossCurve } from './loss.js';
import { addTo, makeTraining } from './make.js';
import type { Order, Reply, ShardOrder, ShardReply, ShardSums } from './protocol.js';
import { configOf, Queue } from './queue.js';
import { forget, save, saved, savedNetworks, saveNetwork } from './store.js';

/** Milliseconds between states that are kept. */
const keepShare = 3000;

const send = (reply: Reply) => self.postMessage(reply);

let queue: Queue;
let workers: MessagePort[] = [];
let name: string | null = null;
let sums: (ShardSums | undefined)[] = [];
/** Shards of the iteration under way that have not come; none is under way at 0. */
let missing = 0;
let paused = false;
let stopping = false;
let over = false;
let kept = 0;

self.onmessage = ({ data: order }: MessageEvent<Order>) => {
  switch (order.type) {
    case 'start':
      start(order).catch(fail);
      return;
    case 'pause':
      paused = true;
      return;
    case 'go on':
      if (!paused) return;
      paused = false;
      queue?.wake();
      if (missing === 0) go();
      return;
    case 'keep':
      if (!over && queue?.training) keep();
      return;
    case 'stop':
      stopping = true;
      if (missing === 0) go();
  }
};

async function start(order: Extract<Order, { type: 'start' }>): Promise<void> {
  initSync({ module: order.core });
  ({ workers, name } = order);
  for (const worker of workers) worker.onmessage = ({ data }: MessageEvent<ShardReply>) => receive(data);
  queue = new Queue(order.job, make, {
    progress: (progress) => send({ type: 'progress', progress }),
    snapshot(snapshot) {
      send({ type: 'snapshot', snapshot });
      if (name !== null && snapshot.kept) void saveNetwork(name, snapshot);
    },
  });
  const before = name === null ? null : await saved(name);
  if (before && JSON.stringify(before.job) === JSON.stringify(order.job)) {
    for (const snapshot of await savedNetworks(name!)) send({ type: 'snapshot', snapshot });
    queue.open(before.run, before.checkpoint, LossCurve.of(before.curve));
  } else {
    if (name !== null) await forget(name);
    queue.open(0);
  }
  kept = performance.now();
  queue.tell();
  go();
}

function make(run: TrainingRun, checkpoint: Uint8Array | null): Training {
  const training = makeTraining(run, checkpoint);
  for (const worker of workers) worker.postMessage({ type: 'run', config: configOf(run) } satisfies ShardOrder);
  return training;
}

/** The next iteration, unless it is not to be. */
function go(): void {
  if (over || !queue?.training) return;
  if (stopping) {
    const snapshot = queue.snapshot();
    if (snapshot) send({ type: 'snapshot', snapshot });
    return end({ type: 'stopped' });
  }
  if (paused) {
    queue.tell();
    keep();
    return send({ type: 'paused' });
  }
  const { training } = queue;
  const weights = training.begin() as Float32Array<ArrayBuffer>;
  const { iteration, shards } = training;
  sums = Array.from({ length: shards });
  missing = shards;
  workers.forEach((worker, index) => {
    const [from, to] = [index, index + 1].map((i) => Math.floor((i * shards) / workers.length)) as [number, number];
    if (from < to) worker.postMessage({ type: 'iterate', iteration, weights, shards: [from, to] } satisfies ShardOrder);
  });
}

function receive(reply: ShardReply): void {
  if (over) return;
  if (reply.type === 'failed') return end({ type: 'failed', failure: reply.failure, snapshot: null });
  reply.sums.forEach((one, index) => (sums[reply.from + index] = one));
  missing -= reply.sums.length;
  if (missing > 0) return;
  try {
    finish();
  } catch (thrown) {
    fail(thrown);
  }
}

function finish(): void {
  const { training } = queue;
  for (const one of sums) addTo(training!, one!);
  const ended = queue.follow(training!.finish());
  if (ended) return end(ended);
  if (performance.now() - kept >= keepShare) keep();
  go();
}

/** What is there can be gone on with to the same bits: of an iteration under way its beginning. */
function keep(): void {
  const { training, run, job, curve } = queue;
  kept = performance.now();
  if (name === null) return;
  const { iterations, losses } = curve;
  const checkpoint = training!.checkpoint() as Uint8Array<ArrayBuffer>;
  void save(name, { job: [...job], run, iteration: training!.iteration, checkpoint, curve: { iterations, losses } });
}

function fail(thrown: unknown): void {
  end({ type: 'failed', failure: toFailure(thrown), snapshot: null });
}

function end(end: TrainingEnd): void {
  if (over) return;
  over = true;
  queue?.training?.free();
  void (name === null ? Promise.resolve() : forget(name)).then(() => send({ type: 'ended', end }));
}
