// Times the network of pictures beside its peers, round by round, and runs of sixteen pictures by workers. `cargo xtask bench
// images` prepares what this needs and calls it with one argument, the settings as JSON.

import { execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { machine } from '../machine.mjs';
import { operations } from './ours.mjs';
import { inserted, section } from './report.mjs';

const { root, state, libraries, rounds } = JSON.parse(process.argv[2]);
const here = join(root, 'benches/peers/images');
const data = join(state, 'data');
const python = join(state, process.platform === 'win32' ? 'venv/Scripts/python.exe' : 'venv/bin/python');
const environment = { ...process.env, LD_LIBRARY_PATH: libraries, OMP_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1' };

/** Evaluations in an answer, and what is asked before any is timed: this prompt at this noise level, within this of PyTorch. */
const EVALUATIONS = 8;
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
const planes = (data) => data.map((_, i) => data[i - (i % 3072) + 3 * (i % 1024) + Math.floor((i % 3072) / 1024)]);

async function measure() {
  mkdirSync(data, { recursive: true });
  const graph = join(data, 'images.onnx');
  execFileSync(python, [join(root, 'weights/images/graph.py'), join(root, 'weights/images/main.safetensors'), graph], {
    env: environment,
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const contestants = {
    torch: await inPython('torch'),
    onnx: await inPython('onnx'),
    web: await inNode('onnx'),
    simd: await inNode('images'),
    relaxed: await inNode('images-relaxed'),
  };
  const asked = await contestants.relaxed.ask({ check: CHECK });
  writeFileSync(join(data, 'images-data.f32'), asked.data);
  const check = { ...CHECK, data: asked.data };
  const truth = (await contestants.torch.ask({ check: CHECK })).planes;
  const far = { torch: 0, relaxed: distance(planes(asked.denoised), truth) };
  far.simd = distance(planes((await contestants.simd.ask({ check })).denoised), truth);
  far.onnx = distance((await contestants.onnx.ask({ check: CHECK })).planes, truth);
  far.web = distance((await contestants.web.ask({ check })).planes, truth);
  for (const [name, error] of Object.entries(far)) {
    if (!(error < NEAR)) throw new Error(`${name} is ${error} from PyTorch`);
    say(`${name.padEnd(8)} ${contestants[name].version}, ${error.toExponential(1)} from PyTorch`);
  }
  for (const native of natives()) contestants[native.name] = native;
  const times = [];
  for (let round = -1; round < rounds; round++) {
    for (const [name, { ask }] of Object.entries(contestants)) {
      const answer = await ask({ evaluations: EVALUATIONS });
      // The first is for compilers and caches.
      if (round >= 0) times.push({ name, round, ...answer });
    }
    say(`round ${round + 1} of ${rounds}`);
  }
  const versions = Object.fromEntries(Object.entries(contestants).map(([name, { version }]) => [name, version]));
  for (const { stop } of Object.values(contestants)) stop();
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
writeFileSync(join(here, 'results.json'), `${JSON.stringify(results)}\n`);
const text = section(results);
console.log(text);
const document = join(root, 'docs/benchmarks.md');
writeFileSync(document, inserted(readFileSync(document, 'utf8'), text));
