// The demo post: embeds in a page that is not the playground's.
import type { Page } from '@playwright/test';
import { expect, test, violations, full } from './fixture.js';
import { policy } from './host.js';
import { instruments, sampledIn } from './several.js';

const embeds = (page: Page) => page.locator('guidance-playground');

/** Serves the post with few particles: three times as many panels as the page's would take their time. */
async function servePost(page: Page, headers: Record<string, string> = {}): Promise<void> {
  await page.route('**/post.html', async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replaceAll('<guidance-playground', '<guidance-playground particles="512"');
    await route.fulfill({ response, headers: { ...response.headers(), ...headers }, body });
  });
}

/** Nothing for axe, nothing that moves sideways; of a row that is moved sideways, the first panel is seen first. */
async function expectFits(page: Page, width: number): Promise<void> {
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  const first = embeds(page).first().locator('.picture').first();
  expect((await first.boundingBox())!.x).toBeGreaterThanOrEqual(0);
}

/** Reads the post to its end, and waits for each embed. */
async function read(page: Page): Promise<void> {
  await page.goto('./post.html');
  for (const embed of await embeds(page).all()) {
    await embed.scrollIntoViewIfNeeded();
    await sampledIn(embed.locator('gp-instrument'));
  }
}

test('five embeds become live as the post is read, under a strict policy', async ({ page }) => {
  await servePost(page, { 'content-security-policy': policy });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.setViewportSize({ width: 1200, height: 300 });
  await page.goto('./post.html');
  await expect(embeds(page)).toHaveCount(5);
  // All are well below: of the playground only the element is there, and its few kB.
  await page.waitForLoadState('networkidle');
  await expect(instruments(page)).toHaveCount(0);
  expect(requests.filter((url) => /\.wasm|\.weights|worker|instrument/.test(url))).toEqual([]);

  await page.setViewportSize({ width: 1200, height: 900 });
  await read(page);
  await expect(instruments(page)).toHaveCount(5);
  const panels = await embeds(page).evaluateAll((all) =>
    all.map((each) => each.shadowRoot!.querySelector('gp-instrument')!.currentState.panels.length),
  );
  expect(panels).toEqual([3, 1, 3, 2, 3]);

  // The second has its weight, and nothing else to set.
  const second = embeds(page).nth(1);
  await expect(second.getByRole('combobox')).toHaveCount(0);
  await expect(second.getByRole('slider')).toHaveCount(1);
  const outliers = () =>
    second.evaluate(async (embed: HTMLElementTagNameMap['guidance-playground']) => (await embed.metrics())[0]!.outliers.value);
  const before = await outliers();
  await second.getByRole('spinbutton', { name: 'Guidance weight' }).fill('1');
  await second.getByRole('spinbutton', { name: 'Guidance weight' }).press('Enter');
  await expect.poll(outliers).toBeGreaterThan(before);
  // The fourth stands at its noise level, with its field and its line.
  const { playback, look } = (await embeds(page)
    .nth(3)
    .evaluate((embed: HTMLElementTagNameMap['guidance-playground']) => embed.settings))!;
  expect(playback.position).toBeLessThan(32);
  expect(look).toMatchObject({ field: 'ratio', cut: { from: [-0.6, -0.6], to: [1, 1] } });

  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'dark' });
  await page.setViewportSize({ width: 390, height: 900 });
  await expectFits(page, 390);
});

test('nothing of the post gets into its embeds, nor of them into it', full, async ({ page }) => {
  await servePost(page);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await read(page);
  const style = (selector: string, property: string) =>
    embeds(page)
      .nth(1)
      .locator(selector)
      .first()
      .evaluate((element, property) => getComputedStyle(element).getPropertyValue(property), property);
  // Its root has 10 pixels, its text is set in a serif, and its titles are italic.
  expect(await style('.title', 'font-size')).toBe('18px');
  expect(await style('.title', 'font-style')).toBe('normal');
  expect(await style('.title', 'font-family')).toMatch(/^system-ui/);
  expect(await style('.title', 'letter-spacing')).toBe('-0.18px');
  const paragraph = page.locator('article > p').nth(1);
  expect(await paragraph.evaluate((element) => getComputedStyle(element).fontSize)).toBe('19px');
  expect(await page.evaluate(() => document.adoptedStyleSheets.length + document.querySelectorAll('style').length)).toBe(0);
});

test('embeds follow a page that turns dark by a class', full, async ({ page }) => {
  await servePost(page);
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
  await read(page);
  const scheme = () => instruments(page).evaluateAll((all) => all.map((each) => getComputedStyle(each).colorScheme));
  expect(await scheme()).toEqual(Array(5).fill('light'));
  await page.getByRole('button', { name: 'Dark', exact: true }).click();
  await expect.poll(scheme).toEqual(Array(5).fill('dark'));
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(
    await instruments(page)
      .first()
      .evaluate((each) => each.style.getPropertyValue('--ground')),
  ).toBe(ground);
  await page.getByRole('button', { name: 'Light', exact: true }).click();
  await expect.poll(scheme).toEqual(Array(5).fill('light'));
});

for (const [width, colorScheme] of [
  [1200, 'light'],
  [390, 'dark'],
] as const) {
  test(`axe finds nothing in the post ${width} wide, ${colorScheme}, and it does not move sideways`, full, async ({ page }, info) => {
    await servePost(page);
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await read(page);
    await expectFits(page, width);
    await page.screenshot({ path: info.outputPath(`post-${width}.png`), fullPage: true });
  });
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('text, captions and a link in place of each embed stay', async ({ page }) => {
    await page.goto('./post.html');
    await expect(page.getByRole('heading', { name: 'Seeing guidance' })).toBeVisible();
    for (const caption of await page.locator('figcaption').all()) await expect(caption).toBeVisible();
    const links = page.getByRole('link', { name: 'The figure, in the Guidance Playground' });
    await expect(links).toHaveCount(5);
    for (const link of await links.all()) {
      await expect(link).toBeVisible();
      expect(await link.getAttribute('href')).toMatch(/^\.\/#v=1&(schemes|preset)=/);
    }
    await expect(page.locator('header button')).toBeHidden();
  });
});
