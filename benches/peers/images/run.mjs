// Times the network of pictures beside its peers, round by round, and runs of sixteen pictures by workers. `cargo xtask bench
// images` prepares what this needs and calls it with one argument, the settings as JSON.

import { execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Page } from '../contestants.mjs';
import { machine } from '../machine.mjs';
import { inserted, median } from '../report.mjs';
import { serve } from '../server.mjs';
import { operations } from './ours.mjs';
import { planes } from './planes.mjs';
import { section, TITLE } from './report.mjs';

const { root, state, libraries, chromium, only, rounds } = JSON.parse(process.argv[2]);
const here = join(root, 'benches/peers/images');
const data = join(state, 'data');
const python = join(state, process.platform === 'win32' ? 'venv/Scripts/python.exe' : 'venv/bin/python');
const environment = { ...process.env, LD_LIBRARY_PATH: libraries, OMP_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1' };

/** Evaluations in an answer, and what is asked before any is timed: this prompt at this noise level, within this of PyTorch. */
const EVALUATIONS = 8;
/** On the software card, which takes seconds for one. */
const ON_CARD = 2;
const CHECK = { sigma: 1, words: [33, 0, 0, 2, 6] };
const NEAR = 1e-4;

const say = (text) => console.error(`  ${text}`);

/** A contestant in Node. */
async function inNode(name) {
  const worker = fork(join(here, 'contestant.mjs'), [name, state], { serialization: 'advanced' });
  const [{ version }] = await once(worker, 'message');
  const ask = async (request) => {
    worker.send(request);
    return (await once(worker, 'message'))[0];
  };
  return { version, ask, stop: () => worker.kill() };
}

/** A peer in Python. */
async function inPython(name) {
  const worker = spawn(python, [join(here, 'peer.py'), name, data], { stdio: ['pipe', 'pipe', 'inherit'], env: environment });
  const lines = createInterface({ input: worker.stdout })[Symbol.asyncIterator]();
  const line = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`peer.py ${name} ended`);
    return JSON.parse(value);
  };
  const ask = async (request) => {
    worker.stdin.write(`${JSON.stringify(request)}\n`);
    const answer = await line();
    if (!request.check) return answer;
    const bytes = readFileSync(join(data, `images-${name}.f32`));
    return { planes: new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)) };
  };
  return { version: (await line()).version, ask, stop: () => worker.kill() };
}

/** Our network natively with each instruction set of the machine, a process for each answer. */
function natives() {
  const built = execFileSync('cargo', ['bench', '--bench', 'images', '--no-run', '--message-format=json'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const binary = built
    .split('\n')
    .filter((line) => line.includes('"executable":"'))
    .map((line) => JSON.parse(line))
    .find(({ target }) => target.name === 'images').executable;
  const run = (set) =>
    JSON.parse(execFileSync(binary, ['--json'], { encoding: 'utf8', env: { ...process.env, GUIDANCE_INSTRUCTIONS: set } }));
  return ['avx512', 'avx2', 'neon', 'portable'].flatMap((set) => {
    try {
      return [{ name: set, version: run(set).by, ask: async () => run(set), stop: () => {} }];
    } catch {
      return [];
    }
  });
}

const distance = (a, b) => Math.max(...a.map((value, i) => Math.abs(value - b[i])));

/** A page on the software card; a wall's clock times it, since what it asks for is computed in another process. */
async function inPage(address, contestant) {
  const page = new Page(
    {
      address,
      chromium: createRequire(join(state, 'package.json'))('playwright-core').chromium,
      browserPath: chromium,
      browserArguments: () => JSON.parse(readFileSync(join(root, 'webdriver.json'), 'utf8'))['goog:chromeOptions'].args,
    },
    { gpu: true, page: 'images/page.html', contestant },
  );
  await page.start();
  return { version: page.facts.version, ask: (request) => page.run(request), stop: () => page.stop() };
}

/** Everybody by name, unless some are asked for; data come from one of ours, and what is true from PyTorch. */
function makers(address) {
  const all = {
    torch: () => inPython('torch'),
    onnx: () => inPython('onnx'),
    web: () => inNode('onnx'),
    simd: () => inNode('images'),
    relaxed: () => inNode('images-relaxed'),
    webgpu: () => inPage(address, 'ours'),
    'onnx-webgpu': () => inPage(address, 'onnx'),
  };
  const asked = ([name]) => only.length === 0 || [...only, 'torch', 'relaxed'].includes(name);
  return Object.entries(all).filter(asked);
}

async function measure() {
  mkdirSync(data, { recursive: true });
  const graph = join(data, 'images.onnx');
  execFileSync(python, [join(root, 'weights/images/graph.py'), join(root, 'weights/images/main.safetensors'), graph], {
    env: environment,
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const folders = { images: here, data, weights: join(root, 'weights/images') };
  for (const name of ['sprites', 'pkg']) folders[name] = join(root, name);
  const site = await serve({ ...folders, node_modules: join(state, 'node_modules') }, () => undefined);
  const contestants = {};
  for (const [name, make] of makers(site.address)) contestants[name] = await make();
  const asked = await contestants.relaxed.ask({ check: CHECK });
  writeFileSync(join(data, 'images-data.f32'), asked.data);
  const truth = (await contestants.torch.ask({ check: CHECK })).planes;
  const far = {};
  for (const [name, { version, ask }] of Object.entries(contestants)) {
    // What ours begin with is the same noise.
    const told = await ask({ check: { ...CHECK, ...(name === 'web' ? { data: asked.data } : {}) } });
    far[name] = distance(told.planes ?? planes(told.denoised), truth);
    if (!(far[name] < NEAR)) throw new Error(`${name} is ${far[name]} from PyTorch`);
    say(`${name.padEnd(12)} ${version}, ${far[name].toExponential(1)} from PyTorch`);
  }
  if (only.length === 0) for (const native of natives()) contestants[native.name] = native;
  const times = [];
  for (let round = -1; round < rounds; round++) {
    for (const [name, { ask }] of Object.entries(contestants)) {
      const answer = await ask({ evaluations: name.endsWith('webgpu') ? ON_CARD : EVALUATIONS });
      // The first is for compilers and caches.
      if (round >= 0) times.push({ name, round, ...answer });
    }
    say(`round ${round + 1} of ${rounds}`);
  }
  const versions = Object.fromEntries(Object.entries(contestants).map(([name, { version }]) => [name, version]));
  for (const { stop } of Object.values(contestants)) await stop();
  site.close();
  if (only.length > 0) return { versions, times };
  const flag = process.execArgv;
  const workers = JSON.parse(
    execFileSync(process.execPath, [...flag, join(root, 'benches/images_wasm.mjs'), '--json', String(rounds)], { encoding: 'utf8' }),
  );
  return {
    date: new Date().toISOString().slice(0, 10),
    rounds,
    machine: machine(root),
    operations: 16 * operations(),
    versions,
    far,
    times,
    workers,
  };
}

const results = await measure();
if (only.length > 0) {
  for (const [name, version] of Object.entries(results.versions)) {
    const seconds = results.times.filter((time) => time.name === name).map((time) => time.seconds);
    console.log(`${name.padEnd(12)} ${version}: ${(1e3 * median(seconds)).toFixed(1)} ms`);
  }
} else {
  writeFileSync(join(here, 'results.json'), `${JSON.stringify(results)}\n`);
  const text = section(results);
  console.log(text);
  const document = join(root, 'docs/benchmarks.md');
  writeFileSync(document, inserted(readFileSync(document, 'utf8'), TITLE, text));
}
