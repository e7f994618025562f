// Pictures from a prompt, as a person uses them.
import type { Page } from '@playwright/test';
import type { ImagesState } from '../../www/images/state/state.js';
import { choose, expect, more, panel, sampled, scrubTo, scrubber, test, violations } from './fixture.js';

/** Few pictures and steps: those of the opening view take ten times as long. */
const small = 'v=1&lab=images&pictures=4&levels=~steps:4';

const state = (page: Page) => page.evaluate(() => window.guidancePlayground.state() as unknown as ImagesState);
const prompt = (page: Page) => page.getByRole('combobox', { name: 'Prompt', exact: true });
const grid = (page: Page, number: number) => panel(page, number).locator('gp-picture-grid');
const pictures = (page: Page, number: number) => grid(page, number).getByRole('group', { name: /^Pictures of/ });

async function open(page: Page, more = ''): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`./?engine=cpu#${small}${more}`);
  await sampled(page);
}

/** A panel's pixels, as a text that is the same for the same. */
function drawn(page: Page, number: number): Promise<string> {
  return grid(page, number)
    .locator('canvas')
    .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
}

/** Points at a picture of a grid of two columns. */
async function point(page: Page, number: number, picture: number): Promise<void> {
  const { width, height } = (await pictures(page, number).boundingBox())!;
  const place = { x: width * (0.25 + 0.5 * (picture % 2)), y: height * (0.25 + 0.5 * Math.floor(picture / 2)) };
  await pictures(page, number).hover({ position: place });
}

test('a switch leads to pictures and back, each as it was left, and a link keeps which', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('./?engine=cpu#v=1&particles=512&levels=~steps:8&seed=5');
  await sampled(page);
  await page.getByRole('radio', { name: 'Images' }).check();
  await expect(prompt(page)).toHaveValue('an astronaut riding a horse');
  await sampled(page);
  expect(new URL(page.url()).hash).toBe('#v=1&lab=images');
  await expect(page.locator('.lede:visible')).toContainText('pictures from a prompt');
  await expect(page.getByText('Perfect samples of “astronaut riding horse”')).toBeVisible();
  for (const number of [1, 2, 3])
    await expect(panel(page, number).locator('[data-measure="subjectRight"] .value')).toHaveText(/^\d+\.\d%$/);
  // Those that no prompt of riders says anything about have no figure.
  await prompt(page).fill('noto');
  await prompt(page).press('Enter');
  await sampled(page);
  await expect(panel(page, 2).locator('[data-measure="subjectRight"] .here')).toHaveText('–');

  await page.getByRole('radio', { name: 'Plane' }).check();
  await sampled(page);
  await expect(page.getByLabel('Seed', { exact: true })).toHaveValue('5');
  await page.goBack();
  await expect(prompt(page)).toHaveValue('noto');
  await page.reload();
  await expect(prompt(page)).toHaveValue('noto');
  await expect(page.getByRole('radio', { name: 'Images' })).toBeChecked();
});

test('what was set comes back after the text has led to the other lab', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('./?engine=cpu#v=1&particles=512&levels=~steps:8&seed=5');
  await sampled(page);
  await page.evaluate(() => (location.hash = 'v=1&lab=images&pictures=4&levels=~steps:4&preset=canonical'));
  await expect(prompt(page)).toHaveValue('a rocket');
  await page.getByRole('radio', { name: 'Plane' }).check();
  await expect(page.getByLabel('Seed', { exact: true })).toHaveValue('5');
});

test('what is typed is drawn, what is not known is named, and nothing of it is ever HTML', async ({ page }) => {
  await open(page);
  const before = await drawn(page, 1);
  await prompt(page).fill('a twemoji rocket on a night background');
  await prompt(page).press('Enter');
  await sampled(page);
  expect(await drawn(page, 1)).not.toBe(before);
  expect((await state(page)).sampling.prompt).toBe('a twemoji rocket on a night background');
  await expect(page.locator('gp-prompt-field [data-part="style"] select').first()).toHaveValue('twemoji');
  await page.getByRole('combobox', { name: 'Style' }).first().selectOption('noto');
  await expect(prompt(page)).toHaveValue('noto rocket on a night background');

  await page.goto(`./?engine=cpu#${small}&prompt=${encodeURIComponent('rokket <img src=x onerror=alert(1)> \u202etac')}`);
  await sampled(page);
  await expect(page.getByText('is not known, and is left out').first()).toBeVisible();
  await page.getByRole('button', { name: 'rocket in place of rokket' }).click();
  await expect(prompt(page)).toHaveValue(/^rocket /);
  expect(await page.locator('img[src="x"]').count()).toBe(0);

  // What there is not, says so, and nothing is broken by it.
  await prompt(page).fill('a cat and a dog');
  await prompt(page).press('Enter');
  await expect(panel(page, 1).getByRole('alert')).toContainText('about one concept');
  await page.getByRole('button', { name: 'a rocket', exact: true }).click();
  await sampled(page);
  await expect(panel(page, 1).getByRole('alert')).toHaveCount(0);
});

