// Panels that come and go, and what can be taken back.
import type { Page } from '@playwright/test';
import type { PlaneState as State } from '../../www/plane/state/state.js';
import { choose, digest, expect, openAtEnd, panel, sampled, scrubber, shared as test, weight, full } from './fixture.js';

const steps = 6;
const state = (page: Page) => page.evaluate(() => window.guidancePlayground.state() as State);
const choices = async (page: Page) => (await state(page)).panels.map(({ choice }) => choice);

async function open(page: Page): Promise<void> {
  await openAtEnd(page, `?engine=cpu#v=1&particles=512&levels=~steps:${steps}`);
}

async function arrange(page: Page, number: number, command: string): Promise<void> {
  await panel(page, number).locator('gp-panel-menu summary').click();
  await panel(page, number).getByRole('button', { name: command, exact: true }).click();
}

test('panels are added up to six, duplicated, moved and removed down to one', async ({ page }) => {
  await open(page);
  const before = await digest(page, 2, steps);
  await arrange(page, 2, 'Duplicate');
  await sampled(page, 1, 2, 3, 4);
  expect(await choices(page)).toEqual(['none', 'classifier-free', 'classifier-free', 'autoguidance']);
  expect(await digest(page, 3, steps)).toBe(before);

  await arrange(page, 4, 'Move left');
  expect(await choices(page)).toEqual(['none', 'classifier-free', 'autoguidance', 'classifier-free']);
  await arrange(page, 1, 'Move right');
  expect(await choices(page)).toEqual(['classifier-free', 'none', 'autoguidance', 'classifier-free']);
  // A panel that only moved is not sampled anew.
  expect(await digest(page, 1, steps)).toBe(before);

  const add = page.getByRole('button', { name: 'Add a panel' });
  await add.click();
  await add.click();
  await expect(add).toBeDisabled();
  await sampled(page, 5, 6);
  await expect(page.getByRole('region', { name: /^Panel \d$/ })).toHaveCount(6);
  await panel(page, 6).locator('gp-panel-menu summary').click();
  await expect(panel(page, 6).getByRole('button', { name: 'Duplicate' })).toBeDisabled();
  await expect(panel(page, 6).getByRole('button', { name: 'Move right' })).toBeDisabled();
  await page.keyboard.press('Escape');

  for (let left = 5; left >= 1; left--) {
    await arrange(page, 1, 'Remove');
    await expect(page.getByRole('region', { name: /^Panel \d$/ })).toHaveCount(left);
  }
  await panel(page, 1).locator('gp-panel-menu summary').click();
  await expect(panel(page, 1).getByRole('button', { name: 'Remove' })).toBeDisabled();
});

test('what changes runs can be taken back and done again, to the bit; a drag is one change', async ({ page }) => {
  await open(page);
  const undo = page.getByRole('button', { name: 'Undo' });
  const redo = page.getByRole('button', { name: 'Redo' });
  const original = await digest(page, 2, steps);
  const opened = await state(page);

  const slider = weight(page, 2);
  await page.evaluate(() => window.scrollTo(0, 0));
  const box = (await slider.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, box.y + box.height / 2, { steps: 8 });
  await page.mouse.up();
  await expect.poll(() => digest(page, 2, steps)).not.toBe(original);
  await sampled(page);
  const dragged = await digest(page, 2, steps);
  await choose(page, 3, 'ht-1.10');
  await arrange(page, 1, 'Remove');
  expect(await choices(page)).toEqual(['classifier-free', 'ht-1.10']);

  await undo.click();
  expect(await choices(page)).toEqual(['none', 'classifier-free', 'ht-1.10']);
  await undo.click();
  expect(await choices(page)).toEqual(['none', 'classifier-free', 'autoguidance']);
  await undo.click();
  await sampled(page);
  expect(await digest(page, 2, steps)).toBe(original);
  expect((await state(page)).panels).toEqual(opened.panels);

  await redo.click();
  await sampled(page);
  expect(await digest(page, 2, steps)).toBe(dragged);
  // Something new leaves nothing to be done again.
  await choose(page, 1, 'apg');
  await expect(redo).toBeDisabled();

  await page.getByRole('button', { name: 'Reset' }).click();
  expect(await choices(page)).toEqual(['none', 'classifier-free', 'autoguidance']);
  await expect(page.getByText('step 32 of 32')).toBeVisible();
  await undo.click();
  expect(await choices(page)).toEqual(['apg', 'classifier-free', 'autoguidance']);
  await expect(page.getByText(`step ${steps} of ${steps}`)).toBeVisible();
});

