// Pages that make it hard: strict policies, other origins, frames without rights, colours and styles of their own, browsers
// that lack something.
import { readFile, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Page } from '@playwright/test';
import type { GuidancePlayground } from '../../www/embed/guidance-playground.js';
import { expect, inkBySquare, openAtEnd, sampled, test, violations, full, idle } from './fixture.js';
import { embeds, heard, openHost, policy, quick, quickPictures, ready, set, stateOf, strict } from './host.js';

test('under a strict policy an embed with everything works', async ({ page }) => {
  test.setTimeout(120_000);
  // So that films are small.
  await page.setViewportSize({ width: 700, height: 900 });
  const forbidden = await strict(page);
  await openHost(
    page,
    `<h1>A post</h1><guidance-playground ${quick} show="all" home="./" poster="./icon.svg" lit="3,5" coverage paths autoplay></guidance-playground>`,
    {
      headers: { 'content-security-policy': policy },
    },
  );
  const embed = embeds(page);
  await ready(embed);
  await expect.poll(() => inkBySquare(page, 1, 8).then((inks) => Math.max(...inks))).toBeGreaterThan(0.1);
  await expect(page.locator('gp-branch-coverage svg').first()).toBeVisible();
  await expect(page.locator('gp-lit-table tbody tr').first()).toBeVisible();
  await set(embed, { field: 'difference', cut: [-1, -1, 1, 1], step: 2 });
  await expect(page.locator('gp-field-overlay canvas').nth(1)).toBeVisible();
  await expect(page.locator('gp-line-cut svg').nth(1)).toBeVisible();
  await set(embed, { field: 'ratio', step: 4 });
  await idle(page);
  // Every menu, and a sweep.
  for (const summary of await page.locator('gp-playground-panel summary').all()) {
    await summary.click();
    await page.keyboard.press('Escape');
  }
  await page.locator('gp-sweep-study summary').first().click();
  await page.locator('gp-sweep-form').getByLabel('Points', { exact: true }).fill('2');
  await page.locator('gp-sweep-form').getByRole('button', { name: 'Run the sweep' }).click();
  await expect(page.locator('gp-sweep-study [data-picture] svg').first()).toBeVisible();
  const files = await embed.evaluate(async (element: GuidancePlayground) => {
    const sizes: Record<string, number> = {};
    for (const type of ['png', 'svg', 'gif', 'webm'] as const) sizes[type] = (await element.exportImage(type)).size;
    for (const type of ['json', 'particles.csv', 'trajectories.csv'] as const) sizes[type] = (await element.exportData(type)).size;
    return sizes;
  });
  for (const [type, size] of Object.entries(files)) expect(size, type).toBeGreaterThan(1000);
  expect(forbidden).toEqual([]);
});

test('the playground’s own pages work under the same policy', full, async ({ page }) => {
  const forbidden = await strict(page);
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:4&field=difference&coverage=1&lit=3&cut=-1,-1,1,1');
  await expect(page.locator('gp-branch-coverage svg').first()).toBeVisible();
  await page
    .getByRole('button', { name: /dark|light|theme/i })
    .first()
    .click();
  await page.goto('./embed.html?engine=cpu#v=1&particles=512&levels=~steps:4');
  await sampled(page);
  expect(forbidden).toEqual([]);
});

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
};

