// The worker that conducts a training: what is to be done of the job, what is told of it, and what the browser keeps.
import { initSync, instructionSet } from '../../pkg/training/guidance_playground.js';
import { toFailure } from '../engine/failure.js';
import { Device } from './device.js';
import type { Engine } from './engine.js';
import type { TrainingEnd } from './job.js';
import { Lasting } from './lasting.js';
import { LossCurve } from './loss.js';
import { makeValidation } from './make.js';
import { Processor } from './processor.js';
import type { Order, Reply } from './protocol.js';
import { Queue } from './queue.js';
import { forget, save, saved, savedNetworks, saveNetwork } from './store.js';

/** Milliseconds between states that are kept. */
const keepShare = 3000;

const send = (reply: Reply) => self.postMessage(reply);

let queue: Queue;
let device: Device | null = null;
/** Who waits for workers. */
let handOver: (ports: MessagePort[]) => void;
let name: string | null = null;
/** There is a run, and something goes on. */
let begun = false;
let working = false;
let paused = false;
let stopping = false;
let over = false;
let kept = 0;

self.onmessage = ({ data: order }: MessageEvent<Order>) => {
  switch (order.type) {
    case 'start':
      start(order).catch(fail);
      return;
    case 'workers':
      return handOver(order.ports);
    case 'lost':
      return device?.lose(order.failure);
    case 'pause':
      paused = true;
      return;
    case 'go on':
      if (!paused) return;
      paused = false;
      queue?.wake();
      return void work();
    case 'keep':
      if (begun && !over) void keep().catch(fail);
      return;
    case 'stop':
      stopping = true;
      return void work();
  }
};

async function start(order: Extract<Order, { type: 'start' }>): Promise<void> {
  initSync({ module: order.core });
  ({ name } = order);
  if (order.device) device = new Device(order.device.port, order.device.description);
  const engine = device ? new Lasting(device, processor) : await processor(order.notice);
  queue = new Queue(order.job, engine, makeValidation, {
    progress: (progress) => send({ type: 'progress', progress }),
    snapshot(snapshot) {
      send({ type: 'snapshot', snapshot });
      if (name !== null && snapshot.kept) void saveNetwork(name, snapshot);
    },
  });
  const before = name === null ? null : await saved(name);
  if (before && JSON.stringify(before.job) === JSON.stringify(order.job)) {
    for (const snapshot of await savedNetworks(name!)) send({ type: 'snapshot', snapshot });
    await queue.open(before.run, before.checkpoint, LossCurve.of(before.curve));
  } else {
    if (name !== null) await forget(name);
    await queue.open(0);
  }
  kept = performance.now();
  queue.tell();
  begun = true;
  await work();
}

async function processor(notice: string): Promise<Engine> {
  const ports = new Promise<MessagePort[]>((resolve) => (handOver = resolve));
  send({ type: 'processor' });
  return new Processor(await ports, instructionSet(), notice);
}

/** Goes on until it is to rest, or is over. */
async function work(): Promise<void> {
  if (working || !begun) return;
  working = true;
  try {
    while (!over && !(await rest())) {
      const ended = await queue.advance();
      if (ended) end(ended);
      else if (performance.now() - kept >= keepShare) await keep();
    }
  } catch (thrown) {
    fail(thrown);
  } finally {
    working = false;
  }
}

/** Whether nothing more is to be done for now. */
async function rest(): Promise<boolean> {
  if (stopping) {
    const snapshot = await queue.snapshot();
    if (snapshot) send({ type: 'snapshot', snapshot });
    end({ type: 'stopped' });
  } else if (paused) {
    queue.tell();
    await keep();
    // It may have been told otherwise meanwhile.
    if (!paused || stopping) return rest();
    send({ type: 'paused' });
  }
  return paused || stopping;
}

/** What is there can be gone on with to the same bits: of an iteration under way its beginning. */
async function keep(): Promise<void> {
  const { state, run, job, curve } = queue;
  kept = performance.now();
  if (name === null || !state || state.iteration >= job[run]!.iterations) return;
  const checkpoint = await state.checkpoint();
  // What has ended meanwhile is not kept.
  if (over) return;
  const { iterations, losses } = curve;
  void save(name, { job: [...job], run, iteration: state.iteration, checkpoint, curve: { iterations, losses } });
}

function fail(thrown: unknown): void {
  end({ type: 'failed', failure: toFailure(thrown), snapshot: null });
}

function end(end: TrainingEnd): void {
  if (over) return;
  over = true;
  queue?.close();
  void (name === null ? Promise.resolve() : forget(name)).then(() => send({ type: 'ended', end }));
}
