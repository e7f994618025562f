// The instrument in a frame of another page.
import type { State } from '../../www/state/state.js';
import { choose, expect, few, openAtEnd, sampled, test, violations } from './fixture.js';

test('the copied code shows the same state in a frame, tells its height, and leads back', async ({ page, context, baseURL }) => {
  await openAtEnd(page, '?engine=cpu');
  await few(page, 6);
  await choose(page, 3, 'ht-1.10');
  await sampled(page);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy embed code' }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  const code = await page.evaluate(() => navigator.clipboard.readText());
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
  const panels = frame.getByRole('region', { name: /^Panel \d$/ });
  await expect(panels).toHaveCount(3);
  for (const index of [0, 1, 2]) await expect(panels.nth(index).locator('.picture')).toHaveAttribute('aria-busy', 'false');
  await expect(panels.nth(2).getByRole('combobox', { name: 'Scheme of' })).toHaveValue('ht-1.10');
  // The figure and its clock, and not the workshop.
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

for (const [width, colorScheme] of [
  [800, 'light'],
  [390, 'dark'],
] as const) {
  test(`axe finds nothing in a frame ${width} wide, ${colorScheme}`, async ({ page }, info) => {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.goto('./embed.html?engine=cpu#v=1&schemes=none,ht-1.10&lit=3');
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
