// Checks every contestant against the float64 endpoints, then times all of them round by round. `cargo xtask bench
// peers` prepares what this needs and calls it with one argument, the settings as JSON.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

import { CONTESTANTS } from './contestants.mjs';
import { section as ofPictures } from './images/report.mjs';
import { machine } from './machine.mjs';
import { assemble } from './peak.mjs';
import { report } from './report.mjs';
import { serve } from './server.mjs';
import { section as ofTraining } from './training/report.mjs';
import { measure as train, resultsFile as trainedFile } from './training/run.mjs';

/** An endpoint is right within this distance of the float64 one; so many of them have to be. */
const NEAR = 1e-3;
const ENOUGH = 0.95;
/** Who takes longer, in seconds, is timed in every third round only. */
const SLOW = 4;

const settings = JSON.parse(process.argv[2]);
const { root, state } = settings;
const here = join(root, 'benches/peers');
const data = join(state, 'data');
const resultsFile = join(state, 'results.json');
const timesFile = join(state, 'times.jsonl');

const say = (text) => console.error(`  ${text}`);
const read = (path) => readFileSync(path, 'utf8');
/** A line of JSON each. */
const lines = (text) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

if (settings.report) {
  if (!existsSync(resultsFile)) throw new Error('There is no finished run to report: leave --report out.');
  publish(JSON.parse(read(resultsFile)));
} else {
  await measure();
}

async function measure() {
  const { particles, few, rounds, only, resume } = settings;
  const python = join(state, process.platform === 'win32' ? 'venv/Scripts/python.exe' : 'venv/bin/python');
  prepareData(python);
  const toy = JSON.parse(read(join(data, 'toy.json')));

  const binaryen = (await import(pathToFileURL(join(root, 'node_modules/binaryen/index.js')))).default;
  const loops = { '/peak/simd.wasm': assemble(binaryen, 'simd'), '/peak/relaxed.wasm': assemble(binaryen, 'relaxed') };
  const weights = (path) => {
    const [, first, pair, role] = path.split('/');
    return first === 'weights' ? toy.pairs[pair]?.[role]?.path : loops[path];
  };
  const site = await serve(
    { browser: join(here, 'browser'), data, node_modules: join(state, 'node_modules'), pkg: join(root, 'pkg') },
    weights,
  );
  const driver = JSON.parse(read(join(root, 'webdriver.json')))['goog:chromeOptions'].args;
  const bench = {
    here,
    data,
    toy,
    python,
    binary: settings.binary,
    environment: settings.libraries ? { LD_LIBRARY_PATH: settings.libraries } : {},
    address: site.address,
    chromium: createRequire(join(state, 'package.json'))('playwright-core').chromium,
    browserPath: settings.chromium,
    browserArguments: (gpu) => driver.filter((word) => gpu || !/webgpu|Vulkan/.test(word)),
  };

  const sets = instructions();
  const chosen = CONTESTANTS.filter(
    ({ name, instructions }) => (only.length === 0 || only.includes(name)) && (!instructions || sets.includes(instructions)),
  );
  const known = resume && existsSync(timesFile) ? lines(read(timesFile)) : [];
  if (known.length === 0) rmSync(timesFile, { force: true });
  const times = [...known];
  const running = new Map();
  const facts = {};
  const verdicts = {};
  try {
    for (const contestant of chosen) {
      const count = contestant.software ? few : particles;
      const one = contestant.make(bench);
      running.set(contestant.name, one);
      const verdict = await judge(one, contestant, 'shipped', count, toy).catch((error) => ({
        failed: String(error.message).split('\n')[0],
      }));
      facts[contestant.name] = one.facts ?? {};
      verdicts[contestant.name] = verdict;
      say(`${contestant.name.padEnd(14)} ${describe(verdict)}`);
      if (verdict.failed) {
        await one.stop();
        running.delete(contestant.name);
      }
    }
    const ready = chosen.filter(({ name }) => running.has(name));
    const ask = async (section, contestant, pair, count, round) => {
      const same = (t) =>
        t.section === section && t.name === contestant.name && t.pair === pair && t.particles === count && t.round === round;
      if (times.some(same)) return;
      const { seconds, peak } = await running.get(contestant.name).run({ pair, particles: count });
      const time = { section, name: contestant.name, pair, particles: count, round, seconds, peak };
      times.push(time);
      appendFileSync(timesFile, `${JSON.stringify(time)}\n`);
    };

    for (let round = 0; round < rounds; round++) {
      for (const contestant of ready) {
        if (verdicts[contestant.name].seconds > SLOW && round % 3 > 0) continue;
        await ask('together', contestant, 'shipped', contestant.software ? few : particles, round);
      }
      // Beside the software card stands what a processor does with as few particles.
      const processor = ready.find(({ name }) => name === 'relaxed-1');
      if (processor) await ask('together', processor, 'shipped', few, round);
      say(`round ${round + 1} of ${rounds}`);
    }

    const scaled = ready.filter(({ name }) => settings.scaling.contestants.includes(name));
    const sweep = [
      ...settings.scaling.particles.map((count) => ['particles', 'shipped', count]),
      ...settings.scaling.widths.map((width) => ['width', `random-${width}`, particles]),
    ];
    for (const [section, pair, count] of sweep) {
      for (const contestant of section === 'width' ? scaled : []) {
        const verdict = await judge(running.get(contestant.name), contestant, pair, Math.min(256, count), toy);
        if (verdict.failed) throw new Error(`${contestant.name} with ${pair}: ${verdict.failed}`);
      }
      for (let round = 0; round < settings.scaling.rounds; round++) {
        for (const contestant of scaled) await ask(section, contestant, pair, count, round);
      }
      say(`scaling: ${count} particles, ${pair}`);
    }
  } finally {
    for (const one of running.values()) await one.stop();
    site.close();
  }

  const results = {
    date: new Date().toISOString().slice(0, 10),
    settings: { particles, few, rounds },
    machine: machine(root),
    facts,
    verdicts,
    times,
    toy: widths(toy),
    extras: only.length === 0 ? extras() : {},
  };
  if (only.length === 0 && !settings.quick) {
    say('training');
    writeFileSync(trainedFile(root), `${JSON.stringify(await train(settings))}\n`);
    writeFileSync(resultsFile, JSON.stringify(results));
    publish(results);
  } else {
    console.log(report(results, cards(), sections(), remarks()));
    say('left docs/benchmarks.md as it is: that takes a run without --only and --quick');
  }
}

