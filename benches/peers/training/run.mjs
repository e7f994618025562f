// Trains as Diffusion Explorer does and as we do, each to the same loss against exact scores, round by round. `cargo xtask bench
// training` prepares what this needs and calls it with one argument, the settings as JSON; `bench peers` has it as a part.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Page } from '../contestants.mjs';
import { machine } from '../machine.mjs';
import { inserted } from '../report.mjs';
import { serve } from '../server.mjs';
import { asked, check, levels, loss, scores } from './loss.mjs';
import { section, TITLE } from './report.mjs';

/** Where both learn class A. */
const DATA = ['tree-2', 'two-moons'];
/** As many points as the larger of Diffusion Explorer's data sets has (Three Modes), as wide as they are: the root mean square of both deviations. */
const POINTS = 600;
const WIDTH = 1.42;
/** As many epochs as it trains for; its loss is taken at the first and every so many. */
const EPOCHS = 1000;
const EVERY = 50;
/** TF.js on a processor: the fastest of these is timed. WebGL would be emulated in software here. */
const BACKENDS = [
  { backend: 'wasm', threads: 1 },
  { backend: 'wasm', threads: 2 },
  { backend: 'cpu', threads: 1 },
];
const TRIAL = 20;
/** Points of each noise level at which losses are taken. */
const JUDGED = 200;
/** What we train; the paper's guide is as wide. */
const OURS = { classes: 'A', hidden: 32, batch: 512, iterations: 512 };
const WORKERS = 2;

const say = (text) => console.error(`  ${text}`);

