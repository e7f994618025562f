// Sweeps as a person makes them: run, watched, stopped, compared, loaded and saved.
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { digest, expect, measure, openAtEnd, panel, sampled, test, violations, weight, full, idle, shared } from './fixture.js';

const quick = '?engine=cpu#v=1&particles=512&levels=~steps:4';

const study = (page: Page): Locator => page.locator('gp-sweep-study');
const sweep = (page: Page, number: number): Locator => study(page).locator(`[data-sweep="${number}"]`);
const points = (page: Page, number: number): Locator => sweep(page, number).locator('tbody tr');
const dots = (page: Page, picture: string): Locator => study(page).locator(`[data-picture="${picture}"] [data-part="dot"] > *`);

async function open(page: Page, query = quick): Promise<void> {
  await openAtEnd(page, query);
  await study(page).getByText('Sweep', { exact: true }).click();
}

interface Wanted {
  scheme?: string;
  parameter?: string;
  from?: number;
  to?: number;
  points: number;
  second?: { parameter: string; from: number; to: number; points: number };
  seeds?: number;
  particles?: number;
}

async function run(page: Page, { scheme, parameter, from, to, points, second, seeds = 1, particles = 512 }: Wanted): Promise<void> {
  const form = study(page).locator('gp-sweep-form');
  if (scheme) await form.getByLabel('Scheme', { exact: true }).selectOption(scheme);
  if (parameter) await form.getByLabel('Parameter', { exact: true }).selectOption(parameter);
  if (from !== undefined) await form.getByLabel('From', { exact: true }).fill(String(from));
  if (to !== undefined) await form.getByLabel('To', { exact: true }).fill(String(to));
  await form.getByLabel('Points', { exact: true }).fill(String(points));
  await form.getByLabel('Seeds', { exact: true }).selectOption(String(seeds));
  await form.getByLabel('Particles', { exact: true }).selectOption(String(particles));
  if (second) {
    await form.getByLabel('Second parameter', { exact: true }).selectOption(second.parameter);
    await form.getByLabel('Second from', { exact: true }).fill(String(second.from));
    await form.getByLabel('Second to', { exact: true }).fill(String(second.to));
    await form.getByLabel('Second points', { exact: true }).fill(String(second.points));
  }
  await form.getByRole('button', { name: 'Run the sweep' }).click();
}

const ended = (page: Page, number: number) => expect(study(page).getByRole('button', { name: `Remove sweep ${number}` })).toBeVisible();

async function unfold(page: Page, number: number): Promise<void> {
  await sweep(page, number).getByText('Points', { exact: true }).click();
}

test('a sweep draws each metric, and its table has the panel’s own', async ({ page }) => {
  const chunks: string[] = [];
  page.on('request', (request) => chunks.push(request.url()));
  await open(page);
  expect(chunks.filter((url) => url.includes('sweep-plots'))).toEqual([]);
  await run(page, { from: 1, to: 5, points: 5 });
  await ended(page, 1);
  await expect(sweep(page, 1)).toContainText('Autoguidance');
  // Which weight the panel has says nothing of a sweep over it.
  await expect(sweep(page, 1).locator('strong')).not.toContainText('w = 3');
  await expect(sweep(page, 1)).toContainText('Guidance weight from 1 to 5, 5 points, one seed, 512 particles');
  for (const picture of ['outliers', 'logDensityGap', 'branchTotalVariation', 'slicedWasserstein'])
    await expect(dots(page, picture)).toHaveCount(5);
  // The sweep, and the three panels.
  await expect(dots(page, 'trade-off')).toHaveCount(8);
  expect(chunks.filter((url) => url.includes('sweep-plots'))).toHaveLength(1);

  await unfold(page, 1);
  await expect(points(page, 1)).toHaveCount(5);
  const third = points(page, 1).nth(2);
  await expect(third.locator('th')).toHaveText('3');
  await expect(third).toContainText(await measure(page, 3, 'outliers').innerText());
  await expect(third).toContainText(await measure(page, 3, 'slicedWasserstein').innerText());
  // w = 1 is no guidance.
  await expect(points(page, 1).first()).toContainText(await measure(page, 1, 'slicedWasserstein').innerText());
  await expect(study(page).locator('[data-said]')).toHaveText('The sweep of Autoguidance is done.');
});

