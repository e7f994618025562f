// One worker of the processor's engine: a wasm instance that does the pieces of work it is handed, and knows no more.
import type { Playground, Sampler } from '../../../pkg/guidance_playground.js';
import { instantiate, type CompiledCore } from '../core.js';
import { toFailure } from '../failure.js';
import { traceOutline } from '../outline.js';
import type { ClassName } from '../types.js';
import { WaitingRoom } from '../waiting-room.js';
import type { Order, Reply } from './protocol.js';

const send = (reply: Reply, transfer: Transferable[] = []) => self.postMessage(reply, { transfer });

let playground: Playground;
let waiting: WaitingRoom;
const samplers = new Map<number, Sampler>();
const outlines: { classes: ClassName; tracing: ReturnType<typeof traceOutline> }[] = [];

self.onmessage = ({ data: order }: MessageEvent<Order>) => {
  switch (order.type) {
    case 'load':
      return void load(order.core);
    case 'network':
      return waiting.receive(order.name, order.bytes);
    case 'open':
      return waiting.enter(order.run, order.config, () => open(order));
    case 'close':
      waiting.leave(order.run);
      samplers.get(order.run)?.free();
      samplers.delete(order.run);
      return;
    case 'trace':
      return trace(order.milliseconds);
    case 'advance':
      return advance(order);
    case 'measure':
      return measure(order.request, order.positions);
  }
};

async function load(core: CompiledCore): Promise<void> {
  try {
    const { Playground, instructionSet } = await instantiate(core);
    playground = new Playground();
    waiting = new WaitingRoom(
      playground,
      (run, names) => send({ type: 'missing', run, names }),
      (run, failure) => send({ type: 'failed', run, failure, piece: false }),
    );
    for (const classes of ['A', 'B'] as const) outlines.push({ classes, tracing: traceOutline(playground, classes) });
    send({ type: 'ready', instructionSet: instructionSet(), overview: playground.overview() });
  } catch (thrown) {
    send({ type: 'unavailable', failure: toFailure(thrown) });
  }
}

function open({ run, config, starts }: Extract<Order, { type: 'open' }>): void {
  const sampler = playground.sampler(config);
  samplers.set(run, sampler);
  send({
    type: 'opened',
    run,
    plan: {
      noiseLevels: sampler.noiseLevels(),
      weights: sampler.weights(),
      evaluations: Array.from({ length: sampler.steps + 1 }, (_, steps) => sampler.evaluations(steps)),
      memory: sampler.memory,
      coupled: sampler.coupled,
    },
    starts: starts ? (sampler.starts(0, sampler.particles) as Float32Array<ArrayBuffer>) : null,
  });
}

function advance({ run, piece, steps }: Extract<Order, { type: 'advance' }>): void {
  const begun = performance.now();
  try {
    const { first, step, positions: before, memory } = piece;
    const positions = samplers.get(run)!.advance(first, before, memory, step, steps) as Float32Array<ArrayBuffer>;
    const milliseconds = performance.now() - begun;
    const reply = { type: 'advanced', run, piece: { first, step, positions, memory }, milliseconds } as const;
    send(reply, [positions.buffer, memory.buffer]);
  } catch (thrown) {
    send({ type: 'failed', run, failure: toFailure(thrown), piece: true });
  }
}

function measure(request: number, positions: Float32Array): void {
  try {
    send({ type: 'measured', request, metrics: playground.metrics(positions) });
  } catch (thrown) {
    send({ type: 'unmeasured', request, failure: toFailure(thrown) });
  }
}

function trace(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  const traced: Extract<Reply, { type: 'traced' }>['outlines'] = [];
  while (outlines.length > 0 && performance.now() < until) {
    const { classes, tracing } = outlines[0]!;
    const { done, value } = tracing.next();
    if (!done) continue;
    outlines.shift();
    traced.push({ classes, rings: value });
  }
  send({ type: 'traced', outlines: traced, done: outlines.length === 0 });
}
