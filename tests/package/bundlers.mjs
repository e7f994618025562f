// A tiny app by each bundler, with the library and the element, in Chromium.
import assert from 'node:assert/strict';
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { inChromium, served } from './browser.mjs';

const installed = (folder) => join(folder, 'node_modules/guidance-playground');

/** Each builds `app.js` and `index.html` of a folder into another. */
const bundlers = {
  async vite(folder, out) {
    const { build } = await import('vite');
    await build({ root: folder, base: './', logLevel: 'silent', build: { outDir: out } });
  },

  async webpack(folder, out) {
    const webpack = createRequire(import.meta.url)('webpack');
    const stats = await promisify(webpack)({
      mode: 'production',
      context: folder,
      entry: './app.js',
      output: { path: out, filename: 'app.js' },
      experiments: { outputModule: true },
      performance: false,
    });
    const { errors, warnings } = stats.toJson({ errors: true, warnings: true });
    assert.deepEqual(
      [...errors, ...warnings].map(({ message }) => message),
      [],
    );
    copyFileSync(join(folder, 'index.html'), join(out, 'index.html'));
  },

  async esbuild(folder, out) {
    const { build } = await import('esbuild');
    const { errors, warnings } = await build({
      absWorkingDir: folder,
      entryPoints: ['app.js'],
      bundle: true,
      minify: true,
      format: 'esm',
      splitting: true,
      outdir: out,
      logLevel: 'silent',
    });
    assert.deepEqual([...errors, ...warnings], []);
    // As docs/api.md says.
    cpSync(join(installed(folder), 'lib/assets'), join(out, 'assets'), { recursive: true });
    copyFileSync(join(folder, 'index.html'), join(out, 'index.html'));
  },

  async 'no bundler'(folder, out) {
    cpSync(join(installed(folder), 'lib'), join(out, 'lib'), { recursive: true });
    const app = readFileSync(join(folder, 'app.js'), 'utf8');
    const names = {
      'guidance-playground/element': './lib/guidance-playground.js',
      'guidance-playground/images': './lib/images.js',
      'guidance-playground/training': './lib/training.js',
      'guidance-playground': './lib/index.js',
    };
    writeFileSync(
      join(out, 'app.js'),
      app.replace(/(?<=')guidance-playground[^']*(?=';)/g, (name) => names[name]),
    );
    copyFileSync(join(folder, 'index.html'), join(out, 'index.html'));
  },
};

export function testBundlers(folder) {
  for (const [name, build] of Object.entries(bundlers)) {
    test(`an app by ${name} samples, draws a picture, trains and shows the element`, { timeout: 240_000 }, async () => {
      const out = join(folder, `out-${name.replace(' ', '-')}`);
      mkdirSync(out);
      await build(folder, out);
      const { sample } = await import(pathToFileURL(join(installed(folder), 'lib/index.js')));
      const { positions } = await sample('autoguidance', { particles: 300, seed: 3 });
      await served(out, (address) =>
        inChromium(async (page, faults) => {
          await page.goto(address);
          const result = await (await page.waitForFunction(() => globalThis.result)).jsonValue();
          assert.equal(result.error, undefined);
          const apart = result.positions.map((x, i) => Math.abs(x - positions[i]));
          assert.equal(result.picture.length, 3072);
          assert.ok(result.picture.every(Number.isFinite) && new Set(result.picture).size > 100);
          assert.ok(apart.filter((d) => d < 1e-3).length > 0.98 * apart.length && result.positions.length === 600);
          assert.deepEqual([result.trained.width, result.trained.iterations], ['8', '4']);
          // The element samples too, in its workers.
          await page.waitForFunction(async () => {
            const metrics = await document.querySelector('guidance-playground').metrics();
            return metrics.length > 1 && metrics.every((each) => each?.outliers.value > 0);
          });
          assert.deepEqual(faults, []);
        }),
      );
    });
  }
}
