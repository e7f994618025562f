// The wasm sampler on one core beside a bare multiply-add loop, for each build in pkg/:
//
//   cargo xtask build && node --experimental-wasm-relaxed-simd benches/sampling_wasm.mjs [--json] [rounds]
//
// (A Node of version 22 or later needs no flag.) 4096 particles, 32 Heun steps, a network of 64 guided by one of 32, and
// exact models. Everything is measured in turn, round after round, in processor time, which other programs disturb
// less; the figures are medians.

import { readFileSync } from 'node:fs';
import binaryen from 'binaryen';

const PARTICLES = 4096;
const PIECE = 384;
const CHAINS = 12;
const EVALUATIONS = 63 * PARTICLES;
const OPERATIONS = EVALUATIONS * (7 * 2 * 64 * 64 + 7 * 2 * 32 * 32);

const file = (path) => readFileSync(new URL(`../${path}`, import.meta.url));
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** A module whose `run(rounds)` does nothing but multiply-adds in registers. */
function peakLoop(relaxed) {
  const sums = Array.from({ length: CHAINS }, (_, i) => `$s${i}`);
  const next = (s) =>
    relaxed
      ? `(f32x4.relaxed_madd (local.get ${s}) (local.get $factor) (local.get $term))`
      : `(f32x4.add (f32x4.mul (local.get ${s}) (local.get $factor)) (local.get $term))`;
  const module = binaryen.parseText(`(module
    (func (export "run") (param $rounds i32) (param $x f32) (result f32)
      (local $factor v128) (local $term v128) ${sums.map((s) => `(local ${s} v128)`).join(' ')}
      (local.set $factor (f32x4.splat (f32.sub (f32.const 1) (local.get $x))))
      (local.set $term (f32x4.splat (local.get $x)))
      (loop $again
        ${sums.map((s) => `(local.set ${s} ${next(s)})`).join('\n')}
        (br_if $again (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
      (f32x4.extract_lane 0 ${sums.map((s) => `(local.get ${s})`).reduce((a, b) => `(f32x4.add ${a} ${b})`)})))`);
  module.setFeatures(binaryen.Features.All);
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(module.emitBinary())).exports;
  return (rounds) => {
    run(rounds, 0.001);
    return rounds * CHAINS * 4 * 2;
  };
}

/** A build in a folder of pkg/, ready to sample. */
async function load(folder) {
  // A module of its own for each: the JavaScript holds one instance.
  const wasm = await import(`../pkg/${folder}guidance_playground.js`);
  wasm.initSync({ module: file(`pkg/${folder}guidance_playground_bg.wasm`) });
  const core = new wasm.Core();
  core.addNetwork('main-64-4096:A', file('weights/main-A64-4096.safetensors'));
  core.addNetwork('guide-32-0512:A', file('weights/guide-A32-0512.safetensors'));
  const sampler = (main, guide) => {
    const scheme = { main, guide: guide ? { model: guide, condition: 'A', sigmaScale: 1 } : null, weight: guide ? 3 : 1 };
    return core.sampler({ scheme, particles: PARTICLES, seed: 7 });
  };
  return {
    name: wasm.instructionSet(),
    peak: peakLoop(folder !== ''),
    networks: sampler('main-64-4096:A', 'guide-32-0512'),
    exact: sampler('exact:A', null),
  };
}

const seconds = (work) => {
  const start = process.cpuUsage();
  work();
  return process.cpuUsage(start).user / 1e6;
};

/** All particles through all steps, in the pieces that a worker of the page takes. */
function sample(sampler, starts) {
  for (let first = 0; first < PARTICLES; first += PIECE) {
    const piece = starts.subarray(2 * first, 2 * Math.min(first + PIECE, PARTICLES));
    sampler.advance(first, piece, new Float32Array(), 0, sampler.steps);
  }
}

const rounds = Number(process.argv.find((word) => /^\d+$/.test(word)) ?? 11);
const builds = [];
for (const folder of ['', 'relaxed/']) {
  try {
    builds.push(await load(folder));
  } catch (error) {
    console.error(`pkg/${folder}: ${error.message}`);
  }
}
const starts = builds[0].networks.starts(0, PARTICLES);
const measured = builds.map(() => []);
for (let round = -1; round < rounds; round++) {
  builds.forEach((build, i) => {
    let operations = 0;
    const peak = seconds(() => (operations = build.peak(10_000_000)));
    const figures = {
      peak: operations / peak / 1e9,
      networks: seconds(() => sample(build.networks, starts)),
      exact: seconds(() => sample(build.exact, starts)),
    };
    // The first is for the compiler.
    if (round >= 0) measured[i].push(figures);
  });
}
const results = builds.map((build, i) => {
  const of = (figure) => median(measured[i].map(figure));
  return {
    build: build.name,
    peakGflops: of((m) => m.peak),
    networksSeconds: of((m) => m.networks),
    networksGflops: of((m) => OPERATIONS / m.networks / 1e9),
    shareOfPeak: of((m) => OPERATIONS / m.networks / 1e9 / m.peak),
    exactMicroseconds: of((m) => (1e6 * m.exact) / EVALUATIONS),
  };
});
if (process.argv.includes('--json')) {
  console.log(JSON.stringify(results));
} else {
  console.log(`${process.release.name} ${process.version}, one thread, medians of ${rounds}`);
  console.table(results);
}
