// What was tried: kept, sorted, loaded again and saved.
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { choose, digest, expect, measure, openAtEnd, panel, sampled, violations, weight, full, shared as test } from './fixture.js';

const quick = '?engine=cpu#v=1&particles=512&levels=~steps:4';

const table = (page: Page): Locator => page.locator('gp-trials-table');
const rows = (page: Page): Locator => table(page).locator('[data-trial]');

async function open(page: Page): Promise<void> {
  await openAtEnd(page, quick);
  await table(page).getByText('Tried so far').click();
  await expect(rows(page)).toHaveCount(3);
}

const column = (page: Page, id: string): Promise<string[]> => rows(page).locator(`[data-column="${id}"]`).allInnerTexts();

async function save(page: Page, format: 'CSV' | 'JSON'): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    table(page)
      .getByRole('button', { name: `Save ${format}` })
      .click(),
  ]);
  expect(download.suggestedFilename()).toBe(`guidance-playground-trials.${format.toLowerCase()}`);
  return readFile(await download.path(), 'utf8');
}

test('every finished run stands there once, under its name, with the metrics of its panel', async ({ page }) => {
  await open(page);
  expect((await column(page, 'title')).sort()).toEqual(['Autoguidance, w = 3', 'Classifier-free guidance, w = 4', 'No guidance']);
  const row = rows(page).filter({ hasText: 'Autoguidance' });
  for (const id of ['outliers', 'logDensityGap', 'branchTotalVariation', 'slicedWasserstein']) {
    await expect(row.locator(`[data-column="${id}"]`)).toContainText(await measure(page, 3, id).innerText());
  }
  await expect(row.locator('[data-column="steps"]')).toHaveText('4');

  // One step of a slider, with previews on the way, is one row more; the way back none.
  await weight(page, 3).press('ArrowRight');
  await expect(rows(page)).toHaveCount(4);
  await expect(rows(page).first()).toContainText('Autoguidance, w = 3.1');
  await weight(page, 3).press('ArrowLeft');
  await sampled(page);
  await choose(page, 1, 'ht-cosine-4');
  await expect(rows(page)).toHaveCount(5);
  await expect(rows(page).first()).toContainText('Proposal, cosine, g = 4');
});

test('a scheme’s title tells what of it is otherwise', async ({ page }) => {
  const schemes = [
    { guide: { sigmaScale: 1.2, model: 'main-64-4096', condition: 'A' }, weight: 2.5, schedule: 'cosine', levels: { steps: 4, max: 8 } },
    { guide: {}, weight: 4, interval: { low: 0.02, high: 0.3 }, combination: { powerLaw: { power: 0.5 } }, solver: 'euler' },
    { solver: { churn: { churn: 20, min: 0.05, max: 5, noise: 1 } }, main: 'exact:A' },
  ];
  await openAtEnd(page, `?engine=cpu#v=1&particles=512&schemes=${encodeURIComponent(JSON.stringify(schemes))}`);
  await table(page).getByText('Tried so far').click();
  await table(page).getByRole('columnheader', { name: 'Scheme' }).getByRole('button').click();
  await expect(rows(page)).toHaveCount(3);
  expect(await column(page, 'title')).toEqual([
    'Autoguidance, w = 4, Power law α = 0.5, Euler (DDIM), σ 0.02 to 0.3, σ max = 8',
    'No guidance, main exact:A, Heun with churn churn = 20 smin = 0.05 smax = 5 snoise = 1, σ max = 8',
    'Sigma scaling, w = 2.5, k = 1.2, Cosine schedule, σ max = 8',
  ]);
});

test('any column sorts, by mouse and by keyboard', full, async ({ page }) => {
  await open(page);
  const head = (name: string) => table(page).getByRole('columnheader', { name, exact: true });
  await head('Outliers').getByRole('button').click();
  await expect(head('Outliers')).toHaveAttribute('aria-sort', 'ascending');
  const numbers = async () => (await column(page, 'outliers')).map(parseFloat);
  const ascending = (await numbers()).toSorted((a, b) => a - b);
  expect(await numbers()).toEqual(ascending);
  await head('Outliers').getByRole('button').press('Enter');
  await expect(head('Outliers')).toHaveAttribute('aria-sort', 'descending');
  expect(await numbers()).toEqual(ascending.toReversed());
  await head('Scheme').getByRole('button').press('Space');
  await expect(head('Outliers')).not.toHaveAttribute('aria-sort');
  expect(await column(page, 'title')).toEqual(['Autoguidance, w = 3', 'Classifier-free guidance, w = 4', 'No guidance']);
});

