// The state in the page's address: written as it changes, read back to the bit, and never broken by what stands there.
import type { Page } from '@playwright/test';
import type { PlaneState as State } from '../../www/plane/state/state.js';
import { choose, digests, expect, few, more, panel, sampled, scrubTo, test } from './fixture.js';

const steps = 6;
const state = (page: Page) => page.evaluate(() => window.guidancePlayground.state() as State);

/** What an address has of a state. */
function kept({ panels, sampling, playback, look, linked }: State) {
  const { tool: _, ...shown } = look;
  return {
    panels: panels.map(({ choice, scheme }) => ({ choice, scheme: { ...scheme, levels: null } })),
    sampling,
    position: playback.position,
    look: shown,
    linked,
  };
}

test('what is set stands in the address, and comes back from it to the bit', async ({ page, context }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('./?engine=cpu');
  await expect(panel(page, 1)).toBeVisible();
  expect(new URL(page.url()).hash).toBe('');
  await few(page, steps);
  await choose(page, 1, 'ht-cosine-6');
  const exact = panel(page, 3).getByRole('spinbutton', { name: 'Guidance weight' });
  await exact.fill('2.25');
  await exact.press('Enter');
  await (await more(page, 3)).getByLabel('Schedule of the weight').selectOption('curve');
  await (await more(page, 3)).getByLabel('Guide only at some noise levels').check();
  await page
    .getByLabel('Spacing')
    .or(page.getByText('Noise levels', { exact: true }))
    .first()
    .click();
  await page.getByLabel('Spacing').selectOption('logLinear');
  await page.getByRole('spinbutton', { name: 'Seed' }).fill('77');
  await page.getByRole('spinbutton', { name: 'Seed' }).press('Enter');
  await page.getByRole('button', { name: 'Close-up' }).click();
  await page.getByLabel('Coverage of branches').check();
  await page.getByRole('spinbutton', { name: 'Light number' }).fill('5');
  await page.getByRole('spinbutton', { name: 'Light number' }).press('Enter');
  await scrubTo(page, 4);
  await sampled(page);
  await expect
    .poll(() => new URL(page.url()).hash)
    .toMatch(/^#v=1&schemes=ht-cosine-6,classifier-free,autoguidance~weight:2\.25~.*&step=4$/);

  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(page.url());

  const [before, ends] = [await state(page), await digests(page, steps)];
  const other = await context.newPage();
  await other.emulateMedia({ reducedMotion: 'reduce' });
  await other.goto(copied);
  await sampled(other);
  expect(kept(await state(other))).toEqual(kept(before));
  expect(await digests(other, steps)).toEqual(ends);

  // Another address in the same page, as by the way back: taken over, and to be undone.
  await other.evaluate(() => (location.hash = '#v=1&schemes=none,apg&seed=3'));
  await expect(other.getByRole('region', { name: /^Panel \d$/ })).toHaveCount(2);
  expect((await state(other)).sampling.seed).toBe(3);
  await other.getByRole('button', { name: 'Undo' }).click();
  await expect(other.getByRole('region', { name: /^Panel \d$/ })).toHaveCount(3);
  await other.close();

  await page.getByRole('button', { name: 'Reset' }).click();
  await page.getByLabel('Particles', { exact: true }).selectOption('4096');
  await expect.poll(() => new URL(page.url()).hash).toBe('');
});

test('an address that is half nonsense shows the other half, and says what it left out', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('./?engine=cpu#v=1&schemes=none,nobody&particles=512&seed=-3&field=temperature&colour=red');
  await sampled(page);
  const status = page.locator('gp-engine-status');
  await expect(status).toContainText('there is no scheme named “nobody”');
  await expect(status).toContainText('the seed has to be a whole number from 0 to');
  await expect(status).toContainText('it can be main-score, guide-score');
  await expect(status).toContainText('what this page does not know: colour');
  const { sampling, look } = await state(page);
  expect(sampling).toMatchObject({ particles: 512, seed: 1 });
  expect(look.field).toBeNull();
  await page.goto('about:blank');
  await page.goto('./?engine=cpu#v=9&seed=4');
  await expect(status).toContainText('another version of this page (9)');
});
