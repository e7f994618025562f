// One worker of the processor's engine: a wasm instance that takes tiles of pictures from step to step, and answers questions.
import {
  initSync,
  instructionSet,
  Images,
  picturesAtOnce,
  type ImagesRun,
  type Pictures,
} from '../../../../pkg/images/guidance_playground.js';
import { toFailure } from '../../../engine/failure.js';
import { NetworkQueue } from '../../../engine/network-queue.js';
import { type ImagesConfig, forImagesCore } from '../../config.js';
import type { Answer, EstimatesQuestion, Question, TruePictures } from '../questions.js';
import type { Order, Reply, Tile } from './protocol.js';

const send = (reply: Reply, transfer: Transferable[] = []) => self.postMessage(reply, { transfer });

let images: Images;
let queue: NetworkQueue<ImagesConfig>;
/** Of runs that go on: their tiles, by the first one's number. */
const runs = new Map<number, { run: ImagesRun; tiles: Map<number, Pictures> }>();
/** Runs that were asked about, the latest last: what they have worked out of a noise level is asked for again. */
const explained = new Map<string, ImagesRun>();
/** As many as there can be panels. */
const mostExplained = 12;
self.onmessage = ({ data: order }: MessageEvent<Order>) => {
  if (order.type === 'load') load(order);
  else hear(order);
};

function load({ core, sprites }: Extract<Order, { type: 'load' }>): void {
  try {
    initSync({ module: core });
    images = new Images(sprites);
    queue = new NetworkQueue<ImagesConfig>(
      (config) => [images, images.missingNetworks(forImagesCore(config).scheme)],
      (run, names) => send({ type: 'missing', run, names }),
      (run, failure) => send(run < 0 ? { type: 'refused', request: run, failure } : { type: 'failed', run, failure }),
    );
    const [red, green, blue] = images.meanColour() as unknown as [number, number, number];
    const world = { scale: images.scale, mean: [red, green, blue] as const, numbers: images.numbers, credits: images.credits() };
    send({ type: 'ready', instructionSet: instructionSet(), tile: picturesAtOnce(), world });
  } catch (thrown) {
    send({ type: 'unavailable', failure: toFailure(thrown) });
  }
}

function hear(order: Exclude<Order, { type: 'load' }>): void {
  switch (order.type) {
    case 'network':
      return queue.receive(order.name, order.bytes);
    case 'open':
      return queue.enter(order.run, order.config, () => open(order));
    case 'begin':
    case 'advance':
      return move(order.run, order.tile, order.type === 'begin');
    case 'close':
      return close(order.run);
    case 'ask': {
      const { request, question } = order;
      if (question.type === 'estimates') return queue.enter(request, question.config, () => respond(request, question));
      return respond(request, question);
    }
    case 'drop':
      return queue.leave(order.request);
  }
}

function open({ run: number, config }: Extract<Order, { type: 'open' }>): void {
  const run = images.run(forImagesCore(config));
  runs.set(number, { run, tiles: new Map() });
  const plan = {
    noiseLevels: run.noiseLevels(),
    weights: run.weights(),
    evaluations: Array.from({ length: run.steps + 1 }, (_, steps) => run.evaluations(steps)),
  };
  send({ type: 'opened', run: number, plan });
}

function move(number: number, tile: Tile, begins: boolean): void {
  const begun = performance.now();
  try {
    const { run, tiles } = runs.get(number)!;
    if (begins) tiles.set(tile.first, run.begin(tile.first, tile.count));
    const pictures = tiles.get(tile.first)!;
    if (!begins) pictures.advance(1);
    const data = pictures.data() as Float32Array<ArrayBuffer>;
    const estimates = pictures.estimates() as Float32Array<ArrayBuffer>;
    const milliseconds = performance.now() - begun;
    const { step } = pictures;
    send({ type: 'advanced', run: number, tile, step, data, estimates, milliseconds }, [data.buffer, estimates.buffer]);
  } catch (thrown) {
    send({ type: 'failed', run: number, failure: toFailure(thrown) });
  }
}

function close(number: number): void {
  queue.leave(number);
  const closed = runs.get(number);
  for (const pictures of closed?.tiles.values() ?? []) pictures.free();
  closed?.run.free();
  runs.delete(number);
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
    case 'read':
      return images.read(question.prompt);
    case 'estimates':
      return estimates(question);
    case 'judge':
      return images.judge(question.data, question.prompt);
    case 'difference':
      return images.difference(question.prompt, question.readings, question.others);
    case 'truth':
      return truePictures(images.truth(question.prompt, question.seed, question.pictures));
    case 'pictures':
      return truePictures(Uint32Array.from(question.places));
    case 'network':
      images.addNetwork(question.name, question.bytes);
      return true;
  }
}

function truePictures(places: Uint32Array): TruePictures {
  const data = images.truePictures(places) as Float32Array<ArrayBuffer>;
  return { places: [...places], pictures: images.describe(places), data };
}

function estimates({ config, first, data, step }: EstimatesQuestion): Answer<EstimatesQuestion> {
  const key = JSON.stringify(config);
  const run = explained.get(key) ?? images.run(forImagesCore(config));
  explained.delete(key);
  explained.set(key, run);
  for (const [oldest, other] of explained) {
    if (explained.size <= mostExplained) break;
    explained.delete(oldest);
    other.free();
  }
  return run.estimates(first, data, step);
}
