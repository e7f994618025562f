// Every scheme and every part of one can be chosen: the loops go over the core's own table, with few particles and steps.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import type { Variant } from '../../www/scheme/table.js';
import type { Scheme } from '../../www/scheme/scheme.js';
import type { PlaneState as State } from '../../www/plane/state/state.js';
import {
  choose,
  digest,
  digests,
  expect,
  measure,
  more,
  openAtEnd,
  panel,
  positions,
  sampled,
  scrubber,
  test,
  full,
  shared,
} from './fixture.js';

const steps = 6;
const file = (path: string) => new URL(`../../${path}`, import.meta.url);
const table = JSON.parse(readFileSync(file('www/plane/catalogue.json'), 'utf8')) as Record<string, Variant[]> &
  Record<'schemes' | 'presets', { id: string; scheme: Scheme }[]>;

async function open(page: Page): Promise<void> {
  await openAtEnd(page, `?engine=cpu#v=1&particles=512&levels=~steps:${steps}`);
}

/** Where the first panel's particles end, all of them somewhere; or the sentence by which the core refuses. */
async function outcome(page: Page): Promise<string> {
  await sampled(page, 1);
  const alert = panel(page, 1).getByRole('alert').locator('strong');
  if ((await alert.count()) > 0) return alert.innerText();
  const ends = await positions(page, 1, steps);
  expect(ends).toHaveLength(1024);
  expect(ends.every(Number.isFinite)).toBe(true);
  await expect(measure(page, 1, 'outliers')).toHaveText(/^\d+\.\d%$/);
  return (await digest(page, 1, steps))!;
}

shared('every kind of guide and every preset gives a result', async ({ page }) => {
  await open(page);
  const seen = new Map<string, string>();
  for (const { id } of [...table.schemes, ...table.presets]) {
    await test.step(id, async () => {
      await choose(page, 1, id);
      const result = await outcome(page);
      expect(result).toMatch(/^[0-9a-f]{64}$/);
      seen.set(id, result);
    });
  }
  // Each is another one, but for presets that are a kind's defaults, and a guide that is the main model itself.
  const ids = [...seen.keys()];
  const first = (id: string) => ids.find((other) => seen.get(other) === seen.get(id))!;
  expect(ids.filter((id) => first(id) !== id).map((id) => `${id} is ${first(id)}`)).toEqual([
    'ag-toy is autoguidance',
    'cfg-toy is classifier-free',
    'ht-1.00 is none',
    'ht-1.10 is sigma-scaling',
    'ht-student-4 is heavy-tail-student',
  ]);
});

shared('every variant of every part gives another result, or a reason', full, async ({ page }) => {
  await open(page);
  await choose(page, 1, 'sigma-scaling');
  const fields = await more(page, 1);
  const parts: Record<string, { rows: Variant[]; refused: Record<string, string> }> = {
    schedule: { rows: table['schedules']!, refused: {} },
    combination: {
      rows: table['combinations']!,
      refused: {
        cfgPlusPlus: 'The solver of CFG++ must be Euler',
        momentum: 'Momentum guidance must be used without a guide',
        feynmanKac: 'The models of Feynman-Kac correctors must be exact',
        feedbackExact: 'The models of this combination must be exact',
        negativeExact: 'The models of this combination must be exact',
      },
    },
    space: { rows: table['spaces']!, refused: {} },
    solver: { rows: table['solvers']!, refused: {} },
  };
  for (const [field, { rows, refused }] of Object.entries(parts)) {
    const results: string[] = [];
    const select = fields.locator(`[data-field="${field}"] select`);
    for (const { id, formula } of rows) {
      await test.step(`${field} ${id}`, async () => {
        await select.selectOption(id);
        const result = await outcome(page);
        if (refused[id]) expect(result).toContain(refused[id]);
        else results.push(result);
        expect(formula).not.toBe('');
      });
    }
    expect(new Set(results).size, field).toBe(rows.length - Object.keys(refused).length);
    expect(results.every((result) => /^[0-9a-f]{64}$/.test(result))).toBe(true);
    await select.selectOption(rows[0]!.id);
  }
  await fields.locator('[data-field="schedule"] select').selectOption('linear');
  const excess = await outcome(page);
  await fields.locator('[data-field="reading"] select').selectOption('raw');
  expect(await outcome(page)).not.toBe(excess);
  await fields.getByRole('button', { name: 'Back to Sigma scaling' }).click();
  expect(await outcome(page)).not.toBe(excess);
  await expect(fields.locator('summary')).toHaveText('More settings of panel 1');
});