shared('a point is loaded by the table’s button, and by a press on the picture', async ({ page }) => {
  await open(page);
  await run(page, { from: 2, to: 6, points: 3 });
  await ended(page, 1);
  await unfold(page, 1);
  await points(page, 1).nth(2).getByRole('button', { name: 'Load w = 6' }).press('Enter');
  await sampled(page, 4);
  await expect(weight(page, 4)).toHaveValue('6');
  await expect(panel(page, 4)).toContainText('512 particles');
  await expect(points(page, 1).nth(2)).toContainText(await measure(page, 4, 'outliers').innerText());

  await study(page).getByLabel('Load into').selectOption({ label: 'panel 1' });
  await dots(page, 'outliers').first().click();
  await expect(weight(page, 1)).toHaveValue('2');
  await sampled(page, 1);
  await expect(points(page, 1).first()).toContainText(await measure(page, 1, 'outliers').innerText());
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(weight(page, 1)).toHaveCount(0);
});

shared('a long sweep shows what it has, lets panels go first, and stops for good when told', async ({ page }) => {
  await open(page);
  await run(page, { points: 41, seeds: 5, particles: 4096 });
  const left = sweep(page, 1).locator('[data-left]');
  await expect(left).toHaveText(/^[1-9]\d* of 205 runs, about [\d.]+\s(s|min) left$/);
  await expect(dots(page, 'outliers').nth(2)).toBeVisible();

  const before = await digest(page, 2, 4);
  await weight(page, 2).press('ArrowRight');
  await sampled(page, 2);
  expect(await digest(page, 2, 4)).not.toBe(before);
  await expect(sweep(page, 1).getByRole('progressbar')).toBeVisible();

  await sweep(page, 1).getByRole('button', { name: 'Cancel' }).click();
  await ended(page, 1);
  const state = await sweep(page, 1).locator('[data-state]').innerText();
  expect(state).toMatch(/^stopped after [1-9]\d* of 205 runs$/);
  await unfold(page, 1);
  expect(await points(page, 1).count()).toBeGreaterThanOrEqual(3);
  await idle(page);
  await expect(sweep(page, 1).locator('[data-state]')).toHaveText(state);
});