/** A post and, on another host, the site, of which files that `closed` names are not for other origins. */
async function elsewhere(closed: RegExp | null, act: (post: string, site: string) => Promise<void>): Promise<void> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url!, 'http://host');
    const file = join('dist', pathname);
    if (!(await stat(file).catch(() => null))?.isFile()) return void response.writeHead(404).end();
    response.writeHead(200, {
      'Content-Type': types[extname(file)] ?? 'application/octet-stream',
      ...(!closed?.test(pathname) && { 'Access-Control-Allow-Origin': '*' }),
    });
    response.end(await readFile(file));
  });
  const listen = (server: Server) =>
    new Promise<string>((done) => server.listen(0, '127.0.0.1', () => done(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)));
  const site = await listen(server);
  // Not fulfilled by a route: such a page is of no known network, and may ask none of this machine.
  const host = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' });
    response.end(`<!doctype html><html lang="en"><title>A post</title><link rel="icon" href="data:,">
      <script type="module" src="${site}/guidance-playground.js"></script>
      <guidance-playground ${quick} poster="${site}/icon.svg"><p>Only for readers without it.</p></guidance-playground>`);
  });
  try {
    await act(await listen(host), site);
  } finally {
    for (const each of [server, host]) {
      each.closeAllConnections();
      each.close();
    }
  }
}

test.describe('from another origin', () => {
  test.use({ expectedErrors: /CORS|ERR_FAILED|instrument|Failed to (load|fetch)|dynamically imported/ });

  test('an embed samples, draws and exports', async ({ page, otherOrigins }) => {
    await elsewhere(null, async (post, site) => {
      otherOrigins.push(post, site);
      await page.setViewportSize({ width: 700, height: 900 });
      await page.goto(post);
      await ready(embeds(page));
      await expect.poll(() => inkBySquare(page, 1, 8).then((inks) => Math.max(...inks))).toBeGreaterThan(0.1);
      await set(embeds(page), { field: 'difference', coverage: true });
      await expect(page.locator('gp-branch-coverage svg').first()).toBeVisible();
      const sizes = await embeds(page).evaluate(async (element: GuidancePlayground) => [
        (await element.exportImage('gif')).size,
        (await element.exportImage('svg')).size,
        (await element.exportData('json')).size,
      ]);
      for (const size of sizes) expect(size).toBeGreaterThan(1000);
      expect(page.workers().length).toBeGreaterThan(1);
    });
  });

  for (const [what, closed, seen] of [
    ['the module', /./, null],
    ['the instrument', /instrument-/, /could not be loaded/],
    ['the sampler', /\.wasm/, /could not be loaded/],
    ['the workers', /worker/, /\w/],
    ['the networks', /\.weights/, /could not be fetched/],
  ] as const) {
    test(
      `${what} is not for other origins: a sentence, and what stood there stays`,
      what === 'the networks' ? {} : full,
      async ({ page, otherOrigins }) => {
        await elsewhere(closed, async (post, site) => {
          otherOrigins.push(post, site);
          await page.goto(post);
          const embed = embeds(page);
          if (!seen) {
            // Nothing of it runs.
            await expect(embed.getByText('Only for readers without it.')).toBeVisible();
            return;
          }
          await expect(embed.locator('.note p, [role="alert"]').first()).toHaveText(seen);
          await expect(embed.getByRole('button', { name: /again/i }).first()).toBeVisible();
        });
      },
    );
  }
});

test('a frame that may only run scripts samples, tells its height, and leaves the address alone', async ({ page }) => {
  await openHost(
    page,
    `<iframe sandbox="allow-scripts" width="1300" height="300" src="./embed.html?engine=cpu#v=1&particles=512&levels=~steps:4&seed=7"></iframe>
     <script>addEventListener('message', ({ data, origin }) => { window.told = { ...data, origin }; });</script>`,
  );
  const frame = page.frameLocator('iframe');
  for (const index of [0, 1, 2]) await expect(frame.locator('.picture').nth(index)).toHaveAttribute('aria-busy', 'false');
  const told = () => page.evaluate(() => (window as unknown as { told?: { type: string; height: number; origin: string } }).told);
  await expect.poll(told).toMatchObject({ type: 'guidance-playground-height', origin: 'null' });
  expect((await told())!.height).toBeGreaterThan(400);
  await frame.getByRole('combobox', { name: 'Scheme of panel 1' }).selectOption('apg');
  // The link has it, whatever became of the address.
  await expect(frame.getByRole('link', { name: 'Open in the Guidance Playground' })).toHaveAttribute('href', /schemes=apg.*seed=7/);
});