function publish(results) {
  const text = report(results, cards(), sections(), remarks());
  console.log(text);
  writeFileSync(join(root, 'docs/benchmarks.md'), text);
}

/** What `bench --engine gpu --json` and peer_cuda.py told on machines with a card. */
function cards() {
  const file = join(here, 'cards.jsonl');
  return existsSync(file) ? lines(read(file)) : [];
}

/** What `cargo xtask bench images` and `bench training` measured. */
function sections() {
  const all = [
    [join(here, 'images/results.json'), ofPictures],
    [trainedFile(root), ofTraining],
  ];
  return all.filter(([file]) => existsSync(file)).map(([file, section]) => section(JSON.parse(read(file))));
}

function remarks() {
  return read(join(here, 'remarks.md'));
}

/** The files that toy.py makes, made again when anything they depend on has changed. */
function prepareData(python) {
  // Step 0 of a path is its start.
  const most = String(Math.max(settings.particles, ...settings.scaling.particles));
  const paths = execFileSync(
    settings.binary,
    ['sample', '--main', 'main-64-4096', '--particles', most, '--steps', '2', '--seed', '1', '--trajectory'],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  const starts = paths
    .split('\n')
    .filter((line) => line.startsWith('0,'))
    .map((line) => line.split(',').slice(2).join(','));
  const hash = createHash('sha256').update(`${settings.particles}\n${starts.join('\n')}`);
  for (const name of ['toy.py', 'graph.py']) hash.update(read(join(here, name)));
  for (const name of readdirSync(join(root, 'weights')).filter((name) => /^(main-A64-4096|guide-A32-0512)\./.test(name))) {
    hash.update(readFileSync(join(root, 'weights', name)));
  }
  const key = hash.digest('hex');
  const stamp = join(data, 'key');
  if (existsSync(stamp) && read(stamp) === key) return;
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, 'starts.csv'), ['x,y', ...starts, ''].join('\n'));
  say('endpoints in float64, graphs, random networks');
  const words = [join(here, 'toy.py'), data, join(root, 'weights'), join(data, 'starts.csv'), String(settings.particles)];
  execFileSync(python, words, { stdio: 'inherit', env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } });
  writeFileSync(stamp, key);
}

