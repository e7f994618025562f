// What a reader downloads for an embed in a post: the element, the instrument, workers, wasm and the opening view's weights, as
// a host sends them that compresses.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { inChromium, served } from './browser.mjs';

/** Compressed bytes. Raise them only with a reason in the commit. */
const most = { embed: 200_000, 'element alone': 8_000, 'pictures of the exact model': 560_000 };

const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
const gzip = (bytes) => gzipSync(bytes, { level: 9 }).length;

const page = (style) => `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <title>A post</title>
  <link rel="stylesheet" href="./post.css" />
  <script type="module" src="./lib/guidance-playground.js"></script>
  <p class="${style}"></p>
  <guidance-playground></guidance-playground>
</html>`;

/** Files that a page of this folder takes from the package, with their bytes, until `done`. */
function downloads(folder, name, done) {
  return served(folder, (address) =>
    inChromium(async (page, faults) => {
      // Each once, however many workers ask for it; what it is stands on the disk.
      const paths = new Set();
      page.on('requestfinished', (request) => paths.add(request.url().split('/lib/')[1]));
      await page.goto(address + name);
      await done(page);
      await page.waitForLoadState('networkidle');
      assert.deepEqual(faults, []);
      paths.delete(undefined);
      return [...paths].map((path) => ({ path, bytes: readFileSync(join(folder, 'lib', path)) }));
    }),
  );
}

export function testFirstLoad(folder) {
  const out = join(folder, 'post');
  const check = (t, name, files) => {
    const sizes = files.map(({ path, bytes }) => ({ path, brotli: brotli(bytes), gzip: gzip(bytes) }));
    const total = (kind) => sizes.reduce((sum, size) => sum + size[kind], 0);
    for (const { path, ...size } of sizes.sort((a, b) => b.brotli - a.brotli))
      t.diagnostic(`${path}: brotli ${size.brotli}, gzip ${size.gzip}`);
    t.diagnostic(`${name}: brotli ${total('brotli')} of ${most[name]}, gzip ${total('gzip')}`);
    assert.ok(total('brotli') <= most[name], `${name}: ${total('brotli')} bytes`);
  };

  test('an embed far below needs little', { timeout: 60_000 }, async (t) => {
    mkdirSync(out);
    cpSync(join(folder, 'node_modules/guidance-playground/lib'), join(out, 'lib'), { recursive: true });
    writeFileSync(join(out, 'post.css'), '.far { height: 9000px; }');
    writeFileSync(join(out, 'far.html'), page('far'));
    writeFileSync(join(out, 'near.html'), page('near'));
    const files = await downloads(out, 'far.html', (page) =>
      // Defined, and with nothing left to do.
      page.evaluate(async () => {
        await customElements.whenDefined('guidance-playground');
        for (let frame = 0; frame < 30; frame++) await new Promise(requestAnimationFrame);
        await new Promise(requestIdleCallback);
      }),
    );
    check(t, 'element alone', files);
  });

  test('pictures load their core and sprites, and no network that they do not need', { timeout: 120_000 }, async (t) => {
    const draw = "{ prompt: 'rocket', scheme: { main: 'exact', levels: { steps: 2 } }, pictures: 1 }";
    writeFileSync(join(out, 'pictures.js'), `import { sample } from './lib/images.js';\nglobalThis.drawn = await sample(${draw});\n`);
    writeFileSync(join(out, 'pictures.html'), '<!doctype html><title>Pictures</title><script type="module" src="./pictures.js"></script>');
    const files = await downloads(out, 'pictures.html', (page) => page.waitForFunction(() => globalThis.drawn));
    assert.deepEqual(
      files.filter(({ path }) => path.endsWith('.weights')),
      [],
    );
    assert.equal(files.filter(({ path }) => path.endsWith('.wasm')).length, 1);
    check(t, 'pictures of the exact model', files);
  });

  test('the first load of an embed is small', { timeout: 120_000 }, async (t) => {
    const files = await downloads(out, 'near.html', (page) =>
      page.waitForFunction(async () => {
        const metrics = await document.querySelector('guidance-playground').metrics();
        return metrics.length === 3 && metrics.every(Boolean);
      }),
    );
    const weights = files.flatMap(({ path }) => /^assets\/(.+)-[\w-]{8}\.weights$/.exec(path)?.[1] ?? []);
    // Of the opening view, and no other's.
    assert.deepEqual(weights.sort(), ['guide-A32-0512', 'guide-AB32-0512', 'main-A64-4096']);
    assert.equal(files.filter(({ path }) => path.endsWith('.wasm')).length, 1);
    check(t, 'embed', files);
  });
}