shared('a refused combination says why, holds nobody up, and is forgiven', async ({ page }) => {
  await open(page);
  await choose(page, 2, 'cfg-plus-plus');
  await sampled(page);
  const before = await digests(page, steps);
  const solver = (await more(page, 2)).getByLabel('Solver');
  await solver.selectOption('heun');
  const alert = panel(page, 2).getByRole('alert');
  await expect(alert).toContainText(
    'The solver of CFG++ must be Euler (or one that ends with its step), whose step alone separates the estimate from the noise',
  );
  await expect(alert.getByRole('button')).toHaveCount(0);

  // The others go on, and the clock with them.
  await page.getByLabel('Seed').fill('2');
  await page.getByLabel('Seed').press('Enter');
  await sampled(page, 1, 3);
  const others = await digests(page, steps);
  expect(others[0]).not.toBe(before[0]);
  await page.getByRole('button', { name: 'Play' }).click();
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();

  await page.getByLabel('Seed').fill('1');
  await page.getByLabel('Seed').press('Enter');
  await solver.selectOption('euler');
  await expect(alert).toHaveCount(0);
  await expect.poll(() => digests(page, steps)).toEqual(before);
});

shared('a typed number may lie beyond the slider, but not beyond what the core accepts', async ({ page }) => {
  await open(page);
  const exact = panel(page, 3).getByRole('spinbutton', { name: 'Guidance weight' });
  const type = async (value: string) => {
    await exact.fill(value);
    await exact.press('Enter');
  };
  const before = await digest(page, 3, steps);
  await type('12.25');
  await expect.poll(() => digest(page, 3, steps)).not.toBe(before);
  await expect(panel(page, 3).getByRole('slider', { name: 'Guidance weight' })).toHaveAttribute('aria-valuetext', '12.25');
  await sampled(page, 3);
  const beyond = await digest(page, 3, steps);

  await type('99');
  await expect(panel(page, 3).getByRole('alert')).toHaveText('The guidance weight must be between −10 and 50; 99 is not.');
  await expect(exact).toHaveValue('12.25');
  await expect(exact).toHaveAttribute('aria-invalid', 'true');
  await sampled(page, 3);
  expect(await digest(page, 3, steps)).toBe(beyond);

  await type('3');
  await expect(panel(page, 3).getByRole('alert')).toHaveCount(0);
  await expect.poll(() => digest(page, 3, steps)).toBe(before);

  const count = page.getByRole('spinbutton', { name: 'Steps' });
  await count.fill('7.5');
  await count.press('Enter');
  await expect(page.getByText('The number of steps must be a whole number; 7.5 is not.')).toBeVisible();
  await expect(page.getByText(`step ${steps} of ${steps}`)).toBeVisible();
});

shared('main model and guide can be chosen, and a guide that is the main model follows it', async ({ page }) => {
  await open(page);
  const models = () =>
    page.evaluate(() => {
      const { panels } = window.guidancePlayground.state() as { panels: { scheme: Scheme }[] };
      return panels.slice(1).map(({ scheme }) => [scheme.main, scheme.guide!].map(({ model, condition }) => `${model}:${condition}`));
    });
  const before = await digests(page, steps);
  await panel(page, 2).getByLabel('Guide model').selectOption('exact:AB');
  await panel(page, 2).getByLabel('Main model').selectOption('exact:A');
  await choose(page, 3, 'sigma-scaling');
  await panel(page, 3).getByRole('slider', { name: 'Snapshot of the main' }).fill('3');
  await expect(panel(page, 3).getByLabel('Guide model')).toHaveCount(0);
  await sampled(page);
  expect(await models()).toEqual([
    ['exact:A', 'exact:AB'],
    ['main-64-1024:A', 'main-64-1024:A'],
  ]);
  const after = await digests(page, steps);
  expect(after[0]).toBe(before[0]);
  expect(new Set([...before, ...after]).size).toBe(5);
});

shared('guidance in an interval asks the guide less often', async ({ page }) => {
  await open(page);
  const fields = await more(page, 2);
  await expect(panel(page, 2)).toContainText('22 model evaluations each');
  const before = await digest(page, 2, steps);
  await fields.getByLabel('Guide only at some noise levels').check();
  await sampled(page, 2);
  await expect(panel(page, 2)).not.toContainText('22 model evaluations each');
  await expect(fields.locator('summary')).toHaveText('More settings of panel 2: σ 0.02 to 0.3');
  const high = fields.getByRole('spinbutton', { name: 'Upper end of the interval' });
  await high.fill('0.01');
  await high.press('Enter');
  await expect(panel(page, 2).getByRole('alert')).toContainText('The guidance interval must be from a lower sigma to a higher one');
  await fields.getByLabel('Guide only at some noise levels').uncheck();
  await expect.poll(() => digest(page, 2, steps)).toBe(before);
});

shared('noise levels are shared by all panels', async ({ page }) => {
  await open(page);
  await page.getByText('Noise levels', { exact: true }).click();
  const before = await digests(page, steps);
  await page.getByLabel('Spacing').selectOption('logLinear');
  await sampled(page);
  const after = await digests(page, steps);
  expect(new Set([...before, ...after]).size).toBe(6);
  const most = page.getByRole('spinbutton', { name: 'Greatest noise level' });
  await most.fill('12');
  await most.press('Enter');
  await sampled(page);
  await scrubber(page).press('Home');
  await expect(page.getByText('σ = 12.00')).toBeVisible();
});

