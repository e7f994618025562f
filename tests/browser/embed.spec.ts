// The instrument in a frame of another page.
import type { Page } from '@playwright/test';
import type { PlaneState as State } from '../../www/plane/state/state.js';
import { choose, expect, openAtEnd, sampled, small, test, violations, full, shared } from './fixture.js';

/** What “Copy embed code” writes. */
async function copiedCode(page: Page, form: string): Promise<string> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.locator('summary', { hasText: 'Copy embed code' }).click();
  await page.getByRole('button', { name: form }).click();
  await expect(page.locator('summary', { hasText: 'Copied' })).toBeVisible();
  return page.evaluate(() => navigator.clipboard.readText());
}

shared('the copied element shows the same state in a page, and leads back', async ({ page, baseURL }) => {
  const context = page.context();
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:6');
  await choose(page, 3, 'ht-1.10');
  await sampled(page);
  const code = await copiedCode(page, 'As an element');
  const [script, element, ...rest] = code.split('\n');
  expect(script).toBe(`<script type="module" src="${baseURL}guidance-playground.js"></script>`);
  expect(element).toContain(`<guidance-playground state="v=1&amp;schemes=none,classifier-free,ht-1.10&amp;`);
  expect(rest).toEqual([]);

  const post = await context.newPage();
  const messages: string[] = [];
  post.on('console', (message) => messages.push(message.text()));
  await post.emulateMedia({ reducedMotion: 'reduce' });
  // Of a folder of its own: all addresses in the code are whole.
  await post.route('**/blog/a-post.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      headers: { 'content-security-policy': "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'" },
      body: `<!doctype html><title>A post</title><p>Look:</p>${code}`,
    }),
  );
  await post.goto(`${baseURL}blog/a-post.html`);
  await sampled(post);
  const settings = await post.evaluate(() => document.querySelector('guidance-playground')!.settings!);
  const original = (await page.evaluate(() => window.guidancePlayground.state())) as State;
  const plain = ({ panels, sampling, playback }: State) => ({ schemes: panels.map(({ scheme }) => scheme), sampling, playback });
  expect(plain(settings)).toEqual(plain(original));
  const back = await post.getByRole('link', { name: 'Open in the Guidance Playground' }).getAttribute('href');
  // Where there is no JavaScript, the same is a link.
  const fallback = await post.locator('guidance-playground').evaluate((embed) => embed.querySelector('a')!.href);
  expect(fallback).toBe(back);
  expect(new URL(back!).origin + new URL(back!).pathname).toBe(baseURL);
  expect(messages.filter((text) => text !== 'No available adapters.')).toEqual([]);
  await post.close();
});

shared('the copied code shows the same state in a frame, tells its height, and leads back', async ({ page, baseURL }) => {
  const context = page.context();
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:6');
  await choose(page, 3, 'ht-1.10');
  await sampled(page);
  const code = await copiedCode(page, 'As a frame');
  expect(code).toMatch(/^<iframe src="http[^"]+\/embed\.html#v=1&amp;schemes=none,classifier-free,ht-1\.10/);

  const post = await context.newPage();
  await post.emulateMedia({ reducedMotion: 'reduce' });
  await post.route('**/post.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><title>A post</title><p>Look:</p>${code}
        <script>addEventListener('message', ({ data }) => { if (data.type === 'guidance-playground-height') window.height = data.height; });</script>`,
    }),
  );
  await post.goto(`${baseURL}post.html`);
  const frame = post.frameLocator('iframe');
  const panels = frame.getByRole('group', { name: /^Panel \d$/ });
  await expect(panels).toHaveCount(3);
  for (const index of [0, 1, 2]) await expect(panels.nth(index).locator('.picture')).toHaveAttribute('aria-busy', 'false');
  await expect(panels.nth(2).getByRole('combobox', { name: 'Scheme of' })).toHaveValue('ht-1.10');
  // The embed and its clock, and not the controls of an explorer.
  await expect(frame.locator('gp-playground-toolbar, gp-sampling-settings, gp-sweep-study, gp-scheme-details')).toHaveCount(0);
  await expect(frame.getByRole('button', { name: 'Play' })).toBeVisible();
  const height = () => post.evaluate(() => (window as unknown as { height: number }).height);
  await expect.poll(height).toBeGreaterThan(500);
  expect(await height()).toBeLessThan(1400);

  const [whole] = await Promise.all([
    context.waitForEvent('page'),
    frame.getByRole('link', { name: 'Open in the Guidance Playground' }).click(),
  ]);
  await sampled(whole);
  const { panels: shown, sampling } = await whole.evaluate(() => window.guidancePlayground.state() as State);
  expect(shown.map(({ choice }) => choice)).toEqual(['none', 'classifier-free', 'ht-1.10']);
  expect(sampling).toMatchObject({ particles: 512, levels: { steps: 6 } });
  await whole.close();
  await post.close();
});

shared('a figure is put together while one looks at it: its controls, its width, its poster', async ({ page }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:6');
  await page.locator('summary', { hasText: 'Copy embed code' }).click();
  await page.getByRole('button', { name: 'Choose…' }).click();
  const dialog = page.getByRole('dialog', { name: 'A figure for a post' });
  const preview = dialog.locator('guidance-playground');
  await expect(preview.locator('gp-panel-results')).toHaveCount(3);
  await dialog.getByLabel('results', { exact: true }).uncheck();
  await dialog.getByLabel('what schemes do').check();
  await expect(preview.locator('gp-panel-results')).toHaveCount(0);
  await expect(preview.locator('gp-scheme-explanation')).toHaveCount(3);
  const code = dialog.getByLabel('Code');
  await expect(code).toHaveValue(/ show="captions" hide="results" home="/);
  await dialog.getByLabel('360').check();
  expect((await preview.boundingBox())!.width).toBeLessThan(360);
  expect(await violations(page)).toEqual([]);

  const [poster] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: 'Save a poster' }).click()]);
  expect(poster.suggestedFilename()).toBe('guidance-playground.png');
  await expect(code).toHaveValue(/ poster="guidance-playground.png"/);

  await dialog.getByLabel('a frame, for one that may not').check();
  await dialog.getByRole('button', { name: 'Copy the code' }).click();
  await expect(dialog.getByText('Copied.')).toBeVisible();
  const [, address] = /src="([^"]+)"/.exec(await page.evaluate(() => navigator.clipboard.readText()))!;
  const frame = await page.context().newPage();
  await frame.emulateMedia({ reducedMotion: 'reduce' });
  await frame.goto(address!.replaceAll('&amp;', '&'));
  await sampled(frame);
  await expect(frame.locator('gp-panel-results')).toHaveCount(0);
  await expect(frame.locator('gp-scheme-explanation')).toHaveCount(3);
  await frame.close();

  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

for (const [width, colorScheme] of [
  [800, 'light'],
  [390, 'dark'],
] as const) {
  test(`axe finds nothing in a frame ${width} wide, ${colorScheme}`, full, async ({ page }, info) => {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto(`./embed.html?engine=cpu#${small}&schemes=none,ht-1.10&lit=3`);
    await sampled(page);
    await page.screenshot({ path: info.outputPath(`frame-${width}.png`), fullPage: true });
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });
}

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('a frame has the poster and a sentence', async ({ page }) => {
    await page.goto('./embed.html#v=1&schemes=none,ht-1.10');
    await expect(page.getByRole('img', { name: 'Where particles end: No guidance' })).toBeVisible();
    await expect(page.locator('noscript p')).toContainText('JavaScript, which is off');
  });
});
