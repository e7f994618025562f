// Networks that are trained in the tab: panels follow them as they learn.
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, full, measure, openAtEnd, panel, sampled, small, test, violations } from './fixture.js';

const section = (page: Page) => page.locator('gp-train-study');
const form = (page: Page) => section(page).locator('form');
const mains = (page: Page) =>
  page.evaluate(() => window.guidancePlayground.state().panels.map(({ scheme: { main, guide } }) => [main.model, guide?.model ?? null]));

async function open(page: Page): Promise<void> {
  await section(page).locator('summary').click();
  await expect(section(page).getByRole('button', { name: 'Train', exact: true })).toBeVisible();
}

/** A small network of few particles. */
async function plan(page: Page, iterations: string): Promise<void> {
  await form(page).getByLabel('Width').selectOption('16');
  await form(page).getByLabel('Batch').selectOption('256');
  await form(page).getByLabel('Iterations').selectOption(iterations);
}

test('a main network and its guides learn what is sampled, and panels have them', async ({ page }) => {
  test.slow();
  await openAtEnd(page, `?engine=cpu#${small}&distribution=two-moons`);
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await open(page);
  expect(requests.filter((url) => /\.wasm/.test(url))).toEqual([]);
  expect(await mains(page)).toEqual([
    ['exact', null],
    ['exact', 'exact'],
    ['exact', 'exact'],
  ]);
  await plan(page, '512');
  expect(await violations(page)).toEqual([]);
  await section(page).getByRole('button', { name: 'Train', exact: true }).click();
  await expect(section(page).getByRole('status')).toContainText('Trained', { timeout: 120_000 });

  // All three panels: the main network, and each guide where the paper has it.
  await sampled(page);
  const [none, free, auto] = await mains(page);
  expect(none![0]).toMatch(/^own-trained-16/);
  expect([free![0], auto![0]]).toEqual([none![0], none![0]]);
  expect(free![1]).toMatch(/^own-trained-8-b256-AB-64-/);
  expect(auto![1]).toMatch(/^own-trained-8-b256-A-64-/);
  // A small network is no perfect sampler, and has learned something: a tenth of the particles would be within by chance.
  const outliers = Number.parseFloat(await measure(page, 1, 'outliers').innerText());
  expect(outliers).toBeGreaterThan(2);
  expect(outliers).toBeLessThan(90);
  // Its snapshots fill the slider: 64, 128, 256, 512.
  const slider = panel(page, 1).getByRole('slider', { name: 'Snapshot of the main' });
  await expect(slider).toHaveAttribute('max', '3');
  await expect(slider).toHaveAttribute('aria-valuetext', '512 iterations');
  await slider.press('ArrowLeft');
  await expect(slider).toHaveAttribute('aria-valuetext', '256 iterations');
  await sampled(page);

  // Other data bring exact models back, and these bring the networks back.
  const data = page.getByLabel('Data', { exact: true });
  await data.selectOption('two-rings');
  await sampled(page);
  expect((await mains(page))[0]![0]).toBe('exact');
  await data.selectOption('two-moons');
  await sampled(page);
  expect((await mains(page))[0]![0]).toMatch(/^own-trained-16/);

  // How far the networks are from what is true, at each noise level, and what their snapshots sample.
  await expect(section(page).getByRole('list', { name: 'Lines of the charts' }).getByRole('listitem')).toHaveText([
    'trained-16-b256:A',
    'trained-8-b256:A',
    'trained-8-b256:AB',
  ]);
  const byNoise = await section(page)
    .getByRole('img', { name: /^Loss by noise level of trained-16-b256:A after 512 iterations, of which 0 is the best/ })
    .getAttribute('aria-label');
  const [low, high] = [...byNoise!.matchAll(/([\d.e-]+) at σ = ([\d.]+)/g)].map(([, loss, sigma]) => [Number(loss), Number(sigma)]);
  expect([low![1], high![1]]).toEqual([0.0037, 2.7]);
  for (const [loss] of [low!, high!]) expect(loss).toBeGreaterThan(0);
  // The three networks, and behind the main one its snapshots of 64, 128 and 256 iterations.
  await expect(section(page).locator('figure', { hasText: '0 is the best' }).locator('polyline')).toHaveCount(6);
  await expect(
    section(page).getByRole('img', { name: /^Outliers over iterations: .+% after 512 iterations; with the exact model .+%/ }),
  ).toBeVisible({
    timeout: 60_000,
  });
  await expect(section(page).locator('figure', { hasText: 'Outliers without guidance' }).locator('circle')).toHaveCount(4);
  // Every number of the axes is whole, and clear of others.
  const crowded = await section(page).evaluate((element) =>
    [...element.shadowRoot!.querySelectorAll('figure > svg')].flatMap((chart) => {
      const within = chart.getBoundingClientRect();
      const texts = [...chart.querySelectorAll('text')].map((text) => ({ says: text.textContent, box: text.getBoundingClientRect() }));
      const cut = texts.filter(({ box }) => box.left < within.left || box.right > within.right || box.bottom > within.bottom);
      const isOver = (one: DOMRect, other: DOMRect) =>
        one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
      const over = texts.filter(({ box }, index) => texts.slice(0, index).some((before) => isOver(box, before.box)));
      return [...cut, ...over].map(({ says }) => says);
    }),
  );
  expect(crowded).toEqual([]);
  await expect(section(page).locator('figure').first().locator('text')).toHaveText(['1', '0.1', '0.01', '1', '16', '512', 'iterations']);
  expect(await violations(page)).toEqual([]);

  const saving = page.waitForEvent('download');
  await section(page)
    .getByRole('button', { name: /^Save trained-16-b256:A \(/ })
    .click();
  expect((await saving).suggestedFilename()).toBe('trained-16-b256-A-512.safetensors');
});

test('a training that its page was left in goes on', async ({ page }) => {
  await openAtEnd(page, `?engine=cpu#${small}&distribution=eight-gaussians`);
  await open(page);
  // As the paper's, which takes so long that it can rest, go on and rest again.
  await section(page).getByRole('button', { name: 'Train', exact: true }).click();
  await expect(section(page).getByRole('status')).toContainText('iterations a second', { timeout: 60_000 });
  await section(page).getByRole('button', { name: 'Pause' }).click();
  await expect(section(page).getByRole('status')).toContainText('it rests');
  const rested = await section(page).getByRole('status').innerText();
  await section(page).getByRole('button', { name: 'Resume' }).click();
  await expect(section(page).getByRole('status')).not.toHaveText(rested);
  await section(page).getByRole('button', { name: 'Pause' }).click();
  await expect(section(page).getByRole('status')).toContainText('it rests');
  const at = /iteration ([\d,]+) of/.exec(await section(page).getByRole('status').innerText())![1]!;
  await page.goto('about:blank');
  await openAtEnd(page, `?engine=cpu#${small}&distribution=eight-gaussians`);
  await open(page);
  await expect(section(page)).toContainText(`was left at iteration ${at} of 4,096`);
  await section(page).getByRole('button', { name: 'Go on with the last' }).click();
  await expect(section(page).getByRole('status')).toContainText('iterations a second', { timeout: 60_000 });
  await section(page).getByRole('button', { name: 'Stop' }).click();
  await expect(section(page).getByRole('status')).toHaveText('Stopped.');
});

test('of two tabs that train the first is kept, and the second says that it is not', async ({ page, context }) => {
  test.slow();
  const where = `?engine=cpu#${small}&distribution=two-rings&schemes=none`;
  const second = await context.newPage();
  for (const each of [page, second]) {
    await openAtEnd(each, where);
    await open(each);
  }
  const start = async (each: Page, width: string) => {
    await form(each).getByLabel('Networks').selectOption('one');
    await form(each).getByLabel('Width').selectOption(width);
    await section(each).getByRole('button', { name: 'Train', exact: true }).click();
    await expect(section(each).getByRole('status')).toContainText('iterations a second', { timeout: 60_000 });
  };
  const lost = (each: Page) => section(each).getByText('Another tab trains, too');
  await start(page, '128');
  await start(second, '96');
  await expect(lost(second)).toBeVisible();
  await expect(lost(page)).toHaveCount(0);
  expect(await violations(second)).toEqual([]);
  await section(page).getByRole('button', { name: 'Pause' }).click();
  await expect(section(page).getByRole('status')).toContainText('it rests');
  const at = /iteration ([\d,]+) of/.exec(await section(page).getByRole('status').innerText())![1]!;

  // What goes on in another tab is not offered here.
  await second.goto('about:blank');
  await openAtEnd(second, where);
  await open(second);
  await expect(section(second)).not.toContainText('was left at iteration');
  // Nor has the second tab's touched it.
  await page.goto('about:blank');
  await openAtEnd(page, where);
  await open(page);
  await expect(section(page)).toContainText(`was left at iteration ${at} of 4,096`);
  await section(page).getByRole('button', { name: 'Go on with the last' }).click();
  await expect(section(page).getByRole('status')).toContainText('trained-128-b4096:A', { timeout: 60_000 });
  await expect(lost(page)).toHaveCount(0);
  await section(page).getByRole('button', { name: 'Stop' }).click();
  await expect(section(page).getByRole('status')).toHaveText('Stopped.');
  // The name is free again.
  await start(second, '96');
  await expect(lost(second)).toHaveCount(0);
  await second.close();
});

const address = `?engine=cpu#${small}&distribution=two-moons&schemes=none`;
const trained = (page: Page) => section(page).getByRole('list', { name: 'Trained here' }).getByRole('listitem');

/** Trains one small network to its end. */
async function trainOne(page: Page): Promise<void> {
  await form(page).getByLabel('Networks').selectOption('one');
  await plan(page, '128');
  await section(page).getByRole('button', { name: 'Train', exact: true }).click();
  await expect(section(page).getByRole('status')).toContainText('Trained', { timeout: 120_000 });
}

test('an address that was left while a network learned has what it was', async ({ page }) => {
  test.slow();
  await openAtEnd(page, address);
  await open(page);
  await form(page).getByLabel('Networks').selectOption('one');
  await plan(page, '4096');
  await section(page).getByRole('button', { name: 'Train', exact: true }).click();
  await expect.poll(async () => (await mains(page))[0]![0], { timeout: 60_000 }).toMatch(/^own-trained-16-/);
  await section(page).getByRole('button', { name: 'Pause' }).click();
  await expect(section(page).getByRole('status')).toContainText('it rests');
  const [[name]] = (await mains(page)) as [[string]];
  await expect.poll(() => page.url()).toContain(name);
  const link = page.url();
  await page.goto('about:blank');
  await openAtEnd(page, link.slice(link.indexOf('?')));
  expect(await mains(page)).toEqual([[name, null]]);
  await expect(panel(page, 1).getByRole('alert')).toHaveCount(0);
});

test('what was trained is there when the page is opened again, and nobody else has it', async ({ page, browser, baseURL }) => {
  test.slow();
  await openAtEnd(page, address);
  const loaded: string[] = [];
  page.on('request', (request) => loaded.push(request.url()));
  await open(page);
  await expect(trained(page)).toHaveCount(0);
  await trainOne(page);
  await sampled(page);
  await expect(trained(page)).toHaveText([/trained-16-b256:A: Two moons, 128 iterations/]);
  const [[name]] = (await mains(page)) as [[string]];
  const outliers = await measure(page, 1, 'outliers').innerText();
  await expect.poll(() => page.url()).toContain(name);
  const link = page.url();

  // The same address brings the same back, and both snapshots.
  await page.goto('about:blank');
  loaded.length = 0;
  await openAtEnd(page, link.slice(link.indexOf('?')));
  expect(await mains(page)).toEqual([[name, null]]);
  await expect(panel(page, 1).getByRole('alert')).toHaveCount(0);
  await expect(measure(page, 1, 'outliers')).toHaveText(outliers);
  const slider = panel(page, 1).getByRole('slider', { name: 'Snapshot of the main' });
  await expect(slider).toHaveAttribute('aria-valuetext', '128 iterations');
  await slider.press('ArrowLeft');
  await expect(slider).toHaveAttribute('aria-valuetext', '64 iterations');
  await sampled(page);
  await expect(panel(page, 1).getByRole('alert')).toHaveCount(0);
  // Neither what trains nor its section's parts came with it.
  expect(loaded.filter((url) => /coordinator|shard|trainings-|guidance_playground_bg.*training/.test(url))).toEqual([]);

  // In another browser there are the words for networks that are elsewhere.
  const other = await browser.newContext({ ...(baseURL && { baseURL }), reducedMotion: 'reduce' });
  const theirs = await other.newPage();
  const asked: string[] = [];
  theirs.on('request', (request) => asked.push(request.url()));
  await theirs.goto(link);
  await expect(panel(theirs, 1).getByRole('alert')).toContainText(
    `No network named ${name} is shipped: one of a visitor’s own is only where it was dropped or trained.`,
  );
  expect(asked.filter((url) => /trained-(?!flag)/.test(url))).toEqual([]);

  // From other data, by the list.
  await page.getByLabel('Data', { exact: true }).selectOption('two-rings');
  await page.getByLabel('Data', { exact: true }).selectOption('tree-2');
  await open(page);
  await expect(trained(page)).toHaveCount(1);
  const saving = page.waitForEvent('download');
  await section(page).getByRole('button', { name: 'Save trained-16-b256:A, Two moons' }).click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toBe('trained-16-b256-A-128.safetensors');
  // Who is given the file has what the link names.
  const file = { name: saved.suggestedFilename(), mimeType: '', buffer: await readFile(await saved.path()) };
  await theirs.locator('gp-file-opening input[type=file]').setInputFiles(file);
  const using = theirs.getByRole('dialog');
  await expect(using).toContainText('it learned Two moons, class A');
  await using.getByLabel('Use as main net').check();
  await using.getByRole('button', { name: 'Use' }).click();
  await sampled(theirs);
  expect(await mains(theirs)).toEqual([[name, null]]);
  await expect(measure(theirs, 1, 'outliers')).toHaveText(outliers);
  await other.close();
  await section(page).getByRole('button', { name: 'Use trained-16-b256:A, Two moons' }).click();
  await sampled(page);
  expect(await mains(page)).toEqual([[name, null]]);
  await expect(page.getByLabel('Data', { exact: true })).toHaveValue('two-moons');
  expect(await violations(page)).toEqual([]);
  await section(page).getByRole('button', { name: 'Forget trained-16-b256:A, Two moons' }).click();
  await expect(trained(page)).toHaveCount(0);
  // What is in use stays until the page is closed.
  await expect(panel(page, 1).getByRole('alert')).toHaveCount(0);
  await page.goto('about:blank');
  await page.goto(`./${link.slice(link.indexOf('?'))}`);
  await expect(panel(page, 1).getByRole('alert')).toContainText(`No network named ${name}`);
});

test('where the browser has no room, a sentence says so, and nothing is lost', async ({ page }) => {
  test.slow();
  await openAtEnd(page, address);
  await open(page);
  await trainOne(page);
  await expect(trained(page)).toHaveCount(1);
  await page.evaluate(() => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (value, key) {
      if (this.name === 'finished') throw new DOMException('The disk is full.', 'QuotaExceededError');
      return put.call(this, value, key);
    };
  });
  await form(page).getByLabel('Seed').fill('7');
  await form(page).getByLabel('Seed').press('Enter');
  await trainOne(page);
  await expect(section(page).getByRole('alert')).toContainText(
    'This browser has no room to keep what was trained: it is there until the page is closed.',
  );
  // The one before is there, as it was, and the new network is in use and can be saved.
  await expect(trained(page)).toHaveText([/trained-16-b256:A: Two moons/]);
  await expect(section(page).getByRole('button', { name: /^Save trained-16-b256-s7:A \(128 it/ })).toBeVisible();
  await sampled(page);
  await expect(panel(page, 1).getByRole('alert')).toHaveCount(0);
  expect(await violations(page)).toEqual([]);
  const kept = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const opening = indexedDB.open('guidance-playground-training');
        opening.onsuccess = () => {
          const counting = opening.result.transaction('networks').objectStore('networks').count();
          counting.onsuccess = () => resolve(counting.result);
        };
      }),
  );
  expect(kept).toBe(2);
});

