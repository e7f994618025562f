// Pictures in wasm, by one worker and by two, beside a bare multiply-add loop, for each build in pkg/:
//
//   cargo xtask build && node --experimental-wasm-relaxed-simd benches/images_wasm.mjs [--json] [rounds]
//
// (A Node of version 22 or later needs no flag.) Sixteen pictures, 16 steps of DPM-Solver++(2M), the main network guided by
// itself without a prompt. A worker is a process here, since Node tells the processor time of processes: other programs disturb
// that less than the time on the wall. Two workers have half of the pictures each, which are as many as are computed together, and
// are as slow as the slower. Everything is measured in turn, round after round; the figures are medians.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { load, operations, seconds } from './peers/images/ours.mjs';
import { median } from './peers/report.mjs';

const PICTURES = 16;
const STEPS = 16;
const SCHEME = { main: 'main', guide: { model: 'main', condition: 'anything' }, weight: 3, levels: { steps: STEPS } };

/** A process that samples the pieces that it is told of. */
async function work(folder) {
  const { images, peak, name } = await load(folder);
  const run = images.run({ scheme: SCHEME, prompt: 'rocket', pictures: PICTURES, seed: 7 });
  process.on('message', ({ first, count }) => {
    const bare = peak();
    process.send({ peak: bare, seconds: seconds(() => run.begin(first, count).advance(STEPS)) });
  });
  process.send(name);
}

async function measure(rounds) {
  const guided = 2 * STEPS * PICTURES * operations();
  const contestants = [];
  const isBuilt = (folder) => existsSync(new URL(`../pkg/${folder}/guidance_playground_bg.wasm`, import.meta.url));
  for (const folder of ['images', 'images-relaxed'].filter(isBuilt)) {
    const workers = [];
    let name;
    for (let i = 0; i < 2; i++) {
      workers.push(fork(fileURLToPath(import.meta.url), ['--work', folder]));
      [name] = await once(workers[i], 'message');
    }
    for (const count of [1, 2]) contestants.push({ name, workers: workers.slice(0, count), measured: [] });
  }
  for (let round = -1; round < rounds; round++) {
    for (const { workers, measured } of contestants) {
      const count = PICTURES / workers.length;
      const answers = workers.map((worker, i) => {
        worker.send({ first: i * count, count });
        return once(worker, 'message');
      });
      const told = (await Promise.all(answers)).map(([answer]) => answer);
      const taken = Math.max(...told.map((t) => t.seconds));
      const peak = told.reduce((sum, t) => sum + t.peak, 0);
      // The first is for the compiler.
      if (round >= 0) measured.push({ seconds: taken, peak: peak / 1e9, share: guided / taken / peak });
    }
  }
  return contestants.map(({ name, workers, measured }) => {
    for (const worker of workers) worker.kill();
    const of = (figure) => median(measured.map((m) => m[figure]));
    return { build: name, workers: workers.length, seconds: of('seconds'), peakGflops: of('peak'), shareOfPeak: of('share') };
  });
}

if (process.argv[2] === '--work') {
  await work(process.argv[3]);
} else {
  const rounds = Number(process.argv.find((word) => /^\d+$/.test(word)) ?? 9);
  const results = await measure(rounds);
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify(results));
  } else {
    console.log(`Node ${process.version}, processor time, medians of ${rounds}`);
    console.table(results);
  }
}