shared('several seeds have a spread, several numbers their own curves, and all is saved', full, async ({ page }, info) => {
  await open(page);
  await run(page, { from: 1, to: 3, points: 3, seeds: 3 });
  await ended(page, 1);
  await run(page, { scheme: 'sigma-scaling', parameter: '/guide/sigmaScale', points: 3 });
  await ended(page, 2);
  await expect(dots(page, 'outliers')).toHaveCount(3);
  await study(page).getByLabel('Curves over').selectOption('/weight');
  await expect(study(page).locator('[data-picture="outliers"]')).toContainText('Guidance weight, w');
  await expect(dots(page, 'trade-off')).toHaveCount(9);
  await study(page).getByLabel('Up', { exact: true }).selectOption('branchTotalVariation');
  await expect(study(page).locator('[data-picture="trade-off"]')).toContainText('Branch imbalance');

  const [download] = await Promise.all([page.waitForEvent('download'), study(page).getByRole('button', { name: 'Save JSON' }).click()]);
  const { rows } = JSON.parse(await readFile(await download.path(), 'utf8'));
  expect(rows).toHaveLength(12);
  expect(rows.map(({ seed }: { seed: number }) => seed).filter((seed: number) => seed === 3)).toHaveLength(3);
  const third = rows.filter((row: { sweep: number; value: number }) => row.sweep === 1 && row.value === 3);
  const mean = third.reduce((sum: number, { outliers }: { outliers: number }) => sum + outliers, 0) / 3;
  await unfold(page, 1);
  await expect(points(page, 1).nth(2)).toContainText(`${(100 * mean).toFixed(1)}% ±`);

  // All pictures in one, which looks the same without the page.
  const [picture] = await Promise.all([page.waitForEvent('download'), study(page).getByRole('button', { name: 'Save SVG' }).click()]);
  const drawing = await readFile(await picture.path(), 'utf8');
  expect(drawing.match(/<svg/g)).toHaveLength(6);
  expect(drawing).not.toContain('stroke: var(');
  const alone = await page.context().newPage();
  await alone.setContent(`<img src="data:image/svg+xml,${encodeURIComponent(drawing)}" />`);
  await expect.poll(() => alone.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(800);
  await alone.screenshot({ path: info.outputPath('sweep.png'), fullPage: true });
  await alone.close();

  await study(page).getByRole('button', { name: 'Remove sweep 1' }).click();
  await expect(sweep(page, 1)).toHaveCount(0);
  await expect(dots(page, 'trade-off')).toHaveCount(6);
});

shared('two numbers give a map of a metric, whose cells are pointed at, loaded and saved', async ({ page }) => {
  await open(page);
  const cells = study(page).locator('[data-picture="map-1"] [data-part="rect"] > *');
  const rings = study(page).locator('[data-picture="map-1"] [data-part="dot"] > *');
  const second = { parameter: '/levels/steps', from: 2, to: 6, points: 2 };
  await run(page, { from: 1, to: 5, points: 3, second });
  await ended(page, 1);
  await expect(sweep(page, 1)).toContainText('Guidance weight from 1 to 5, 3 points, and Number of steps from 2 to 6, 2 points, one seed');
  await expect(cells).toHaveCount(6);
  // No curves, which would be over one number; both numbers' runs are among the panels.
  await expect(study(page).locator('.curves .picture')).toHaveCount(0);
  await expect(dots(page, 'trade-off')).toHaveCount(9);
  await unfold(page, 1);
  await expect(points(page, 1)).toHaveCount(6);

  // The darkest cell is that of the greatest metric, and rings are where the table's numbers are a perfect sampler's.
  const shares = await points(page, 1).evaluateAll((rows) => rows.map((row) => parseFloat(row.querySelector('td')!.innerText)));
  const opacities = await cells.evaluateAll((all) => all.map((cell) => Number(cell.getAttribute('fill-opacity'))));
  expect(opacities.indexOf(Math.max(...opacities))).toBe(shares.indexOf(Math.max(...shares)));
  expect(opacities.indexOf(Math.min(...opacities))).toBe(shares.indexOf(Math.min(...shares)));
  // Two steps are far off a perfect sampler, whatever is measured; a distance tells it.
  await study(page).getByLabel('Of', { exact: true }).selectOption('slicedWasserstein');
  await expect(study(page).locator('[data-picture="shading"]')).toContainText('Sliced W1');
  await expect.poll(() => rings.count()).toBeLessThan(6);

  const middle = cells.nth(3);
  await middle.hover();
  await expect(study(page).locator('.words')).toHaveText(/^w = 3, steps = 6: \d+\.\d+ ± \d/);
  await middle.click();
  await expect(study(page).locator('[data-loaded]')).toContainText('is in panel 4 now');
  await sampled(page, 4);
  await expect(weight(page, 4)).toHaveValue('3');
  await expect(points(page, 1).nth(3)).toContainText(await measure(page, 4, 'slicedWasserstein').innerText());

  const [download] = await Promise.all([page.waitForEvent('download'), study(page).getByRole('button', { name: 'Save JSON' }).click()]);
  const { rows } = JSON.parse(await readFile(await download.path(), 'utf8'));
  expect(rows).toHaveLength(6);
  expect(rows[3]).toMatchObject({ parameter: '/weight', value: 3, secondParameter: '/levels/steps', secondValue: 6 });
  expect(await violations(page)).toEqual([]);
});

shared('what cannot be swept is said: a range, a count, and values that make no sense beside others', async ({ page }) => {
  await open(page);
  const alert = study(page).getByRole('alert');
  await run(page, { from: 5, to: 2, points: 5 });
  await expect(alert).toHaveText('The range has to end above where it begins.');
  await run(page, { from: 0, to: 99, points: 5 });
  await expect(alert).toHaveText('The guidance weight must be between −10 and 50.');
  await run(page, { from: 0, to: 4, points: 99 });
  await expect(alert).toHaveText('There can be 2 to 41 points.');
  await run(page, { from: 0, to: 4, points: 30, second: { parameter: '/levels/steps', from: 2, to: 60, points: 30 } });
  await expect(alert).toHaveText('Together there can be at most 441 points.');
  await study(page).getByLabel('Second parameter', { exact: true }).selectOption('None');
  await expect(sweep(page, 1)).toHaveCount(0);

  // The interval's lower end beyond its upper one.
  await run(page, { scheme: 'li', parameter: '/interval/low', from: 0, to: 1, points: 3 });
  await ended(page, 1);
  await expect(sweep(page, 1)).toContainText('Left out: 0.5, 1.');
  await expect(dots(page, 'outliers')).toHaveCount(1);
});

for (const colorScheme of ['light', 'dark'] as const) {
  shared(`axe finds nothing in an open sweep, ${colorScheme}, wide and narrow`, colorScheme === 'light' ? {} : full, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await open(page);
    await run(page, { points: 3 });
    await ended(page, 1);
    await unfold(page, 1);
    await expect(dots(page, 'outliers')).toHaveCount(3);
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await expect.poll(() => study(page).evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
    expect(await violations(page)).toEqual([]);
  });
}