/** The contrast of an embed's text with what is behind it, and white where there is none. */
for (const [name, style, theme] of [
  ['black, and says nothing of it', 'body { background: #000; color: #eee }', 'dark'],
  ['dark by its colour scheme', ':root { color-scheme: dark }', 'dark'],
  ['dark by a container', '.in { background: #101418; color: #ddd; padding: 20px }', 'dark'],
  ['light on a dark system', 'body { background: #fff; color: #111 }', 'light'],
] as const) {
  test(`a page that is ${name}`, full, async ({ page }, info) => {
    if (theme === 'light') await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await openHost(
      page,
      `<main><h1>A post</h1><div class="in"><guidance-playground ${quick} home="./" show="engine toolbar"></guidance-playground></div></main>`,
      { head: `<style>${style}</style>` },
    );
    await ready(embeds(page));
    await expect(embeds(page).locator('gp-instrument')).toHaveCSS('color-scheme', theme);
    // What axe takes for white unless it is said: the browser's own ground.
    if (name.includes('scheme')) await page.addStyleTag({ content: 'html { background: Canvas }' });
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: info.outputPath('page.png'), fullPage: true });
    // The notes of the light element, too.
    await set(embeds(page), { seed: 'x' as never });
    await expect(embeds(page).locator('.note')).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
}

test('a page that fades into the dark takes its embeds along', async ({ page }) => {
  await openHost(page, `<main><h1>A post</h1><guidance-playground ${quick} home="./"></guidance-playground></main>`, {
    head: '<style>body { background: #fff; color: #111; transition: background .3s, color .3s } .night body { background: #0b0d10; color: #eee }</style>',
  });
  await ready(embeds(page));
  const instrument = embeds(page).locator('gp-instrument');
  await expect(instrument).toHaveCSS('color-scheme', 'light');
  await page.evaluate(() => document.documentElement.classList.add('night'));
  await expect(instrument).toHaveCSS('color-scheme', 'dark');
  await expect.poll(() => violations(page)).toEqual([]);
  // One that is asked for stays.
  await set(embeds(page), { theme: 'light' });
  await expect(instrument).toHaveCSS('color-scheme', 'light');
  expect(await violations(page)).toEqual([]);
});

const hostile = `<style>
  * { letter-spacing: .3em; font: 30px cursive; color: red; box-sizing: content-box; margin: 9px; text-transform: uppercase; line-height: 3; text-align: right; white-space: pre; cursor: wait }
  div { display: flex; padding: 30px; border: 5px solid lime } html { font-size: 10px } button, summary, img { display: none }
  :root { --ink: red; --page: blue; --rem: 40px; --font: cursive; --line: lime; --accent: lime; --panel: 90px; --columns: 1; --ground: lime; --space-4: 90px }
  svg { fill: lime } a { color: lime; position: fixed } p { font-size: 60px } [hidden] { display: block !important }
</style>`;

