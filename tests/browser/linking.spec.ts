// The same particle in every panel: what a pointer, a lasso or a number lights, and what the table says of it.
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import type { PlaneState as State } from '../../www/plane/state/state.js';
import { expect, openAtEnd, panel, positions, sampled, shared as test, violations } from './fixture.js';

const steps = 6;
const linked = (page: Page) => page.evaluate(() => (window.guidancePlayground.state() as State).linked);
const table = (page: Page): Locator => page.locator('gp-lit-table');
const picture = (page: Page, number: number): Locator => panel(page, number).locator('gp-panel-picture');

async function open(page: Page): Promise<void> {
  await openAtEnd(page, `?engine=cpu#v=1&particles=512&levels=~steps:${steps}`);
  await page.evaluate(() => window.scrollTo(0, 0));
}

/** Where a panel's particle is on the screen, in the overview. */
async function onScreen(page: Page, number: number, particle: number): Promise<{ x: number; y: number }> {
  const ends = await positions(page, number, steps);
  const box = (await picture(page, number).boundingBox())!;
  const scale = (box.width - 2) / 2.4;
  return {
    x: box.x + box.width / 2 + scale * (ends[2 * particle]! - 0.3),
    y: box.y + box.height / 2 - scale * (ends[2 * particle + 1]! - 0.3),
  };
}

/** Pixels of a panel's layer of lit particles that are not empty. */
function litPixels(page: Page, number: number): Promise<number> {
  return panel(page, number)
    .locator('gp-lit-particles canvas')
    .evaluate((canvas: HTMLCanvasElement) => {
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')!;
      copy.drawImage(canvas, 0, 0);
      const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let at = 3; at < data.length; at += 4) if (data[at]! > 0) count++;
      return count;
    });
}

/** A particle that has no other near it in a panel, so that pointing at it means no other. */
async function lonely(page: Page, number: number): Promise<number> {
  const ends = await positions(page, number, steps);
  const distance = (one: number, other: number) => Math.hypot(ends[2 * one]! - ends[2 * other]!, ends[2 * one + 1]! - ends[2 * other + 1]!);
  const inside = (one: number) => Math.hypot(ends[2 * one]! - 0.3, ends[2 * one + 1]! - 0.3) < 1;
  const all = Array.from({ length: ends.length / 2 }, (_, particle) => particle);
  return all.find((one) => inside(one) && all.every((other) => other === one || distance(one, other) > 0.03))!;
}

test('pointing lights a particle in all panels, pressing keeps it, and the table tells of it', async ({ page }) => {
  await open(page);
  await expect(table(page)).toContainText('Point at a particle');
  const particle = await lonely(page, 2);
  const place = await onScreen(page, 2, particle);
  await page.mouse.move(place.x, place.y);
  await expect(table(page)).toContainText('1 particle lit');
  for (const number of [1, 2, 3]) await expect.poll(() => litPixels(page, number)).toBeGreaterThan(20);
  expect(await linked(page)).toEqual([]);
  await page.mouse.down();
  await page.mouse.up();
  expect(await linked(page)).toEqual([particle]);
  await page.mouse.move(2, 2);
  await expect(table(page)).toContainText('1 particle lit');

  // Without guidance the main model alone moves it, which is what the first panel shows.
  const cells = table(page).locator('tbody tr').first().locator('td');
  const [unguided, guided] = [await positions(page, 1, steps), await positions(page, 2, steps)];
  const moved = Math.hypot(guided[2 * particle]! - unguided[2 * particle]!, guided[2 * particle + 1]! - unguided[2 * particle + 1]!);
  await expect(cells.nth(2)).toHaveText('not guided');
  await expect(cells.nth(5)).toHaveText(moved.toFixed(3));
  await expect(cells.nth(3)).toHaveText(/^−?\d+\.\d\d$/);
  await expect(cells.nth(4)).toHaveText(/^\d+, depth [0-6]$/);
  expect(await violations(page)).toEqual([]);

  // Other settings, other paths of the same particle.
  await panel(page, 2).getByRole('spinbutton', { name: 'Guidance weight' }).fill('1');
  await panel(page, 2).getByRole('spinbutton', { name: 'Guidance weight' }).press('Enter');
  await sampled(page, 2);
  await expect(cells.nth(5)).toHaveText('0.000');
  await table(page).getByRole('button', { name: 'Put out' }).click();
  expect(await linked(page)).toEqual([]);
  for (const number of [1, 2, 3]) await expect.poll(() => litPixels(page, number)).toBe(0);
});

