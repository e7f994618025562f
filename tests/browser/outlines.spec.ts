// The true outlines stand before the first particle moves.
import { expect, inkBySquare, panel, sampled, test } from './fixture.js';

test('outlines of both classes stand before the first particle moves', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.addInitScript(() => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    const Native = window.Worker;
    window.Worker = class extends Native {
      constructor(address: string | URL, options?: WorkerOptions) {
        super(address, options);
        this.addEventListener('message', ({ data }) => {
          if (data.type === 'advanced' || data.type === 'traced') heard.push(`${data.type}${data.done ? ' done' : ''}`);
        });
      }
    };
  });
  await page.goto('./?engine=cpu#v=1&particles=512&schemes=none&levels=~steps:4');
  await sampled(page);
  const heard = await page.evaluate(() => (window as unknown as { heard: string[] }).heard);
  const [outlined, moved] = ['traced done', 'advanced'].map((type) => heard.indexOf(type));
  expect(outlined).toBeGreaterThanOrEqual(0);
  expect(moved).toBeGreaterThan(outlined!);
  // Other data have theirs as soon.
  await page.evaluate(() => (window as unknown as { heard: string[] }).heard.splice(0));
  const before = await inkBySquare(page, 1, 400);
  await page.getByLabel('Data', { exact: true }).selectOption('Two moons');
  await sampled(page);
  const then = await page.evaluate(() => (window as unknown as { heard: string[] }).heard);
  expect(then.indexOf('advanced')).toBeGreaterThan(then.indexOf('traced done'));
  await expect.poll(() => inkBySquare(page, 1, 400)).not.toEqual(before);
  await expect(panel(page, 1).locator('.picture')).not.toHaveClass(/stale/);
});