test('a page’s styles do not come in, and none go out', async ({ page }) => {
  // Nothing sticks to the window's edge.
  await page.setViewportSize({ width: 1400, height: 2600 });
  const body = `<section style="all: initial; display: block; width: 1200px"><guidance-playground ${quick} show="all" home="./" style="margin: 0"></guidance-playground></section>`;
  /** Everything of the instrument that has a place: where, how large, and in what letters. */
  const looks = async (head: string) => {
    await openHost(page, body, { head });
    await page.unroute('**/host.html');
    const before = await outside(page);
    await ready(embeds(page));
    // What panels are beside the first is told after them, in one line or two.
    await expect(page.locator('gp-paired-differences .words')).toHaveText([/./, /./]);
    await idle(page);
    expect(await outside(page)).toEqual(before);
    return page.locator('gp-instrument').evaluate((instrument) => {
      const [origin, found] = [instrument.getBoundingClientRect(), [] as string[]];
      const walk = (root: ParentNode) => {
        for (const element of root.querySelectorAll('*')) {
          if (element.shadowRoot) walk(element.shadowRoot);
          const { x, y, width, height } = element.getBoundingClientRect();
          if (width === 0 || height === 0) continue;
          const style = getComputedStyle(element);
          const css = (
            [
              'color',
              'fontFamily',
              'fontSize',
              'letterSpacing',
              'display',
              'boxSizing',
              'textTransform',
              'textAlign',
              'cursor',
              'fill',
              'backgroundColor',
            ] as const
          ).map((name) => style[name]);
          // In whole pixels; halves are common, and in two loads a hair apart.
          const place = [x - origin.x, y - origin.y, width, height].map((length) => Math.round(length - 0.01));
          found.push([element.localName, element.className, place, ...css].join(' '));
        }
      };
      walk(instrument.shadowRoot!);
      return found;
    });
  };
  const plain = await looks('');
  const hard = await looks(hostile);
  expect(plain.length).toBeGreaterThan(100);
  expect(hard.filter((each, at) => each !== plain[at])).toEqual([]);
});

/** What a page has of its own. */
function outside(page: Page) {
  return page.evaluate(() => ({
    sheets: document.styleSheets.length,
    adopted: document.adoptedStyleSheets.length,
    attributes: [document.documentElement, document.body].map((element) => element.getAttributeNames().join()),
    children: [document.head, document.body].map((element) =>
      [...element.children]
        .map(({ localName }) => localName)
        .filter((name) => name !== 'link')
        .join(),
    ),
  }));
}

test('ten embeds share the workers of one, and each samples as it is seen', full, async ({ page }) => {
  await openHost(page, `<guidance-playground ${quick}></guidance-playground>`);
  await ready(embeds(page));
  const one = page.workers().length;
  await page.unroute('**/host.html');
  await openHost(page, Array(10).fill(`<guidance-playground ${quick}></guidance-playground><p style="height: 500px"></p>`).join(''));
  await expect(page.locator('gp-instrument').first()).toBeAttached();
  const sampledTo = (index: number) =>
    embeds(page)
      .nth(index)
      .evaluate(({ instrument }: GuidancePlayground) =>
        instrument?.currentState.panels.map(({ id }) => instrument.engine?.runs(id).shown?.stepsDone ?? 0),
      );
  for (let index = 0; index < 10; index++) {
    // Near, it may be there, and waits.
    if (index > 0) expect((await sampledTo(index)) ?? [0, 0, 0]).toEqual([0, 0, 0]);
    await embeds(page)
      .nth(index)
      .evaluate((element) => element.scrollIntoView());
    await expect.poll(() => sampledTo(index)).toEqual([4, 4, 4]);
  }
  expect(page.workers()).toHaveLength(one);
});

test('ten embeds of both labs on one page each come to their end', full, async ({ page }) => {
  const space = '<p style="height: 500px"></p>';
  const pair = `<guidance-playground ${quick}></guidance-playground>${space}<guidance-playground ${quickPictures}></guidance-playground>${space}`;
  await openHost(page, pair.repeat(5));
  for (const embed of await embeds(page).all()) {
    await embed.evaluate((element) => element.scrollIntoView());
    await ready(embed);
  }
  const labs = await embeds(page).evaluateAll((all) => all.map((each) => (each as GuidancePlayground).instrument!.lab.id));
  expect(labs).toEqual(Array(5).fill(['plane', 'images']).flat());
  // Each lab's workers are shared by its own.
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  expect(page.workers().length).toBeLessThanOrEqual(2 * cores + 2);
});