test('a lasso lights what it encircles, and no more', async ({ page }) => {
  await open(page);
  await page.getByText('Lasso', { exact: true }).click();
  const ends = await positions(page, 3, steps);
  const box = (await picture(page, 3).boundingBox())!;
  const corners = [
    [0.55, 0.1],
    [0.8, 0.1],
    [0.8, 0.4],
    [0.55, 0.4],
  ].map(([x, y]) => [box.x + x! * box.width, box.y + y! * box.height] as const);
  await page.mouse.move(...corners[0]!);
  await page.mouse.down();
  for (const corner of [...corners.slice(1), corners[0]!]) await page.mouse.move(...corner, { steps: 5 });
  await page.mouse.up();
  await page.mouse.move(2, 2);
  const lit = await linked(page);
  expect(lit.length).toBeGreaterThan(3);
  const scale = (box.width - 2) / 2.4;
  for (const particle of lit) {
    const x = 0.5 + (scale * (ends[2 * particle]! - 0.3)) / box.width;
    const y = 0.5 - (scale * (ends[2 * particle + 1]! - 0.3)) / box.height;
    expect(x).toBeGreaterThan(0.54);
    expect(x).toBeLessThan(0.81);
    expect(y).toBeGreaterThan(0.09);
    expect(y).toBeLessThan(0.41);
  }
  await expect(table(page)).toContainText(`${lit.length} particles lit`);
  await expect(table(page).getByRole('row', { name: `mean of ${lit.length}` })).toContainText('branches');
});

test('particles are lit by number, from the keyboard', async ({ page }) => {
  await open(page);
  const number = table(page).getByRole('spinbutton', { name: 'Light number' });
  await number.fill('7');
  await number.press('Enter');
  await number.fill('11');
  await number.press('Enter');
  // There is no such particle.
  await number.fill('512');
  await number.press('Enter');
  expect(await linked(page)).toEqual([7, 11]);
  await expect(table(page)).toContainText('2 particles lit');
  // Fewer particles: those that are gone are lit no more.
  await page.getByRole('spinbutton', { name: 'Seed' }).fill('5');
  await page.getByRole('spinbutton', { name: 'Seed' }).press('Enter');
  expect(await linked(page)).toEqual([7, 11]);
});

test('the table sorts, turns its pages, says how many it shows, and is saved', async ({ page }) => {
  const numbers = Array.from({ length: 20 }, (_, index) => (7 * index + 3) % 64);
  await openAtEnd(page, `?engine=cpu#v=1&particles=512&schemes=none,autoguidance&levels=~steps:6&lit=${numbers.join()}`);
  const rows = table(page).locator('tbody tr').filter({ hasNotText: 'mean of' });
  await expect(table(page)).toContainText('Particles 1 to 8 of 20');
  await expect(rows).toHaveCount(8);
  await expect(rows.first().locator('td').nth(5)).toHaveText(/^\d\.\d{3}$/);
  const shown = async () => (await rows.locator('th').allTextContents()).map(Number);
  expect(await shown()).toEqual(numbers.slice(0, 8));
  await table(page).getByRole('button', { name: 'Next' }).click();
  await table(page).getByRole('button', { name: 'Next' }).click();
  await expect(table(page)).toContainText('Particles 17 to 20 of 20');
  expect(await shown()).toEqual(numbers.slice(16));
  // What guidance has moved farthest first.
  const moved = table(page).getByRole('button', { name: 'moved by guidance' }).nth(1);
  await moved.click();
  await moved.click();
  await expect(table(page).getByRole('columnheader', { name: 'moved by guidance' }).nth(1)).toHaveAttribute('aria-sort', 'descending');
  await expect(table(page)).toContainText('Particles 1 to 8 of 20');
  const distances = (await rows.locator('td:nth-child(7)').allTextContents()).map(Number);
  expect(distances).toEqual(distances.toSorted((a, b) => b - a));
  const order = await shown();
  expect(await violations(page)).toEqual([]);
  const [download] = await Promise.all([page.waitForEvent('download'), table(page).getByRole('button', { name: 'Save as CSV' }).click()]);
  expect(download.suggestedFilename()).toBe('guidance-playground-lit.csv');
  const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n');
  expect(lines[0]).toBe('panel,scheme,particle,logDensity,branch,movedByGuidance,depth,program,version');
  expect(lines).toHaveLength(1 + 2 * 20);
  const second = lines.slice(21).map((line) => line.split(','));
  expect(second.slice(0, 8).map(([panel, , particle]) => [panel, Number(particle)])).toEqual(order.map((particle) => ['2', particle]));
  expect(Number(second[0]![5])).toBeCloseTo(distances[0]!, 3);
  // Nothing guides the first panel.
  expect(lines[1]!.split(',')[5]).toBe('');
});
