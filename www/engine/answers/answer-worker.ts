// Answers questions, with a wasm instance of its own, so that neither sampling nor the page waits for an answer.
import { contours } from 'd3-contour';
import init, { Playground, type Explanation } from '../../../pkg/guidance_playground.js';
import { forCore, type RunConfig } from '../../scheme/scheme.js';
import { toFailure } from '../failure.js';
import { traceOutline, whole } from '../outline.js';
import type { Answer, ContoursQuestion, Contours, ExplainQuestion, OutlineQuestion, Question, TraceQuestion } from '../questions.js';
import { WaitingRoom } from '../waiting-room.js';
import type { Order, Reply } from './protocol.js';

const send = (reply: Reply) => self.postMessage(reply);

let playground: Playground;
let waiting: WaitingRoom;
/** Schemes that were asked about, the latest last: what they have worked out of a noise level is asked for again. */
const explanations = new Map<string, Explanation>();
/** As many as there can be panels, and those that they come from while a control is dragged. */
const mostExplanations = 12;

/** Heard while the core was loading. */
const early: Order[] = [];

self.onmessage = ({ data: order }: MessageEvent<Order>) => {
  if (order.type === 'load') void load(order.core);
  else if (!playground) early.push(order);
  else hear(order);
};

function hear(order: Exclude<Order, { type: 'load' }>): void {
  switch (order.type) {
    case 'network':
      return waiting.receive(order.name, order.bytes);
    case 'drop':
      return waiting.leave(order.request);
    case 'ask': {
      const { request, question } = order;
      if ('config' in question) return waiting.enter(request, forCore(question.config), () => respond(request, question));
      return respond(request, question);
    }
  }
}

async function load(core: WebAssembly.Module): Promise<void> {
  try {
    await init({ module_or_path: core });
    playground = new Playground();
    waiting = new WaitingRoom(
      playground,
      (request, names) => send({ type: 'missing', request, names }),
      (request, failure) => send({ type: 'refused', request, failure }),
    );
    for (const order of early.splice(0)) if (order.type !== 'load') hear(order);
  } catch (thrown) {
    send({ type: 'unavailable', failure: toFailure(thrown) });
  }
}

function respond(request: number, question: Question): void {
  try {
    send({ type: 'answered', request, answer: answer(question) });
  } catch (thrown) {
    send({ type: 'refused', request, failure: toFailure(thrown) });
  }
}

function answer(question: Question): Answer {
  switch (question.type) {
    case 'explain':
      return explain(question);
    case 'trace':
      return trace(question);
    case 'facts':
      return playground.facts(question.positions);
    case 'branches':
      return playground.branches();
    case 'coverage': {
      const numbers = playground.coverage(question.positions);
      const branches = numbers.length / 2;
      return { share: numbers.slice(0, branches), error: numbers.slice(branches) };
    }
    case 'contours':
      return trackContours(question);
    case 'outline':
      return outline(question);
    case 'network':
      playground.addNetwork(question.name, question.bytes);
      return true;
  }
}

function explain({ config, step, points }: ExplainQuestion): Answer<ExplainQuestion> {
  const explanation = prepared(config);
  return { sigma: explanation.sigma(step), weight: explanation.weight(step), values: explanation.at(step, points) };
}

function prepared(config: RunConfig): Explanation {
  const key = JSON.stringify(config.scheme);
  const explanation = explanations.get(key) ?? playground.explanation(forCore(config));
  explanations.delete(key);
  explanations.set(key, explanation);
  for (const [oldest, other] of explanations) {
    if (explanations.size <= mostExplanations) break;
    explanations.delete(oldest);
    other.free();
  }
  return explanation;
}

function trace({ config, particles }: TraceQuestion): Answer<TraceQuestion> {
  const sampler = playground.sampler(forCore(config));
  try {
    return { noiseLevels: sampler.noiseLevels(), paths: sampler.trace(particles) };
  } finally {
    sampler.free();
  }
}

function outline({ classes, part }: OutlineQuestion): Answer<OutlineQuestion> {
  const tracing = traceOutline(playground, classes, part ?? whole);
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
