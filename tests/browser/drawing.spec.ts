// Data that a person draws: by mouse, finger and keys, on what was there or on an empty board.
import type { Locator, Page } from '@playwright/test';
import type { GuidancePlayground } from '../../www/embed/guidance-playground.js';
import { expect, openAtEnd, panel, sampled, small, test, violations } from './fixture.js';
import { embeds, openHost, quick } from './host.js';

const board = (page: Page): Locator => page.getByRole('application', { name: /^Drawing board/ });
const strokes = async (page: Page): Promise<number> => Number(/(\d+) strokes/.exec((await board(page).getAttribute('aria-label'))!)![1]);
const distribution = (page: Page) => page.evaluate(() => window.guidancePlayground.state().sampling.distribution as string);
const tools = (page: Page) => page.locator('gp-drawing-board .tools');

/** From one place of the board to another, as shares of its sides. */
async function drag(page: Page, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  await board(page).scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await board(page).boundingBox())!;
  await page.mouse.move(x + from[0] * width, y + from[1] * height);
  await page.mouse.down();
  await page.mouse.move(x + to[0] * width, y + to[1] * height, { steps: 12 });
  await page.mouse.up();
}

test('a person draws on what is there, panels follow with exact models, and a link brings it back', async ({ page }) => {
  await openAtEnd(page, `?engine=cpu#${small}&distribution=two-moons`);
  await page.getByRole('button', { name: 'Draw', exact: true }).click();
  await expect(board(page)).toBeVisible();
  await expect(async () => expect(await strokes(page)).toBe(16)).toPass();
  // Nothing is drawn yet: the data are as they were.
  expect(await distribution(page)).toBe('two-moons');
  expect(await violations(page)).toEqual([]);

  await drag(page, [0.2, 0.1], [0.8, 0.1]);
  await sampled(page);
  expect(await strokes(page)).toBe(17);
  const drawn = await distribution(page);
  expect(drawn).toMatch(/^drawing-[\w-]+$/);
  expect(drawn.length).toBeLessThan(1500);
  await expect(page).toHaveURL(new RegExp(`distribution=${drawn}`));
  await expect(page.getByLabel('Data', { exact: true }).locator('option:checked')).toHaveText('Drawing');
  // Particles end where the stroke was drawn, too: at the height of its ink.
  const height = 0.3 + 1.5 * 0.8;
  const near = await page.evaluate(async (height) => {
    const ends = (await window.guidancePlayground.positions(0, 8))!;
    return ends.filter((value, index) => index % 2 === 1 && Math.abs(value - height) < 0.12).length / (ends.length / 2);
  }, height);
  expect(near).toBeGreaterThan(0.1);

  // A whole stroke is one step of undo.
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  expect(await distribution(page)).toBe('two-moons');
  await expect(async () => expect(await strokes(page)).toBe(16)).toPass();
  await page.getByRole('button', { name: 'Redo' }).click();
  expect(await distribution(page)).toBe(drawn);
  expect(await strokes(page)).toBe(17);

  await expect(page).toHaveURL(new RegExp(`distribution=${drawn}`));
  await page.reload();
  await sampled(page);
  expect(await distribution(page)).toBe(drawn);
  await expect(page.locator('[data-notice]')).toBeHidden();

  // A stroke that is ended under the hand is ended, and the next is drawn as any.
  await page.getByRole('button', { name: 'Draw', exact: true }).click();
  await expect(async () => expect(await strokes(page)).toBe(17)).toPass();
  await page.getByLabel('Straight').check();
  const { x, y, width } = (await board(page).boundingBox())!;
  await page.mouse.move(x + 0.3 * width, y + 0.3 * width);
  await page.mouse.down();
  await page.mouse.move(x + 0.5 * width, y + 0.4 * width);
  await page.keyboard.press('Escape');
  await page.mouse.move(x + 0.7 * width, y + 0.3 * width);
  await page.mouse.up();
  expect(await strokes(page)).toBe(18);
  await drag(page, [0.2, 0.8], [0.8, 0.8]);
  expect(await strokes(page)).toBe(19);
  await sampled(page);

  // Nor does a figure in a post need anything else.
  const post = await page.context().newPage();
  await openHost(post, `<guidance-playground ${quick} distribution="${drawn}"></guidance-playground>`);
  const metrics = await embeds(post).evaluate((embed: GuidancePlayground) => embed.metrics());
  expect(metrics).toHaveLength(3);
  expect(metrics.every((each) => each !== null)).toBe(true);
  await post.close();
});

