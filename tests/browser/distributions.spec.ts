// What the data are: the paper's tree, trees of other seeds, and shapes that no network knows.
import type { Locator, Page } from '@playwright/test';
import type { ModelName } from '../../www/scheme/scheme.js';
import { choose, expect, measure, openAtEnd, panel, sampled, small, test, full, shared } from './fixture.js';
import { instruments, likerThan, openSeveral, sampledIn, type PlaneInstrument } from './several.js';

const data = (page: Page): Locator => page.getByLabel('Data', { exact: true });
const tree = (page: Page): Locator => page.getByRole('spinbutton', { name: 'Number of the tree' });
const state = (page: Page) => page.evaluate(() => window.guidancePlayground.state());
const exact = { model: 'exact', condition: 'A' };
const textOf = ({ model, condition }: ModelName) => `${model}:${condition}`;
const models = async (page: Page) =>
  (await state(page)).panels.map(({ scheme: { main, guide } }) => [textOf(main), guide && `${textOf(guide)} x ${guide.sigmaScale}`]);

test('other data have exact models, their own metrics and coverage; a link brings them back, and undo the networks', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=1024&levels=~steps:16&coverage=1');
  const before = await models(page);
  await expect(page.getByRole('img', { name: /^Of 127 branches/ }).first()).toBeAttached();
  await data(page).selectOption('Two moons');
  await sampled(page);
  expect(await models(page)).toEqual([
    ['exact:A', null],
    ['exact:A', 'exact:AB x 1'],
    ['exact:A', 'exact:A x 1.1'],
  ]);
  // Without a network's faults, what is sampled without guidance is a perfect sample.
  const outliers = Number.parseFloat(await measure(page, 1, 'outliers').innerText());
  expect(outliers).toBeGreaterThan(0.3);
  expect(outliers).toBeLessThan(2);
  expect(Number.parseFloat(await measure(page, 2, 'branchTotalVariation').innerText())).toBeGreaterThan(15);
  await expect(panel(page, 3).getByRole('combobox', { name: 'Scheme of' })).toHaveValue('sigma-scaling');
  await expect(page.getByRole('img', { name: /^Of 127 branches/ })).toHaveCount(0);
  await expect(page.getByRole('img', { name: /^Of \d{1,2} branches/ }).first()).toBeAttached();
  // Nobody can choose what does not know the data.
  await expect(panel(page, 1).getByRole('combobox', { name: 'Main model' }).locator('option')).toHaveText([
    'exact:A',
    'exact:B',
    'exact:AB',
  ]);

  await expect(page).toHaveURL(/distribution=two-moons/);
  expect(page.url()).not.toContain('schemes=');
  const shown = await state(page);
  await page.reload();
  await sampled(page);
  expect((await state(page)).panels).toEqual(shown.panels);
  await data(page).selectOption('Fractal tree');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(data(page)).toHaveValue('two-moons');

  await page.goto('about:blank');
  await page.goto(`./?engine=cpu#${small}`);
  await sampled(page);
  await data(page).selectOption('Checkerboard');
  await page.getByRole('button', { name: 'Undo' }).click();
  expect(await models(page)).toEqual(before);
  await sampled(page);
});

for (const [name, sentence] of [
  ['drawing-EEAA', /A drawing must be of both classes/],
  ['points-1~0~0~GAACAC', /The name of the points must be that of at most 2032 whole Gaussians/],
] as const) {
  test(`data of one’s own that are none are refused, and others can be chosen: ${name}`, async ({ page }) => {
    await page.goto(`./?engine=cpu#${small}&distribution=${name}`);
    for (const number of [1, 2, 3]) await expect(panel(page, number)).toContainText(sentence);
    // Nor does the board break by them.
    await page.getByRole('button', { name: 'Draw', exact: true }).click();
    await expect(page.locator('gp-drawing-board')).toContainText('These data cannot be drawn');
    await page.locator('gp-drawing-board').getByRole('button', { name: 'Done' }).click();
    await data(page).selectOption('Two moons');
    await sampled(page);
    await expect(panel(page, 1)).not.toContainText(sentence);
  });
}