test('one picture is lit in every panel, read, and followed from its noise', async ({ page }) => {
  await open(page, '&prompt=a+rocket'.replace('+', '%20'));
  await point(page, 2, 3);
  for (const number of [1, 2, 3]) {
    await expect(grid(page, number).locator('.lit')).toBeVisible();
    await expect(panel(page, number).locator('[data-reading]')).toHaveText(
      /^At the end read as \w+ rocket on a \w+ background, 0\.\d{3} away$/,
    );
  }
  await expect(pictures(page, 1)).toHaveAccessibleName(/picture 4: \w+ rocket/);
  await page.mouse.move(0, 0);
  await expect(grid(page, 1).locator('.lit')).toHaveCount(0);

  // By keys, and to stay.
  await pictures(page, 1).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  expect((await state(page)).linked).toEqual([1]);
  const strip = page.getByRole('group', { name: 'Steps of picture 2 in panel 2' });
  await expect(strip.getByRole('button')).toHaveCount(4);
  await strip.getByRole('button', { name: 'Step 2' }).click();
  await expect(scrubber(page)).toHaveAttribute('aria-valuenow', '2');
  await pictures(page, 1).focus();
  await page.keyboard.press('Escape');
  await expect(strip).toHaveCount(0);
});

test('the clock goes through the steps, of pictures and of what each model estimates', async ({ page }) => {
  await open(page);
  const end = await drawn(page, 2);
  await scrubTo(page, 1);
  const noisy = await drawn(page, 2);
  expect(noisy).not.toBe(end);
  const seen = new Set([noisy]);
  for (const name of ['D main', 'D guide', 'D guided']) {
    await page.getByRole('radio', { name, exact: true }).check();
    await expect.poll(() => drawn(page, 2)).not.toBe([...seen].at(-1));
    seen.add(await drawn(page, 2));
  }
  expect(seen.size).toBe(4);
  await scrubTo(page, 4);
  await page.getByRole('radio', { name: 'Picture', exact: true }).check();
  await expect.poll(() => drawn(page, 2)).toBe(end);
});