for (const [name, width, scheme] of [
  ['on a phone', 390, 'light'],
  ['in the dark', 1280, 'dark'],
] as const) {
  test(`each state of the section can be read and used ${name}`, full, async ({ page }) => {
    test.slow();
    await page.setViewportSize({ width, height: 844 });
    await page.emulateMedia({ colorScheme: scheme });
    await openAtEnd(page, address);
    const fits = async () => {
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    };
    await open(page);
    await fits();
    // The usual one takes long enough to be looked at.
    await form(page).getByLabel('Networks').selectOption('one');
    await section(page).getByRole('button', { name: 'Train', exact: true }).click();
    await expect(section(page).getByRole('img', { name: /^Loss by noise level/ })).toBeVisible({ timeout: 60_000 });
    await fits();
    await section(page).getByRole('button', { name: 'Pause' }).click();
    await expect(section(page).getByRole('status')).toContainText('it rests');
    await fits();
    await section(page).getByRole('button', { name: 'Stop' }).click();
    await expect(section(page).getByRole('status')).toHaveText('Stopped.');
    await fits();
    await trainOne(page);
    await expect(trained(page)).toHaveCount(1);
    await fits();
  });
}

test.describe('a training that cannot begin', () => {
  test.use({ expectedErrors: /Failed to load resource|ERR_FAILED/ });

  test('says so in its section', full, async ({ page }) => {
    await openAtEnd(page, address);
    await open(page);
    await page.route('**/shard-worker-*.js', (route) => route.abort());
    await section(page).getByRole('button', { name: 'Train', exact: true }).click();
    await expect(section(page).getByRole('alert')).toContainText('The training could not be started', { timeout: 60_000 });
    expect(await violations(page)).toEqual([]);
    await page.unroute('**/shard-worker-*.js');
    await trainOne(page);
    await expect(section(page).getByRole('alert')).toHaveCount(0);
  });
});