/** Standard normal numbers of a seed (mulberry32, Box and Muller): both are asked at the same points in every round. */
function normals(seed) {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** What stands beside both: samples of the data, points under noise with their exact scores, and the loss of what was trained. */
async function judge(library, distribution) {
  const truth = { main: 'exact:A', levels: { steps: 128 } };
  const samples = async (particles, seed) => (await library.sample(truth, { distribution, particles, seed })).positions;
  const normal = normals(1);
  const clean = await samples(JUDGED * levels.length, 1);
  const points = levels.map(({ sigma }, i) => clean.slice(2 * JUDGED * i, 2 * JUDGED * (i + 1)).map((x) => x + sigma * normal()));
  const say = async (model) =>
    Promise.all(points.map(async (at, i) => (await library.score(model, at, levels[i].sigma, { distribution })).main.scores));
  const exact = await say('exact:A');
  return {
    samples,
    async ofNetwork(bytes) {
      await library.addModel('trained', Uint8Array.from(bytes));
      return loss(await say({ main: { model: 'trained', condition: 'A' } }), exact);
    },
    async ofFlow(page, frame) {
      const found = [];
      for (const [i, { sigma }] of levels.entries()) {
        const { t, at } = asked(points[i], sigma, frame);
        const { velocities } = await page.run({ at, times: at.slice(0, at.length / 2).fill(t) });
        found.push(scores(velocities, points[i], sigma, frame));
      }
      return loss(found, exact);
    },
  };
}

/** Centre and unit with which samples are as wide as the peer's own data. */
function frameOf(points) {
  const count = points.length / 2;
  const centre = [0, 1].map((axis) => points.reduce((sum, x, i) => sum + (i % 2 === axis ? x : 0), 0) / count);
  const square = points.reduce((sum, x, i) => sum + (x - centre[i % 2]) ** 2, 0) / (2 * count);
  return { centre, unit: Math.sqrt(square) / WIDTH };
}

/** Trains the peer on 600 samples, and tells its loss on the way. */
async function ofPeer(page, one, seed) {
  const samples = await one.samples(POINTS, 100 + seed);
  const frame = frameOf(samples);
  await page.run({ points: Array.from(samples, (x, i) => (x - frame.centre[i % 2]) / frame.unit), epochs: 0 });
  const curve = [];
  let seconds = 0;
  for (let epoch = 0; epoch < EPOCHS; epoch += EVERY) {
    seconds += (await page.run({ epochs: EVERY })).seconds;
    curve.push({ epoch: epoch + EVERY, seconds, loss: await one.ofFlow(page, frame) });
  }
  return curve;
}

/** Trains ours, and tells the losses of its averaged networks: of those up to the first that is as good, and of the last. */
async function ofOurs(page, one, data, seed, good) {
  const curve = [];
  const snapshots = await page.run({ ...OURS, data, seed });
  for (const [i, { iteration, seconds, network }] of snapshots.entries()) {
    if (i < snapshots.length - 1 && curve.some(({ loss }) => loss <= good)) continue;
    curve.push({ iteration, seconds, loss: await one.ofNetwork(network) });
  }
  return curve;
}

/** `rounds` trainings of each kind on each of the data, in turn. */
export async function measure({ root, state, chromium, rounds }) {
  check();
  const library = await import(pathToFileURL(join(root, 'pkg/lib/index.js')));
  const folders = { training: join(root, 'benches/peers/training'), node_modules: join(state, 'node_modules'), pkg: join(root, 'pkg') };
  const site = await serve(folders, () => undefined);
  const bench = {
    address: site.address,
    chromium: createRequire(join(state, 'package.json'))('playwright-core').chromium,
    browserPath: chromium,
    browserArguments: () =>
      JSON.parse(readFileSync(join(root, 'webdriver.json'), 'utf8'))['goog:chromeOptions'].args.filter(
        (word) => !/webgpu|Vulkan/.test(word),
      ),
  };
  const open = async (options) => {
    const page = new Page(bench, { page: 'training/page.html', isolated: 1, ...options });
    await page.start();
    return page;
  };
  const pages = [];
  try {
    const judges = {};
    for (const data of DATA) judges[data] = await judge(library, data);
    const trials = [];
    for (const options of BACKENDS) {
      const page = await open({ contestant: 'explorer', ...options });
      pages.push(page);
      const points = Array.from(await judges[DATA[0]].samples(POINTS, 99));
      await page.run({ points, epochs: TRIAL });
      const { seconds } = await page.run({ epochs: TRIAL });
      trials.push({ ...page.facts, page, seconds: seconds / TRIAL });
      say(`${page.facts.version}, ${page.facts.backend}: ${((1e3 * seconds) / TRIAL).toFixed(1)} ms an epoch`);
    }
    const fastest = trials.reduce((a, b) => (a.seconds <= b.seconds ? a : b));
    const ours = await open({ contestant: 'ours', workers: WORKERS });
    pages.push(ours);
    await ours.run({ ...OURS, iterations: 64 });
    const runs = [];
    for (let round = 0; round < rounds; round++) {
      for (const data of DATA) {
        const peer = await ofPeer(fastest.page, judges[data], round);
        const own = await ofOurs(ours, judges[data], data, round, Math.min(...peer.map(({ loss }) => loss)));
        runs.push({ data, round, peer, own });
        const told = (curve) => curve.map(({ seconds, loss }) => `${seconds.toFixed(2)} s ${loss.toFixed(4)}`).join(', ');
        say(`round ${round + 1} of ${rounds}, ${data}: theirs ends at ${told(peer.slice(-1))}; ours ${told(own)}`);
      }
    }
    return {
      date: new Date().toISOString().slice(0, 10),
      rounds,
      judged: JUDGED * levels.length,
      machine: machine(root),
      version: fastest.version,
      backend: fastest.backend,
      browser: ours.facts.browser,
      trials: trials.map(({ backend, seconds }) => ({ backend, seconds })),
      peer: { points: POINTS, epochs: EPOCHS, every: EVERY },
      ours: { ...OURS, workers: WORKERS },
      runs,
    };
  } finally {
    for (const page of pages) await page.stop();
    site.close();
  }
}

/** What was measured, for the document. */
export const resultsFile = (root) => join(root, 'benches/peers/training/results.json');

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const settings = JSON.parse(process.argv[2]);
  const results = await measure(settings);
  const text = section(results);
  console.log(text);
  if (settings.quick) say('left docs/benchmarks.md as it is: that takes a run without --quick');
  else {
    writeFileSync(resultsFile(settings.root), `${JSON.stringify(results)}\n`);
    const document = join(settings.root, 'docs/benchmarks.md');
    writeFileSync(document, inserted(readFileSync(document, 'utf8'), TITLE, text));
  }
}
