// What is fetched, and what it does to the page's one thread.
import type { PlaneState as State } from '../../www/plane/state/state.js';
import { choose, expect, openAtEnd, panel, sampled, small, test, weight, idle } from './fixture.js';

test('the opening view fetches its three networks and no others', async ({ page }) => {
  const networks: string[] = [];
  page.on('request', (request) => {
    const name = /([\w-]+?-[AB]+\d+-\d{4})[^/]*\.weights/.exec(request.url())?.[1];
    if (name) networks.push(name);
  });
  await openAtEnd(page);
  expect(networks.sort()).toEqual(['guide-A32-0512', 'guide-AB32-0512', 'main-A64-4096']);
});

test('settings can be made before the sampler is there', async ({ page }) => {
  let deliver = () => {};
  const wanted = new Promise<void>((resolve) => (deliver = resolve));
  await page.route('**/*.wasm', async (route) => {
    await wanted;
    await route.continue();
  });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('./#v=1&particles=1024');
  await choose(page, 1, 'apg');
  const exact = panel(page, 3).getByRole('spinbutton', { name: 'Guidance weight' });
  await exact.fill('2');
  await exact.press('Enter');
  await expect(panel(page, 3).getByText('Loading the sampler')).toBeVisible();
  deliver();
  await sampled(page);
  await expect(panel(page, 1)).toContainText('1,024 particles, 126 model evaluations each');
  await expect(weight(page, 3)).toHaveValue('2');
});

test('a panel that is still being computed says so', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('./#v=1&particles=1024');
  await expect(panel(page, 3).getByRole('progressbar')).toBeVisible();
  await sampled(page);
  await expect(panel(page, 3).getByRole('progressbar')).toHaveCount(0);
});

test('nothing runs once nothing moves', async ({ page }) => {
  await openAtEnd(page);
  const frames = await page.evaluate(async () => {
    let asked = 0;
    const request = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (callback) => {
      asked++;
      return request(callback);
    };
    // Thirty frames of the test's own.
    for (let frame = 0; frame < 30; frame++) await new Promise(request);
    return asked;
  });
  expect(frames).toBe(0);
});

test('nothing plays out of sight', async ({ page }) => {
  await page.goto(`./?engine=cpu#${small}`);
  await page.getByLabel('Speed').selectOption('0.25');
  const position = () => page.evaluate(() => (window.guidancePlayground.state() as State).playback.position);
  await expect.poll(position).toBeGreaterThan(0);
  await page.locator('.page-footer').scrollIntoViewIfNeeded();
  await idle(page);
  const there = await position();
  await idle(page);
  expect(await position()).toBe(there);
  await page.evaluate(() => window.scrollTo(0, 0));
  await expect.poll(position).toBeGreaterThan(there);
});