test('a trial is loaded with its noise, into a new panel or in place of another', async ({ page }) => {
  await open(page);
  const before = await digest(page, 2, 4);
  await page.getByLabel('Seed', { exact: true }).fill('7');
  await page.getByLabel('Seed', { exact: true }).press('Enter');
  await expect(rows(page)).toHaveCount(6);
  const load = () => table(page).getByRole('button', { name: 'Load Classifier-free guidance, w = 4, seed 1' }).click();
  await load();
  await sampled(page, 4);
  expect(await digest(page, 4, 4)).toBe(before);
  await expect(page.getByLabel('Seed', { exact: true })).toHaveValue('1');
  await expect(table(page).getByRole('status')).toHaveText('Classifier-free guidance, w = 4 is in panel 4 now.');

  await table(page).getByLabel('Load into').selectOption({ label: 'panel 1' });
  await load();
  await expect.poll(() => digest(page, 1, 4)).toBe(before);
  await expect(panel(page, 5)).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo', exact: true }).first().click();
  await expect.poll(() => digest(page, 1, 4)).not.toBe(before);
});

test('files hold every metric, and all that is needed to run it again', async ({ page }) => {
  await open(page);
  const { program, version, rows: saved } = JSON.parse(await save(page, 'JSON'));
  expect(program).toBe('guidance-playground');
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(saved).toHaveLength(3);
  const guided = saved.find(({ choice }: { choice: string }) => choice === 'autoguidance');
  expect(guided).toMatchObject({ seed: 1, particles: 512, steps: 4, engine: 'cpu', evaluationsPerParticle: 14 });
  expect(guided.milliseconds).toBeGreaterThan(0);
  // Outliers are a share of the particles.
  expect(guided.outliers * 512).toBeCloseTo(Math.round(guided.outliers * 512), 6);
  await expect(measure(page, 3, 'outliers')).toHaveText(`${(100 * guided.outliers).toFixed(1)}%`);

  const [head, ...lines] = (await save(page, 'CSV')).trimEnd().split('\r\n');
  expect(head).toMatch(/^number,title,choice,engine,distribution,seed,particles,lost,steps,outliers,outliers\.standardError,/);
  expect(lines).toHaveLength(3);
  expect(lines.join()).toContain(`${guided.outliers},`);
  expect(lines.join()).toContain('"Autoguidance, w = 3"');

  // A saved scheme is what the address takes.
  const before = await digest(page, 3, 4);
  await openAtEnd(page, `?engine=cpu#v=1&particles=512&schemes=${encodeURIComponent(JSON.stringify([guided.scheme]))}`);
  expect(await digest(page, 1, 4)).toBe(before);
});

test('clearing can be undone, and says what will come', async ({ page }) => {
  await open(page);
  await table(page).getByRole('button', { name: 'Clear' }).click();
  await expect(rows(page)).toHaveCount(0);
  await expect(table(page)).toContainText('Every finished run of a panel will stand here');
  expect(await violations(page)).toEqual([]);
  await choose(page, 1, 'sigma-scaling');
  await expect(rows(page)).toHaveCount(1);
  await table(page).getByRole('button', { name: 'Undo' }).click();
  await expect(rows(page)).toHaveCount(4);
  await expect(table(page).getByRole('button', { name: 'Undo' })).toHaveCount(0);
});