test('a stroke that is still drawn is taken back at once, and that before it stays', async ({ page }) => {
  await openAtEnd(page, `?engine=cpu#${small}&distribution=eight-gaussians`);
  await page.getByRole('button', { name: 'Draw', exact: true }).click();
  await expect(async () => expect(await strokes(page)).toBe(8)).toPass();
  await drag(page, [0.2, 0.1], [0.8, 0.1]);
  await sampled(page);
  const drawn = await distribution(page);
  // By keys: two corners are set, and panels follow.
  const corners = async () => {
    await board(page).focus();
    for (const key of ['Enter', 'ArrowRight', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
    expect(await distribution(page)).not.toBe(drawn);
  };
  const without = async () => {
    await expect.poll(() => distribution(page)).toBe(drawn);
    expect(await strokes(page)).toBe(9);
    await sampled(page);
  };
  await corners();
  await page.getByRole('button', { name: 'Undo stroke' }).click();
  await without();
  await corners();
  await page.keyboard.press('Control+z');
  await without();
  await corners();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await without();

  // By the mouse, which draws nothing more until it is pressed again; nor does the eraser.
  for (const tool of ['Class A', 'Eraser']) {
    await page.getByRole('radio', { name: tool }).check();
    const { x, y, width } = (await board(page).boundingBox())!;
    await page.mouse.move(x + 0.2 * width, y + 0.1 * width);
    await page.mouse.down();
    await page.mouse.move(x + 0.5 * width, y + 0.2 * width, { steps: 6 });
    await page.keyboard.press('Control+z');
    await page.mouse.move(x + 0.8 * width, y + 0.1 * width, { steps: 6 });
    await page.mouse.up();
    await without();
  }
  // And the next press takes back the stroke before.
  await page.keyboard.press('Control+z');
  await expect.poll(() => distribution(page)).toBe('eight-gaussians');

  // Of what is no drawing yet the instrument has no step to take back.
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByRole('radio', { name: 'Class B' }).check();
  await drag(page, [0.2, 0.5], [0.8, 0.5]);
  expect(await strokes(page)).toBe(1);
  await page.keyboard.press('Control+z');
  expect(await strokes(page)).toBe(0);
  expect(await distribution(page)).toBe('eight-gaussians');
});

test('an empty board asks for both classes, and keys draw them', async ({ page }) => {
  await openAtEnd(page);
  await page.getByRole('button', { name: 'Draw', exact: true }).click();
  await expect(async () => expect(await strokes(page)).toBe(254)).toPass();
  await page.getByRole('button', { name: 'Clear' }).click();
  await expect(tools(page).getByRole('status')).toContainText('Draw both classes');
  expect(await distribution(page)).toBe('tree-2');
  await board(page).focus();
  for (const key of ['Enter', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter', 'ArrowUp', 'ArrowUp', 'Enter', 'Escape'])
    await page.keyboard.press(key);
  expect(await strokes(page)).toBe(1);
  await expect(tools(page).getByRole('status')).toContainText('both classes');
  expect(await distribution(page)).toBe('tree-2');
  await page.getByRole('radio', { name: 'Class B' }).check();
  await board(page).focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter', 'ArrowLeft', 'ArrowLeft', 'Enter', 'Escape'])
    await page.keyboard.press(key);
  await sampled(page);
  // Corners as the keys set them, from the middle of the overview: 38 of 128.
  expect(await distribution(page)).toMatch(/^drawing-/);
  await expect(tools(page).getByRole('status')).toBeEmpty();

  // What is erased is gone; what the last stroke was is back.
  await page.getByRole('radio', { name: 'Eraser' }).check();
  await board(page).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Undo stroke' }).click();
  expect(await strokes(page)).toBe(2);
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const { default: fs } = await import('node:fs/promises');
  const saved = JSON.parse(await fs.readFile((await (await saving).path())!, 'utf8'));
  expect(saved.strokes.map((stroke: { class: string }) => stroke.class)).toEqual(['A', 'B']);
  expect(saved.strokes[0].points.length).toBe(3);
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(board(page)).toBeHidden();
});

test('a finger draws on a phone, by a mirror', async ({ browser, baseURL }) => {
  const context = await browser.newContext({
    baseURL: baseURL!,
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(`./?engine=cpu#${small}&distribution=eight-gaussians`);
  await sampled(page);
  await page.getByRole('button', { name: 'Draw', exact: true }).click();
  await expect(async () => expect(await strokes(page)).toBe(8)).toPass();
  await page.getByRole('checkbox', { name: 'Mirror' }).check();
  await board(page).scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await board(page).boundingBox())!;
  const session = await context.newCDPSession(page);
  const touch = (type: string, places: (readonly [number, number])[]) =>
    session.send('Input.dispatchTouchEvent', {
      type: type as 'touchStart',
      touchPoints: places.map(([right, down]) => ({ x: x + right * width, y: y + down * height })),
    });
  await touch('touchStart', [[0.1, 0.5]]);
  for (let step = 1; step < 8; step++) await touch('touchMove', [[0.1 + 0.02 * step, 0.5]]);
  await touch('touchEnd', []);
  expect(await strokes(page)).toBe(10);
  await sampled(page);
  expect(await distribution(page)).toMatch(/^drawing-/);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  await expect(panel(page, 1)).toBeAttached();
  await context.close();
});