shared('a tree grows from any number, and papers’ settings are read for it', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:8&coverage=1');
  await tree(page).fill('7');
  await tree(page).press('Enter');
  await sampled(page);
  await expect(page).toHaveURL(/distribution=tree-7/);
  await expect(page.getByRole('img', { name: /^Of 127 branches/ }).first()).toBeAttached();
  await choose(page, 1, 'ht-1.10');
  await choose(page, 2, 'heavy-tail-network');
  await sampled(page);
  const { panels } = await state(page);
  expect(panels[0]).toMatchObject({ choice: 'ht-1.10', scheme: { main: exact, guide: { ...exact, sigmaScale: 1.1 } } });
  expect(panels[1]).toMatchObject({ scheme: { guide: { ...exact, noise: { studentT: { degreesOfFreedom: 4 } } } } });
  await tree(page).fill('-3');
  await tree(page).press('Enter');
  await expect(tree(page)).toHaveValue('7');
  // A link with no more in it than a person would write.
  await page.goto('./?engine=cpu#v=1&distribution=two-rings&schemes=classifier-free~weight:2,tsg');
  await expect(page.locator('[data-notice]')).toContainText('there is no scheme named “tsg”');
  await page.goto('./?engine=cpu#v=1&distribution=pretzel');
  await expect(page.locator('[data-notice]')).toContainText('two-moons');
  await expect(data(page)).toHaveValue('tree-2');
});

shared('what was tried says what the data were, and brings them back', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:8&schemes=none');
  await data(page).selectOption('Two rings');
  await sampled(page);
  await page.locator('gp-trials-table summary').click();
  const rows = page.locator('gp-trials-table tbody tr');
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(0).locator('[data-column=data]')).toHaveText('Two rings');
  await expect(rows.nth(1).locator('[data-column=data]')).toHaveText('Fractal tree');
  await rows.nth(1).getByRole('button', { name: 'Load' }).click();
  await sampled(page);
  await expect(data(page)).toHaveValue('tree-2');
});

test('two embeds with other data have their own outlines, metrics and forces', full, async ({ page }) => {
  await page.setViewportSize({ width: 1400, height: 1700 });
  await openSeveral(page, 2, { attributes: 'engine="cpu" schemes="none" particles="512" step="0" follow="false" view="0.3,0.3,1.2"' });
  const [one, other] = [instruments(page).first(), instruments(page).nth(1)];
  for (const each of [one, other]) await sampledIn(each);
  await page
    .locator('guidance-playground')
    .nth(1)
    .evaluate((element) => element.setAttribute('distribution', 'two-moons'));
  await expect.poll(() => other.evaluate((element: PlaneInstrument) => element.currentState.sampling.distribution)).toBe('two-moons');
  await sampledIn(other);
  await page
    .locator('section')
    .first()
    .evaluate((section) => section.setAttribute('aria-label', 'Panel 2'));
  const [tree, moons] = ['tree-2', 'two-moons'] as const;
  await expect.poll(() => likerThan(tree, moons, one, page, 2), { timeout: 30_000 }).toBeGreaterThan(3);
  await expect.poll(() => likerThan(moons, tree, other, page, 1), { timeout: 30_000 }).toBeGreaterThan(1.5);
  const explained = await other.evaluate(async (element: PlaneInstrument) => {
    const { panels, sampling } = element.currentState;
    const config = {
      scheme: { ...panels[0]!.scheme, levels: sampling.levels },
      particles: 1,
      seed: 1,
      distribution: sampling.distribution,
    };
    const ask = async (distribution: string) => [
      ...(await element.engine!.ask({ type: 'explain', config: { ...config, distribution }, step: 20, points: Float32Array.of(0.4, 0.5) }))
        .values,
    ];
    return [await ask('two-moons'), await ask('tree-2'), await ask('two-moons')];
  });
  // Exact: the main model is the data.
  expect(explained[0]![0]).toBeCloseTo(explained[0]![8]!, 5);
  expect(explained[2]).toEqual(explained[0]);
  expect(Math.abs(explained[1]![0]! - explained[0]![0]!)).toBeGreaterThan(0.01);
});