test('every part of a scheme can be set, negative prompts too, and a link brings it back', async ({ page }) => {
  await open(page, '&schemes=none,cfg4');
  const fields = await more(page, 2);
  const before = await drawn(page, 2);
  await fields.getByRole('button', { name: 'Add a negative prompt' }).click();
  const away = fields.getByRole('combobox', { name: 'Away from' });
  await away.fill('twemoji');
  await away.press('Enter');
  await sampled(page);
  expect(await drawn(page, 2)).not.toBe(before);
  const { scheme } = (await state(page)).panels[1]!;
  expect((scheme as unknown as { negatives: object[] }).negatives).toEqual([{ prompt: 'twemoji', weight: 1 }]);
  const led = await drawn(page, 2);
  await page.getByRole('button', { name: 'Reset' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await sampled(page);
  await expect.poll(() => new URL(page.url()).hash).toContain('twemoji');
  await page.reload();
  await sampled(page);
  expect(await drawn(page, 2)).toBe(led);
  // What is no scheme of pictures is not offered.
  const offered = await panel(page, 2).getByRole('combobox', { name: 'Scheme of' }).locator('option').allTextContents();
  expect(offered).toContain('CFG, w = 4, k = 1.4 rising as a cosine');
  await choose(page, 2, 'cfg4-k1.4-cosine');
  await sampled(page);
  await expect(panel(page, 2).getByRole('alert')).toHaveCount(0);
});

test('a weight is swept over, each run is kept among what was tried, and panels are set against the first', async ({ page }) => {
  await open(page, '&prompt=rocket&schemes=none,cfg4');
  const compared = panel(page, 2).locator('gp-paired-differences');
  await expect(compared.locator('summary')).toHaveText(/^\s*Beside panel 1: \S/);
  await compared.locator('summary').click();
  await expect(panel(page, 2).locator('[data-difference="distance"] td')).toHaveText(/^\s*[+−]0\.\d{4} ±\s+0\.\d{4}\s*$/);
  const study = page.locator('gp-sweep-study');
  await study.getByText('Sweep', { exact: true }).click();
  const form = study.locator('gp-sweep-form');
  await form.getByLabel('Points', { exact: true }).fill('3');
  await form.getByLabel('Seeds', { exact: true }).selectOption('1');
  await form.getByLabel('Pictures', { exact: true }).selectOption('4');
  await form.getByRole('button', { name: 'Run the sweep' }).click();
  await expect(study.getByRole('button', { name: 'Remove sweep 1' })).toBeVisible();
  for (const picture of ['effectiveStyles', 'distance', 'outside']) {
    await expect(study.locator(`[data-picture="${picture}"] [data-part="dot"] > *`)).toHaveCount(3);
  }
  // And over two numbers.
  await form.getByLabel('Second parameter', { exact: true }).selectOption('/levels/steps');
  await form.getByLabel('Second from', { exact: true }).fill('2');
  await form.getByLabel('Second to', { exact: true }).fill('4');
  await form.getByLabel('Second points', { exact: true }).fill('2');
  await form.getByRole('button', { name: 'Run the sweep' }).click();
  await expect(study.getByRole('button', { name: 'Remove sweep 2' })).toBeVisible();
  const cells = study.locator('[data-picture="map-2"] [data-part="rect"] > *');
  await expect(cells).toHaveCount(6);
  await cells.last().click();
  await expect(panel(page, 3)).toContainText('CFG');
  await sampled(page);
  await page.getByRole('button', { name: 'Undo' }).click();
  const tried = page.locator('gp-trials-table');
  await tried.getByText('Tried so far').click();
  await expect(tried.locator('tbody tr')).toHaveCount(3);
  await expect(tried.locator('tbody')).toContainText('CFG, w = 4');
});

test('shares of styles and backgrounds stand beside the true ones', async ({ page }) => {
  await open(page, '&shares=1&prompt=rocket');
  const table = panel(page, 1).locator('gp-picture-shares table').first();
  await expect(table.getByRole('row')).toHaveCount(5);
  const shares = await table.locator('td:last-child').allTextContents();
  expect(shares.reduce((sum, text) => sum + parseFloat(text), 0)).toBeCloseTo(100, 0);
});

test.describe('with failing requests', () => {
  test.use({ expectedErrors: /Failed to load resource/ });

  test('says what could not be fetched, and draws when it can be', async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.route('**/sprites*', (route) => route.fulfill({ status: 404 }));
    await page.goto(`./?engine=cpu#${small}`);
    await expect(page.getByRole('alert')).toContainText('The sprites that pictures are made of could not be loaded (HTTP status 404).');
    await page.unroute('**/sprites*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await sampled(page);
    await expect(panel(page, 1).locator('[data-measure="distance"] .value')).toHaveText(/^0\.\d+$/);
  });

  test('says which network could not be fetched, and draws what needs none', async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.route(/\/main-[\w-]{8}\.weights/, (route) => route.fulfill({ status: 404 }));
    await page.goto(`./?engine=cpu#${small}&schemes=none,none~main:exact`);
    await expect(panel(page, 1).getByRole('alert')).toContainText('The weights of main could not be fetched (HTTP status 404).');
    await sampled(page, 2);
    await expect(panel(page, 2).getByRole('alert')).toHaveCount(0);
  });
});

test.describe('with a worker that is lost in the middle', () => {
  test.use({ expectedErrors: /out of memory/ });

  test('says so, and draws all when it is tried again', async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.route('**/pool-worker-*.js', async (route) => {
      const response = await route.fetch();
      const lost = `let steps = 0;
addEventListener('message', ({ data }) => { if (data.type === 'advance' && ++steps === 3) throw new Error('out of memory'); });`;
      await route.fulfill({ response, body: `${await response.text()}\n${lost}` });
    });
    await page.goto(`./?engine=cpu#${small}`);
    const alert = page.getByRole('alert');
    await expect(alert).toContainText('The sampler could not be started, or stopped without a word.');
    await page.unroute('**/pool-worker-*.js');
    await alert.getByRole('button', { name: 'Try again' }).click();
    await sampled(page);
    await expect(alert).toHaveCount(0);
    await expect(panel(page, 3).locator('[data-measure="distance"] .value')).toHaveText(/^0\.\d+$/);
  });
});

for (const [scheme, width] of [
  ['light', 1400],
  ['dark', 390],
] as const) {
  test(`axe finds nothing, and nothing is wider than the window: ${scheme}, ${width}`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.goto(`./?engine=cpu#${small}&shares=1&lit=1`);
    await sampled(page);
    await more(page, 1);
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
}