/** The instruction sets that the command finds here, the best first. */
function instructions() {
  const words = ['bench', '--json', '--particles', '96', '--steps', '2', '--rounds', '1', '--threads', '1'];
  return lines(execFileSync(settings.binary, words, { encoding: 'utf8' })).map(({ by }) => by);
}

/** Whether its endpoints are right; one that is wrong is not timed. */
async function judge(one, contestant, pair, count, _toy) {
  if (!one.facts) await one.start();
  if (contestant.bare) return { seconds: 0 };
  const { seconds, ends } = await one.run({ pair, particles: count, check: true });
  const bytes = readFileSync(join(data, `${pair}-endpoints.f64`));
  const truth = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  if (ends.length !== 2 * count) return { failed: `gave ${ends.length / 2} endpoints for ${count} particles` };
  const distances = Array.from({ length: count }, (_, i) => Math.hypot(ends[2 * i] - truth[2 * i], ends[2 * i + 1] - truth[2 * i + 1]));
  const near = distances.filter((distance) => distance < NEAR).length / count;
  const median = distances.sort((a, b) => a - b)[count >> 1];
  const failed = near >= ENOUGH ? {} : { failed: `wrong: ${(100 * near).toFixed(1)}% of its endpoints are within ${NEAR} of float64's` };
  return { seconds, near, median, ...failed };
}

function describe({ failed, near, median, seconds }) {
  if (failed) return `left out: ${failed}`;
  if (near === undefined) return 'ready';
  return `${(100 * near).toFixed(2)}% within ${NEAR} of float64, median ${median.toExponential(1)}; ${seconds.toFixed(3)} s`;
}

function widths(toy) {
  return Object.fromEntries(Object.entries(toy.pairs).map(([pair, { main, guide }]) => [pair, [main.hidden, guide.hidden]]));
}

/** What else the targets speak of: exact scores, training, the size of the wasm. */
function extras() {
  say('exact scores, training, sizes');
  const command = (words) => execFileSync(settings.binary, words, { encoding: 'utf8' });
  // The first line is of the best instructions.
  const [exact] = lines(
    command([
      'bench',
      '--json',
      '--main',
      'exact:A',
      '--guide',
      'none',
      '--weight',
      '1',
      '--threads',
      '1',
      '--particles',
      '4096',
      '--rounds',
      '5',
    ]),
  );
  const sorted = exact.seconds.sort((a, b) => a - b);
  const shortened = settings.quick ? 64 : 4096;
  rmSync(join(state, 'trained'), { recursive: true, force: true });
  const start = performance.now();
  command([
    'train',
    '--classes',
    'A',
    '--hidden',
    '64',
    '--iterations',
    String(shortened),
    '--threads',
    '2',
    '--out',
    join(state, 'trained'),
  ]);
  const training = ((performance.now() - start) / 1e3) * (4096 / shortened);
  const gzipped = (path) => (existsSync(join(root, path)) ? gzipSync(readFileSync(join(root, path)), { level: 9 }).length : null);
  return {
    exactMicroseconds: (1e6 * sorted[sorted.length >> 1]) / (exact.particles * exact.evaluations),
    training,
    trainedIterations: shortened,
    simdBytes: gzipped('pkg/guidance_playground_bg.wasm'),
    relaxedBytes: gzipped('pkg/relaxed/guidance_playground_bg.wasm'),
    gpuBytes: gzipped('pkg/gpu/guidance_playground_bg.wasm'),
  };
}