test('the strip scrubs, draws a weight over noise levels and sets the interval of guidance', async ({ page }) => {
  await open(page);
  const strip = page.locator('gp-guidance-strip');
  const box = (await strip.locator('svg').boundingBox())!;
  await page.mouse.click(box.x + 0.5 * box.width, box.y + 0.6 * box.height);
  // What follows a hand is fetched when the first comes near.
  const step = async () => Number(await scrubber(page).getAttribute('aria-valuenow'));
  await expect.poll(step).toBeLessThan(steps);
  expect(await step()).toBeGreaterThan(0);

  const before = await digest(page, 2, steps);
  await strip.getByLabel('Schedule of the weight over time').selectOption('curve');
  await expect.poll(() => digest(page, 2, steps)).not.toBe(before);
  const points = strip.getByRole('slider', { name: /^Point \d of \d of panel 2/ });
  await expect(points).toHaveCount(3);
  const first = (await points.first().boundingBox())!;
  await page.mouse.move(first.x + first.width / 2, first.y + first.height / 2);
  await page.mouse.down();
  await page.mouse.move(first.x + 30, first.y - 20, { steps: 5 });
  await page.mouse.up();
  const { schedule } = (await state(page)).panels[1]!.scheme as { schedule: { curve: { points: [number, number][] } } };
  const [u, f] = schedule.curve.points[0]!;
  expect(u).toBeGreaterThan(0.005);
  expect(f).toBeGreaterThan(0.2);
  await points.nth(1).focus();
  await page.keyboard.press('Delete');
  await expect(points).toHaveCount(2);
  await strip.getByRole('button', { name: 'Add a point' }).click();
  await expect(points).toHaveCount(3);

  await strip.getByRole('slider', { name: 'Highest noise level' }).focus();
  for (let press = 0; press < 20; press++) await page.keyboard.press('ArrowRight');
  const { interval } = (await state(page)).panels[1]!.scheme;
  expect(interval!.high).toBeLessThan(4);
  expect(interval!.low).toBe(0);
  await strip.getByRole('button', { name: 'Guide at all levels' }).click();
  expect((await state(page)).panels[1]!.scheme.interval).toBeNull();

  // Another panel's, by name; one without a guide has nothing to draw.
  await strip.getByLabel('Panel whose weight').selectOption({ label: '1: No guidance' });
  await expect(strip).toContainText('has no guide to weigh');
});

test('the view moves by wheel, keys and drag, in all panels at once, and back', async ({ page }) => {
  await open(page);
  const view = async () => (await state(page)).look.view;
  const overview = page.getByRole('button', { name: 'Overview' });
  await expect(overview).toBeDisabled();
  await page.evaluate(() => window.scrollTo(0, 0));
  const box = (await panel(page, 2).locator('gp-panel-picture').boundingBox())!;
  const middle = [box.x + box.width / 2, box.y + box.height / 2] as const;
  await page.mouse.move(...middle);
  // The wheel is the page's until the picture is chosen.
  await page.mouse.wheel(0, -100);
  expect(await view()).toBeNull();
  await page.evaluate(() => window.scrollTo(0, 0));
  await panel(page, 2).getByRole('group', { name: 'Picture of panel 2' }).focus();
  await page.keyboard.press('+');
  const { halfWidth } = (await view())!;
  expect(halfWidth).toBeCloseTo(1.2 / 1.25, 6);
  await page.keyboard.press('ArrowRight');
  expect((await view())!.x).toBeCloseTo(0.3 + 0.2 * halfWidth, 6);
  await page.mouse.wheel(0, -200);
  await expect.poll(async () => (await view())!.halfWidth).toBeLessThan(halfWidth);

  await page.getByText('Move', { exact: true }).click();
  const before = (await view())!;
  await page.mouse.move(...middle);
  await page.mouse.down();
  await page.mouse.move(middle[0] + 50, middle[1], { steps: 5 });
  await page.mouse.up();
  const after = (await view())!;
  expect(after.x - before.x).toBeCloseTo((-50 * 2 * before.halfWidth) / (box.width - 2), 3);
  expect(after.y).toBeCloseTo(before.y, 6);

  await page.getByRole('button', { name: 'Close-up' }).click();
  expect(await view()).toEqual({ x: 0.45, y: 1.22, halfWidth: 0.3, halfHeight: 0.3 });
  await overview.click();
  expect(await view()).toBeNull();
});

test('menus show what is set, also where it was undone or set by something else', full, async ({ page }) => {
  await openAtEnd(page);
  const settings = () => page.evaluate(() => window.guidancePlayground.state());
  const undo = page.getByRole('button', { name: 'Undo' });
  const schemes = panel(page, 2).getByRole('combobox', { name: 'Scheme of' });
  for (const choice of ['none', 'autoguidance', 'none', 'autoguidance']) await schemes.selectOption(choice);
  for (const choice of ['none', 'autoguidance', 'none', 'classifier-free']) {
    await undo.click();
    await expect(schemes).toHaveValue(choice);
    expect((await settings()).panels[1]!.choice).toBe(choice);
  }
  const particles = page.getByLabel('Particles', { exact: true });
  for (const count of ['512', '1024', '512']) await particles.selectOption(count);
  await undo.click();
  await expect(particles).toHaveValue('1024');

  const field = page.getByLabel('Field', { exact: true });
  for (const name of ['ratio', '', 'ratio']) await field.selectOption(name);
  await page.getByRole('button', { name: 'Reset' }).click();
  await expect(field).toHaveValue('');
  await sampled(page);
});