test('without WebGPU it says why the CPU samples', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'gpu', { value: undefined }));
  await openHost(
    page,
    `<guidance-playground ${quick.replace('cpu', 'webgpu')}></guidance-playground><guidance-playground ${quick.replace('cpu', 'auto')}></guidance-playground>`,
  );
  await ready(embeds(page).first());
  await expect(embeds(page).first()).toContainText('This browser offers no WebGPU. The CPU samples instead.');
  await expect
    .poll(async () => (await heard(page, 'enginechange')).at(-1))
    .toMatchObject({ kind: 'cpu', notice: expect.stringContaining('no WebGPU') });
  // Who asked for nothing in particular is told nothing.
  await embeds(page).nth(1).scrollIntoViewIfNeeded();
  await ready(embeds(page).nth(1));
  await expect(embeds(page).nth(1).locator('[data-notice]')).toBeEmpty();
});

test('without SIMD a sentence stands beside the poster, and methods say the same', async ({ page }) => {
  await page.addInitScript(() => (WebAssembly.validate = () => false));
  await openHost(page, `<guidance-playground ${quick}><img slot="poster" src="./icon.svg" alt="What it would show"></guidance-playground>`);
  await expect(embeds(page).getByRole('alert')).toContainText('lacks SIMD');
  await expect(page.getByRole('img', { name: 'What it would show' })).toBeVisible();
  expect(await heard(page, 'error')).toEqual([
    { code: 'no-simd', message: expect.stringContaining('SIMD'), advice: expect.stringContaining('browser') },
  ]);
  const code = await embeds(page).evaluate((element: GuidancePlayground) =>
    element.metrics().then(
      () => '',
      ({ code }: { code: string }) => code,
    ),
  );
  expect(code).toBe('no-simd');
});

test.describe('with JavaScript disabled', () => {
  test.use({ javaScriptEnabled: false });

  test('what stands in the embed stays', async ({ page }) => {
    await openHost(
      page,
      `<guidance-playground ${quick}><img slot="poster" src="./icon.svg" alt="What it would show"><p>A live figure, with JavaScript.</p></guidance-playground>`,
    );
    await expect(page.getByRole('img', { name: 'What it would show' })).toBeVisible();
    await expect(page.getByText('A live figure, with JavaScript.')).toBeVisible();
    await page.goto('./embed.html');
    await expect(page.locator('noscript p')).toBeVisible();
  });
});

test.describe('where a file is missing', () => {
  test.use({ expectedErrors: /404|Failed to fetch dynamically/ });

  test('the sampler: a sentence, the poster, and another try', async ({ page }) => {
    await page.route('**/*.wasm', (route) => route.fulfill({ status: 404 }));
    await openHost(page, `<guidance-playground ${quick} poster="./icon.svg"></guidance-playground>`);
    const embed = embeds(page);
    await expect(embed.getByRole('alert')).toContainText('The sampler, a WebAssembly file, could not be loaded (HTTP status 404).');
    await expect(embed.locator('img')).toBeVisible();
    await expect.poll(() => heard(page, 'error')).toMatchObject([{ code: 'core-unavailable' }]);
    await page.unroute('**/*.wasm');
    await embed.getByRole('button', { name: 'Try again' }).click();
    await ready(embed);
    await expect(embed.locator('img')).toBeHidden();
    await expect(embed.getByRole('alert')).toHaveCount(0);
    expect((await stateOf(embed)).particles).toBe(512);
  });

  test('the instrument: a sentence, the poster, and another try', full, async ({ page }) => {
    await page.route('**/instrument-*.js', (route) => route.fulfill({ status: 404 }));
    await openHost(page, `<guidance-playground ${quick} poster="./icon.svg"></guidance-playground>`);
    const embed = embeds(page);
    await expect(embed.locator('.note')).toContainText('The figure could not be loaded.');
    await expect(embed.locator('img')).toBeVisible();
    await page.unroute('**/instrument-*.js');
    await embed.getByRole('button', { name: 'Try again' }).click();
    await ready(embed);
    await expect(embed.locator('img')).toBeHidden();
    await expect(embed.locator('.note')).toBeEmpty();
  });
});