shared('more settings work from the keyboard, and a curve can be drawn with it', async ({ page }) => {
  await open(page);
  const fields = panel(page, 2).locator('gp-scheme-details');
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const changes = async (action: () => Promise<void>) => {
    await sampled(page, 2);
    const before = await digest(page, 2, steps);
    await action();
    await expect.poll(() => digest(page, 2, steps)).not.toBe(before);
    await sampled(page, 2);
  };
  await fields.locator('summary').focus();
  await press('Enter');
  const schedule = fields.getByLabel('Schedule of the weight');
  await expect(schedule).toBeVisible();
  await press('Tab');
  await expect(schedule).toBeFocused();
  await changes(() => page.keyboard.type('Drawn'));
  await press('Tab');
  const points = fields.getByRole('slider', { name: /^Point/ });
  await expect(points).toHaveCount(3);
  await expect(points.first()).toBeFocused();
  await changes(() => press('ArrowUp', 'ArrowUp', 'ArrowRight'));
  await expect(points.first()).toHaveAttribute('aria-valuetext', 'height 0.10 at time 0.01');
  await press('Tab');
  await changes(() => press('Delete'));
  await expect(points).toHaveCount(2);
  await changes(async () => {
    await fields.getByRole('spinbutton', { name: 'Height' }).fill('3.5');
    await press('Enter');
  });
  await expect(points.first()).toHaveAttribute('aria-valuenow', '3.5');

  // By hand: a press beside the points makes one, which is dragged on.
  // The strip stands over what is below.
  await fields.locator('svg').evaluate((curve) => curve.scrollIntoView({ block: 'center' }));
  const box = (await fields.locator('svg').boundingBox())!;
  await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.5 * box.height);
  await page.mouse.down();
  await expect(points).toHaveCount(3);
  await changes(async () => {
    await page.mouse.move(box.x + 0.6 * box.width, box.y + 0.7 * box.height, { steps: 4 });
    await page.mouse.up();
  });
  // What no curve can have, the core refuses.
  await fields.getByRole('spinbutton', { name: 'Time' }).fill('1.5');
  await press('Enter');
  await expect(panel(page, 2).getByRole('alert')).toContainText("The time of a curve's points must be rising from 0 to 1");
});

test('the address chooses schemes, by name or by description', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const described = { main: 'exact:A', guide: { model: 'exact:A', sigmaScale: 1.3 }, weight: 2.5, schedule: 'cosine', levels: { steps } };
  const asked = encodeURIComponent(JSON.stringify(['ht-1.02', described]));
  await page.goto(`./?engine=cpu&schemes=${asked}`);
  await sampled(page, 2);
  const { panels, sampling } = await page.evaluate(() => window.guidancePlayground.state() as State);
  expect(panels.map(({ choice }) => choice)).toEqual(['ht-1.02', 'sigma-scaling']);
  expect(panels[1]!.scheme).toMatchObject({
    main: { model: 'exact', condition: 'A' },
    weight: 2.5,
    schedule: 'cosine',
    combination: 'lerp',
  });
  expect(panels[1]!.scheme.guide).toMatchObject({ model: 'exact', condition: 'A', sigmaScale: 1.3, noise: 'gaussian' });
  expect(sampling.levels).toMatchObject({ steps, max: 5 });
  expect((await positions(page, 2, steps)).every(Number.isFinite)).toBe(true);
});

test('an address that asks for nonsense says so, and the page opens as usual', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const [asked, reason] of [
    ['none,nobody', 'there is no scheme named “nobody”'],
    ['["none"', 'JSON'],
    ['[1]', 'a scheme is not a description'],
    ['[{"main":"exact:A","wieght":2}]', 'a scheme has no field “wieght”'],
    ['[{"schedule":{"beta":{"a":1}}}]', '“schedule” of a scheme cannot be'],
    ['[{"guide":{"model":"exact:AB","noise":"cauchy"}}]', '“noise” of a guide cannot be "cauchy"'],
    ['[{"main":{"model":"exact","condition":"C"}}]', 'exact has no condition “C”: it has A, B, AB'],
    ['[{"__proto__":{"a":1},"guide":[]}]', 'not'],
    ['none,none,none,none,none,none,none', 'one to 6'],
  ]) {
    await page.goto(`./?engine=cpu&schemes=${encodeURIComponent(asked!)}`);
    await expect(page.locator('gp-engine-status')).toContainText(reason!);
    const { panels } = await page.evaluate(() => window.guidancePlayground.state() as State);
    expect(panels.map(({ choice }) => choice)).toEqual(['none', 'classifier-free', 'autoguidance']);
  }
});