test('one scheme with further seeds: their mean and spread are those of single runs', full, async ({ page }) => {
  await open(page);
  await expect(panel(page, 3).locator('[data-seeds]')).toHaveCount(0);
  await panel(page, 3).getByRole('button', { name: '5 seeds' }).click();
  const spread = panel(page, 3).locator('[data-seeds="outliers"] .here');
  await expect(spread).toHaveText(/\d+\.\d% ± \d+\.\d%/);
  const shown = await spread.innerText();

  for (const seed of [2, 3, 4, 5]) {
    await page.getByLabel('Seed', { exact: true }).fill(String(seed));
    await page.getByLabel('Seed', { exact: true }).press('Enter');
    await expect(rows(page)).toHaveCount(3 * seed);
  }
  const { rows: saved } = JSON.parse(await save(page, 'JSON'));
  const values: number[] = saved
    .filter(({ choice }: { choice: string }) => choice === 'autoguidance')
    .map(({ outliers }: { outliers: number }) => outliers);
  expect(values).toHaveLength(5);
  const mean = values.reduce((sum, value) => sum + value, 0) / 5;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 4);
  expect(shown).toBe(`${(100 * mean).toFixed(1)}% ± ${(100 * deviation).toFixed(1)}%`);

  // With the first noise the spread is there again; another scheme has none yet.
  await page.getByLabel('Seed', { exact: true }).fill('1');
  await page.getByLabel('Seed', { exact: true }).press('Enter');
  await expect(spread).toHaveText(shown);
  await weight(page, 3).press('ArrowRight');
  await sampled(page);
  await expect(panel(page, 3).locator('[data-seeds]')).toHaveCount(0);
});

test('metrics say whether chance explains them, and what they mean', async ({ page }) => {
  // The exact score by many steps is a perfect sampler, so far as anyone can tell.
  await openAtEnd(page, '?engine=cpu#v=1&particles=1024&schemes=none~main:exact:A,classifier-free');
  await expect(panel(page, 1).locator('[data-measure="outliers"] [data-standing]')).toHaveAttribute('data-standing', 'within');
  const guided = panel(page, 2).locator('[data-measure="outliers"]');
  await expect(guided.locator('[data-standing]')).toHaveText(/>\s*above/);
  const term = guided.getByRole('button', { name: 'Outliers' });
  const meaning = guided.getByRole('tooltip');
  await expect(meaning).toBeHidden();
  await term.focus();
  await expect(meaning).toContainText('outside the region of highest density that holds 99% of class A');
  await expect(term).toHaveAccessibleDescription(/outside the region/);
  await term.press('Escape');
  await expect(meaning).toBeHidden();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the open table, ${colorScheme}, wide and narrow`, colorScheme === 'dark' ? {} : full, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await open(page);
    await panel(page, 1).getByRole('button', { name: '5 seeds' }).click();
    await expect(panel(page, 1).locator('[data-seeds="logDensityGap"]')).toBeVisible();
    expect(await violations(page)).toEqual([]);
    for (const width of [320, 390]) {
      await page.setViewportSize({ width, height: 844 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      const results = panel(page, 1).locator('gp-panel-results');
      await expect.poll(() => results.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
    }
    expect(await violations(page)).toEqual([]);
  });
}

test('branches are coloured by how often they are visited, with the same in words', async ({ page }) => {
  // With so many that chance leaves few branches out.
  await openAtEnd(page, '?engine=cpu#v=1&levels=~steps:16');
  const tree = (number: number) => panel(page, number).locator('gp-branch-coverage');
  await expect(tree(1)).toHaveCount(0);
  await page.getByLabel('Coverage of branches').check();
  const words = (number: number) => tree(number).getByRole('img', { name: /^Of 127 branches, \d+ gets? less than half/ });
  for (const number of [1, 2, 3]) {
    await expect(words(number)).toBeVisible();
    await expect(tree(number).locator('[data-visit]')).toHaveCount(127);
  }
  const count = (number: number, ...visits: number[]) =>
    tree(number)
      .locator(visits.map((visit) => `[data-visit="${visit}"]`).join())
      .count();
  // CFG leaves most branches; no guidance does not.
  expect(await count(2, -3, -2)).toBeGreaterThan(40);
  expect(await count(1, -3, -2)).toBeLessThan(20);
  expect(await count(1, 0)).toBeGreaterThan(90);
  await expect(words(2)).toHaveAccessibleName(new RegExp(`^Of 127 branches, ${await count(2, -3, -2)} get less`));
  expect(await violations(page)).toEqual([]);

  // Another scheme, another tree.
  await choose(page, 2, 'none');
  await sampled(page, 2);
  await expect.poll(() => count(2, 0)).toBe(await count(1, 0));
  await page.getByLabel('Coverage of branches').uncheck();
  await expect(tree(2)).toHaveCount(0);
});
