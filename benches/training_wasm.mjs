// An iteration of the paper's main network in the browser's workers beside the native trainer, in one run:
//
//   cargo build --release && cargo xtask build && node benches/training_wasm.mjs [--json] [rounds]
//
// COMMAND is the native command, CHROMIUM the browser. The package's own trainer runs in Chromium with two workers and with one, with
// relaxed SIMD and without; natively as many threads. One after the other, round after round; figures are medians of milliseconds, ratios
// of the rounds' own.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inChromium, served } from '../tests/package/browser.mjs';

const command = resolve(process.env.COMMAND ?? 'target/release/guidance-playground');
/** The first of so many iterations are for starting, and not counted. */
const [begin, all] = [32, 160];
const counts = [2, 1];
const builds = ['relaxed SIMD', 'SIMD'];

const rounds = Number(process.argv.find((word) => /^\d+$/.test(word)) ?? 5);
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const folder = mkdtempSync(join(tmpdir(), 'guidance-playground-training-'));

/** Milliseconds that the command takes for so many iterations. */
function run(iterations, threads) {
  const out = join(folder, 'native');
  const begun = performance.now();
  execFileSync(command, ['train', '--iterations', String(iterations), '--threads', String(threads), '--out', out], { stdio: 'pipe' });
  const taken = performance.now() - begun;
  rmSync(out, { recursive: true });
  return taken;
}

const native = (threads) => (run(all, threads) - run(begin, threads)) / (all - begin);

/** What the page is, with relaxed SIMD or as if the browser did not know its instructions, 0xfd 0x80 0x02 among them. */
const script = `
  const validate = WebAssembly.validate.bind(WebAssembly);
  const relaxed = !location.search.includes('plain');
  WebAssembly.validate = (bytes) => (relaxed || !bytes.join().includes('253,128,2,')) && validate(bytes);
  const { startTraining } = await import('./lib/training.js');
  Object.assign(globalThis, { startTraining });
`;

/** The same in a page. */
function wasm(page, workers) {
  return page.evaluate(
    ([workers, begin, all]) =>
      new Promise((resolve, reject) => {
        let first = null;
        const progress = ({ iteration }) => {
          const now = performance.now();
          if (first === null && iteration >= begin) first = { iteration, now };
          if (iteration === all) resolve((now - first.now) / (all - first.iteration));
        };
        const ended = ({ failure }) => failure && reject(new Error(failure.message));
        globalThis.startTraining([{ iterations: all }], { progress, ended }, { workers });
      }),
    [workers, begin, all],
  );
}

try {
  cpSync('pkg/lib', join(folder, 'lib'), { recursive: true });
  writeFileSync(join(folder, 'page.js'), script);
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Training</title><script type="module" src="./page.js"></script>');
  await served(folder, (address) =>
    inChromium(async (page) => {
      const measured = [];
      for (let round = 0; round < rounds; round++) {
        for (const count of counts) {
          const ours = native(count);
          for (const build of builds) {
            await page.goto(`${address}${build === 'SIMD' ? '?plain' : ''}`);
            await page.waitForFunction(() => globalThis.startTraining);
            const milliseconds = await wasm(page, count);
            measured.push({ build, count, native: ours, wasm: milliseconds, ratio: milliseconds / ours });
          }
        }
      }
      const kinds = builds.flatMap((build) => counts.map((count) => ({ build, count })));
      const results = kinds.map(({ build, count }) => {
        const of = (figure) => median(measured.filter((one) => one.build === build && one.count === count).map((one) => one[figure]));
        return { build, threads: count, nativeMilliseconds: of('native'), wasmMilliseconds: of('wasm'), ratio: of('ratio') };
      });
      if (process.argv.includes('--json')) console.log(JSON.stringify(results));
      else console.table(results);
    }),
  );
} finally {
  rmSync(folder, { recursive: true });
}
