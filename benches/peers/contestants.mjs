// Who is measured, and how each is asked. A contestant answers { pair, particles, check } with { seconds, ends? }.

import { spawn, execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { OPERATIONS } from './peak.mjs';

/** Longest that one answer may take. */
const PATIENCE = 400_000;

const hasTaskset = existsSync('/usr/bin/taskset');
/** A command that may use so many cores, the first ones; not pinned where the system cannot. */
const pinned = (cores, command) => (cores && hasTaskset ? ['taskset', '-c', [...Array(cores).keys()].join(','), ...command] : command);

const within = (promise, name) =>
  Promise.race([
    promise,
    new Promise((_, reject) => setTimeout(() => reject(new Error(`${name} did not answer in time`)), PATIENCE).unref()),
  ]);

const floats = (path) => {
  const bytes = readFileSync(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};

/** A peer in Python that goes on answering, one line a request. */
class Python {
  constructor(bench, script, cores) {
    Object.assign(this, { bench, script, cores });
  }

  async start() {
    const { bench } = this;
    const command = pinned(this.cores, [bench.python, join(bench.here, this.script), bench.data]);
    // Libraries that count the machine's cores rather than those they may use are told.
    const threads = String(this.cores);
    this.process = spawn(command[0], command.slice(1), {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...bench.environment, OMP_NUM_THREADS: threads, PYTHONDONTWRITEBYTECODE: '1' },
    });
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
    this.facts = (await this.line()).ready;
  }

  async line() {
    const { value, done } = await within(this.lines.next(), this.script);
    if (done) throw new Error(`${this.script} ended`);
    return JSON.parse(value);
  }

  async run({ check, ...request }) {
    const file = join(this.bench.data, `${this.script}-${this.cores}-ends.f32`);
    this.process.stdin.write(`${JSON.stringify({ ...request, ...(check ? { check: file } : {}) })}\n`);
    const answer = await this.line();
    return check ? { ...answer, ends: floats(file) } : answer;
  }

  stop() {
    this.process?.kill();
  }
}

/** A contestant in a browser of its own; `page` is where it is served, if not with the plane's. */
export class Page {
  constructor(bench, options) {
    Object.assign(this, { bench, options });
  }

  async start() {
    const { bench } = this;
    const { gpu, page = 'browser/page.html', ...query } = this.options;
    this.browser = await bench.chromium.launch({
      executablePath: bench.browserPath,
      // Playwright's own choice of arguments includes some that switch WebGPU off.
      args: [...bench.browserArguments(gpu)],
      ignoreDefaultArgs: gpu ? ['--disable-gpu'] : [],
    });
    this.page = await this.browser.newPage();
    const problems = [];
    this.page.on('pageerror', (error) => problems.push(error.message));
    await this.page.goto(`${bench.address}/${page}?${new URLSearchParams(query)}`);
    await this.page
      .waitForFunction(() => 'facts' in window, undefined, { timeout: 60_000 })
      .catch((error) => {
        throw new Error(problems.join('; ') || error.message);
      });
    this.facts = { ...(await this.page.evaluate(() => window.facts)), browser: this.browser.version() };
  }

  async run(request) {
    const answer = await within(
      this.page.evaluate((request) => window.answer(request), request),
      JSON.stringify(this.options),
    );
    return answer.ends ? { ...answer, ends: Float32Array.from(answer.ends) } : answer;
  }

  async stop() {
    await this.browser?.close();
  }
}

/** Our command with one instruction set: a process for each answer, which warms up and times itself. */
class Native {
  constructor(bench, set, threads) {
    Object.assign(this, { bench, set, threads });
  }

  models(pair) {
    const { main, guide } = this.bench.toy.pairs[pair];
    return ['--main', main.path, '--guide', guide.path, '--weight', String(this.bench.toy.weight)];
  }

  command(words) {
    const [program, ...rest] = pinned(this.threads, [
      this.bench.binary,
      ...words,
      '--instructions',
      this.set,
      '--threads',
      String(this.threads),
    ]);
    return execFileSync(program, rest, { encoding: 'utf8', maxBuffer: 1 << 28 });
  }

  async start() {
    this.facts = {};
  }

  async run({ pair, particles, check }) {
    const bench = ['bench', '--json', '--rounds', '1', '--particles', String(particles), ...this.models(pair)];
    const told = JSON.parse(this.command(bench));
    this.facts.instructions = told.by;
    const answer = { seconds: told.seconds[0], peak: told.peaks[0] / 1e9 };
    if (!check) return answer;
    const csv = this.command(['sample', '--particles', String(particles), '--seed', '1', ...this.models(pair)]);
    return {
      ...answer,
      ends: Float32Array.from(
        csv
          .trim()
          .split('\n')
          .slice(1)
          .flatMap((line) => line.split(',').map(Number)),
      ),
    };
  }

  stop() {}
}

/** A bare loop: its answer is a peak and no time. */
class Peak extends Page {
  async run() {
    const { seconds } = await super.run({ pair: '', particles: 0 });
    return { peak: (Number(this.options.turns) * OPERATIONS) / seconds / 1e9 };
  }
}

/** The command's instruction sets, the best of a kind of processor first: what each is asked for by, and calls itself. */
const SETS = [
  ['avx512', 'AVX-512'],
  ['avx2', 'AVX2'],
  ['neon', 'NEON'],
  ['portable', 'portable'],
];

/** Turns of a bare loop: some tens of milliseconds. */
const TURNS = 10_000_000;

/**
 * In the order of the table. `ours` marks what ratios are taken of; `peak` names the loop that bounds it; `instructions`
 * are measured where the processor has them; `software` is measured at few particles, because a software card takes so long.
 */
export const CONTESTANTS = [
  { name: 'torch', title: 'PyTorch CPU, the public script’s way, 1 thread', make: (b) => new Python(b, 'torch_peer.py', 1) },
  { name: 'jax-1', title: 'JAX jit, 1 core', make: (b) => new Python(b, 'jax_peer.py', 1) },
  { name: 'jax-2', title: 'JAX jit, 2 cores', make: (b) => new Python(b, 'jax_peer.py', 2) },
  {
    name: 'onnx-1',
    title: 'onnxruntime-web wasm, explicit backward graph, 1 thread',
    make: (b) => new Page(b, { module: 'onnx', provider: 'wasm', threads: 1 }),
  },
  {
    name: 'onnx-2',
    title: 'onnxruntime-web wasm, explicit backward graph, 2 threads',
    make: (b) => new Page(b, { module: 'onnx', provider: 'wasm', threads: 2, isolated: 1 }),
  },
  {
    name: 'tfjs',
    title: 'TF.js wasm, explicit backward',
    make: (b) => new Page(b, { module: 'tensorflow', backend: 'wasm', form: 'explicit' }),
  },
  { name: 'tfjs-grad', title: 'TF.js wasm, tf.grad', make: (b) => new Page(b, { module: 'tensorflow', backend: 'wasm', form: 'grad' }) },
  {
    name: 'simd-1',
    ours: true,
    peak: 'peak-simd',
    title: 'ours, wasm SIMD, 1 worker',
    make: (b) => new Page(b, { module: 'ours', build: 'simd', workers: 1 }),
  },
  {
    name: 'simd-2',
    ours: true,
    peak: 'peak-simd',
    cores: 2,
    title: 'ours, wasm SIMD, 2 workers',
    make: (b) => new Page(b, { module: 'ours', build: 'simd', workers: 2 }),
  },
  {
    name: 'relaxed-1',
    ours: true,
    peak: 'peak-relaxed',
    title: 'ours, wasm relaxed SIMD, 1 worker',
    make: (b) => new Page(b, { module: 'ours', build: 'relaxed', workers: 1 }),
  },
  {
    name: 'relaxed-2',
    ours: true,
    peak: 'peak-relaxed',
    cores: 2,
    title: 'ours, wasm relaxed SIMD, 2 workers',
    make: (b) => new Page(b, { module: 'ours', build: 'relaxed', workers: 2 }),
  },
  ...SETS.flatMap(([set, title]) =>
    [1, 2].map((cores) => ({
      name: `${set}-${cores}`,
      ours: true,
      instructions: title,
      peak: `${set}-${cores}`,
      title: `ours, native, ${title}, ${cores} core${cores > 1 ? 's' : ''}`,
      make: (b) => new Native(b, set, cores),
    })),
  ),
  {
    name: 'peak-simd',
    bare: true,
    title: 'bare multiply-add loop, wasm SIMD',
    make: (b) => new Peak(b, { module: 'peak', build: 'simd', turns: TURNS }),
  },
  {
    name: 'peak-relaxed',
    bare: true,
    title: 'bare multiply-add loop, wasm relaxed SIMD',
    make: (b) => new Peak(b, { module: 'peak', build: 'relaxed', turns: TURNS }),
  },
  {
    name: 'onnx-webgpu',
    software: true,
    title: 'onnxruntime-web WebGPU, explicit backward graph',
    make: (b) => new Page(b, { module: 'onnx', provider: 'webgpu', threads: 1, gpu: true }),
  },
  {
    name: 'tfjs-webgpu',
    software: true,
    title: 'TF.js WebGPU, explicit backward',
    make: (b) => new Page(b, { module: 'tensorflow', backend: 'webgpu', form: 'explicit', gpu: true }),
  },
  { name: 'webgpu', ours: true, software: true, title: 'ours, WebGPU', make: (b) => new Page(b, { module: 'gpu', gpu: true }) },
];
