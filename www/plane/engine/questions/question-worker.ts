// Answers questions, with a wasm instance of its own, so that neither sampling nor the page waits for an answer.
import { contours } from 'd3-contour';
import { initSync, Core, type Explanation } from '../../../../pkg/guidance_playground.js';
import type { DataId, Identified } from '../../../scheme/data.js';
import { forCore } from '../../../engine/for-core.js';
import type { RunConfig } from '../../../scheme/scheme.js';
import { toFailure } from '../../../engine/failure.js';
import { traceOutline } from '../outline.js';
import type {
  Answer,
  BranchesQuestion,
  ContoursQuestion,
  Contours,
  ExplainQuestion,
  OutlineQuestion,
  Posed,
  TraceQuestion,
} from './questions.js';
import { Cores, lackingIn } from '../../../engine/cores.js';
import { NetworkQueue } from '../../../engine/network-queue.js';
import type { Order, Reply } from './protocol.js';

const send = (reply: Reply) => self.postMessage(reply);

const cores = new Cores((content) => new Core(content));
let queue: NetworkQueue<Identified<RunConfig>>;
/** The data that were there first. */
let first: DataId;
/** Schemes that were asked about, the latest last: what they have worked out of a noise level is asked for again. */
const explanations = new Map<string, Explanation>();
/** As many as there can be panels, and those that they come from while a control is dragged. */
const mostExplanations = 12;

self.onmessage = ({ data: order }: MessageEvent<Order>) => {
  if (order.type === 'load') load(order);
  else if (order.type === 'data') cores.learn(order);
  else hear(order);
};

function hear(order: Exclude<Order, { type: 'load' | 'data' }>): void {
  switch (order.type) {
    case 'network':
      return queue.receive(order.name, order.bytes);
    case 'drop':
      return queue.leave(order.request);
    case 'ask': {
      const { request, question } = order;
      if ('config' in question) return queue.enter(request, question.config, () => respond(request, question));
      return respond(request, question);
    }
  }
}

function load({ core, data }: Extract<Order, { type: 'load' }>): void {
  try {
    initSync({ module: core });
    first = data;
    queue = new NetworkQueue(
      lackingIn(cores),
      (request, names) => send({ type: 'missing', request, names }),
      (request, failure) => send({ type: 'refused', request, failure }),
    );
  } catch (thrown) {
    send({ type: 'unavailable', failure: toFailure(thrown) });
  }
}

function respond(request: number, question: Posed): void {
  try {
    send({ type: 'answered', request, answer: answer(question) });
  } catch (thrown) {
    send({ type: 'refused', request, failure: toFailure(thrown) });
  }
}

function answer(question: Posed): Answer {
  switch (question.type) {
    case 'explain':
      return explain(question);
    case 'trace':
      return trace(question);
    case 'facts':
      return cores.of(question.distribution).facts(question.positions);
    case 'branches':
      return branches(question);
    case 'coverage': {
      const numbers = cores.of(question.distribution).coverage(question.positions);
      const branches = numbers.length / 2;
      return { share: numbers.slice(0, branches), error: numbers.slice(branches) };
    }
    case 'differences':
      return cores.of(question.distribution).differences(question.positions, question.others);
    case 'contours':
      return trackContours(question);
    case 'outline':
      return outline(question);
    case 'network':
      cores.of(first).addNetwork(question.name, question.bytes);
      return true;
  }
}

function branches({ distribution }: Posed<BranchesQuestion>): Answer<BranchesQuestion> {
  const numbers = cores.of(distribution).branches();
  return Array.from({ length: numbers.length / 12 }, (_, branch) => {
    const [mass, depth, ...course] = numbers.subarray(12 * branch, 12 * branch + 12) as unknown as [number, number, ...number[]];
    return { mass, depth, points: Array.from({ length: 5 }, (_, point): [number, number] => [course[2 * point]!, course[2 * point + 1]!]) };
  });
}

function explain({ config, step, points }: Posed<ExplainQuestion>): Answer<ExplainQuestion> {
  const explanation = prepared(config);
  return { sigma: explanation.sigma(step), weight: explanation.weight(step), values: explanation.at(step, points) };
}

function prepared(config: Identified<RunConfig>): Explanation {
  const key = config.distribution + JSON.stringify(config.scheme);
  const explanation = explanations.get(key) ?? cores.of(config.distribution).explanation(forCore(config));
  explanations.delete(key);
  explanations.set(key, explanation);
  for (const [oldest, other] of explanations) {
    if (explanations.size <= mostExplanations) break;
    explanations.delete(oldest);
    other.free();
  }
  return explanation;
}

function trace({ config, particles }: Posed<TraceQuestion>): Answer<TraceQuestion> {
  const sampler = cores.of(config.distribution).sampler(forCore(config));
  try {
    return { noiseLevels: sampler.noiseLevels(), paths: sampler.trace(particles) };
  } finally {
    sampler.free();
  }
}

function outline({ distribution, classes, part }: Posed<OutlineQuestion>): Answer<OutlineQuestion> {
  const tracing = traceOutline(() => cores.of(distribution), classes, part);
  for (;;) {
    const { done, value } = tracing.next();
    if (done) return value;
  }
}

function trackContours({ values, columns, rows, thresholds }: ContoursQuestion): Contours {
  const grid = Array.from(values);
  const contour = contours().size([columns, rows]);
  return thresholds.map((threshold) =>
    contour
      .contour(grid, threshold)
      .coordinates.flat()
      .map((ring) => Float32Array.from(ring.flat())),
  );
}
