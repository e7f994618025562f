// One worker of the processor's engine: a wasm instance that does the pieces of work it is handed, and knows no more.
import { initSync, instructionSet, Core, type Sampler } from '../../../../pkg/guidance_playground.js';
import type { DataId, Identified } from '../../../scheme/data.js';
import { forCore } from '../../../engine/for-core.js';
import type { RunConfig } from '../../../scheme/scheme.js';
import { toFailure } from '../../../engine/failure.js';
import { Outlining } from '../outline.js';
import { Cores, lackingIn } from '../../../engine/cores.js';
import { NetworkQueue } from '../../../engine/network-queue.js';
import type { Order, Reply } from './protocol.js';

const send = (reply: Reply, transfer: Transferable[] = []) => self.postMessage(reply, { transfer });

const cores = new Cores((content) => new Core(content));
let queue: NetworkQueue<Identified<RunConfig>>;
const samplers = new Map<number, Sampler>();
/** Outlines under way, or the last that were. */
let outlining: Outlining | null = null;

self.onmessage = ({ data: order }: MessageEvent<Order>) => {
  switch (order.type) {
    case 'load':
      return load(order);
    case 'data':
      return cores.learn(order);
    case 'network':
      return queue.receive(order.name, order.bytes);
    case 'open':
      return queue.enter(order.run, order.config, () => open(order));
    case 'close':
      queue.leave(order.run);
      samplers.get(order.run)?.free();
      samplers.delete(order.run);
      return;
    case 'overview':
      return send({ ...order, view: coreOf(order.distribution)?.overview() ?? null });
    case 'trace':
      return trace(order);
    case 'advance':
      return advance(order);
    case 'measure':
      return measure(order);
  }
};

function load({ core: compiled, data }: Extract<Order, { type: 'load' }>): void {
  try {
    initSync({ module: compiled });
    coreOf(data);
    queue = new NetworkQueue(
      lackingIn(cores),
      (run, names) => send({ type: 'missing', run, names }),
      (run, failure) => send({ type: 'failed', run, failure, piece: false }),
    );
    send({ type: 'ready', instructionSet: instructionSet() });
  } catch (thrown) {
    send({ type: 'unavailable', failure: toFailure(thrown) });
  }
}

/** Null of data that there are none of: each run of them says so. */
function coreOf(distribution: DataId): Core | null {
  try {
    return cores.of(distribution);
  } catch {
    return null;
  }
}

function open({ run, config, starts }: Extract<Order, { type: 'open' }>): void {
  const sampler = cores.of(config.distribution).sampler(forCore(config));
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

function measure({ request, distribution, positions }: Extract<Order, { type: 'measure' }>): void {
  try {
    send({ type: 'measured', request, metrics: cores.of(distribution).metrics(positions) });
  } catch (thrown) {
    send({ type: 'unmeasured', request, failure: toFailure(thrown) });
  }
}

function trace({ milliseconds, site, sketch }: Extract<Order, { type: 'trace' }>): void {
  const until = performance.now() + milliseconds;
  if (!coreOf(site.distribution)) return send({ type: 'traced', site, sketch, rings: null, done: true });
  if (!outlining?.isOf(site, sketch)) outlining = new Outlining(() => cores.of(site.distribution), site, sketch);
  const { rings } = outlining;
  // Done already where it is asked for again.
  const before = outlining.done ? 0 : rings.size;
  while (!outlining.done && performance.now() < until) outlining.advance();
  // Everything's as they come; a part's, which take the place of those, together.
  const news = site.part || sketch ? outlining.done : rings.size > before;
  send({ type: 'traced', site, sketch, rings: news ? rings : null, done: outlining.done });
}
