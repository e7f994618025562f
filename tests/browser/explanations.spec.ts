// What is laid over the pictures to show why particles go where they go, against what the core answers.
import type { Page } from '@playwright/test';
import type { PlaygroundInstrument } from '../../www/components/playground-instrument.js';
import type { Demonstration } from '../../www/state/lab.js';
import { expect, openAtEnd, panel, shared as test, violations } from './fixture.js';

/** With all the noise levels of the opening view. */
const few = '?engine=cpu#v=1&particles=512';

/** A noise level at which models and data differ visibly. */
const sigma = 0.4;

async function show(page: Page, demonstration: Demonstration): Promise<void> {
  await page.locator('gp-instrument').evaluate((element, demonstration) => {
    (element as PlaygroundInstrument).show(demonstration);
  }, demonstration);
}

/** What the core says of a panel's scheme at the clock's step: 11 numbers for each point. */
function explain(page: Page, number: number, points: number[][]) {
  return page.evaluate(
    async ([number, points]) => {
      const { panels, sampling, playback } = window.guidancePlayground.state();
      const scheme = { ...panels[number - 1]!.scheme, levels: sampling.levels };
      const step = Math.round(playback.position);
      const config = { scheme, particles: 1, seed: 1, distribution: sampling.distribution };
      const answer = await window.guidancePlayground.ask({
        type: 'explain',
        config,
        step,
        points: Float32Array.from(points.flat()),
      });
      const { values, ...rest } = answer!;
      return { ...rest, values: points.map((_, point) => [...values.slice(11 * point, 11 * point + 11)]) };
    },
    [number, points] as const,
  );
}

/** Colours of a canvas at places of the plane, which the whole of it shows. */
function colours(page: Page, number: number, points: number[][], centre: number[], half: number) {
  return panel(page, number)
    .locator('gp-field-overlay canvas')
    .evaluate(
      (canvas: HTMLCanvasElement, { points, centre, half }) => {
        // By way of a copy, since reading slows a canvas down.
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true })!;
        copy.drawImage(canvas, 0, 0);
        return points.map(([x, y]) => {
          const column = ((x! - centre[0]! + half) / (2 * half)) * canvas.width;
          const row = ((centre[1]! - y! + half) / (2 * half)) * canvas.height;
          return [...copy.getImageData(column, row, 1, 1).data];
        });
      },
      { points, centre, half },
    );
}

test('the ratio of two densities is coloured by who thinks a place likelier', async ({ page }) => {
  await openAtEnd(page, few);
  const [centre, half] = [[0.3, 0.3], 1.2] as const;
  const view = { x: centre[0], y: centre[1], halfWidth: half, halfHeight: half };
  await show(page, { look: { field: 'ratio', view }, sigma });
  const legend = panel(page, 2).getByRole('group', { name: 'Log-ratio of main model and guide' });
  await expect(legend).toContainText('nats');
  await expect(legend).toContainText('main likelier');
  await expect(legend).toHaveAttribute('aria-busy', 'false');
  await expect(panel(page, 1).locator('gp-field-overlay')).toContainText('this scheme has no guide');
  const points = Array.from({ length: 64 }, (_, i) => [-0.6 + 0.25 * (i % 8), -0.6 + 0.25 * Math.floor(i / 8)]);
  const { values } = await explain(page, 2, points);
  const ratios = values.map(([main, , , guide]) => main! - guide!);
  expect(Math.max(...ratios)).toBeGreaterThan(0.6);
  expect(Math.min(...ratios)).toBeLessThan(-1);
  // Far from every level, 0.1, 0.3, 1, 3 and 10, where a line might be.
  await expect
    .poll(async () => {
      const seen = await colours(page, 2, points, [...centre], half);
      return ratios.filter((ratio, i) => {
        const [red, , blue, alpha] = seen[i]!;
        if (Math.abs(ratio) < 0.05) return alpha !== 0;
        if (Math.abs(ratio) < 0.5) return false;
        // Main is blue, and the guide red with some blue.
        return alpha === 0 || (ratio > 0 ? blue! <= red! : red! <= blue!);
      });
    })
    .toEqual([]);
});

test('scores are arrows, and nothing is left when the field is put away', async ({ page }) => {
  await openAtEnd(page, few);
  await show(page, { look: { field: 'main-score' }, sigma });
  const inked = () =>
    panel(page, 1)
      .locator('gp-field-overlay canvas')
      .evaluate((canvas: HTMLCanvasElement) => {
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')!;
        copy.drawImage(canvas, 0, 0);
        const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
        return data.filter((value, at) => at % 4 === 3 && value > 0).length / (data.length / 4);
      });
  await expect.poll(inked).toBeGreaterThan(0.02);
  expect(await inked()).toBeLessThan(0.5);
  await expect(panel(page, 1).getByRole('group', { name: 'Score of the main model' })).toContainText('σ = 0.4');
  await show(page, { look: { field: null } });
  await expect(panel(page, 1).locator('gp-field-overlay')).toHaveCount(0);
});

test('what a network is off by is arrows, and none where the main model is exact', async ({ page }) => {
  await openAtEnd(page, few);
  const exact = { main: { model: 'exact', condition: 'A' } };
  await show(page, { schemes: ['none', exact], look: { field: 'error' }, sigma: 0.1 });
  const field = (number: number) => panel(page, number).getByRole('group', { name: 'Main model’s score less the exact one’s' });
  await expect(field(1)).toContainText('σ = 0.093');
  await expect(field(2)).toContainText('the main model is the exact one');
  await expect(field(1)).toHaveAttribute('aria-busy', 'false');

  // What is drawn is what the core says: the difference of both scores, away from the data longer than in their midst.
  const { values } = (await explain(page, 1, [
    [0.3, 0.4],
    [-0.9, -0.9],
  ]))!;
  const off = values.map((of) => Math.hypot(of[1]! - of[9]!, of[2]! - of[10]!));
  expect(off[0]).toBeGreaterThan(0);
  expect(off[1]).toBeGreaterThan(off[0]!);
  const exactly = (await explain(page, 2, [[0.3, 0.4]]))!.values[0]!;
  expect(Math.hypot(exactly[1]! - exactly[9]!, exactly[2]! - exactly[10]!)).toBeLessThan(1e-3);
  const { drawn, expected } = await panel(page, 1)
    .locator('gp-field-overlay')
    .evaluate((overlay) => {
      const paths: string[] = [];
      const pen = () => ({ moveTo: (x: number, y: number) => paths.push(`${x} ${y}`), lineTo() {} }) as never;
      return { drawn: (overlay as unknown as { shapes(pen: () => never): unknown[] }).shapes(pen).length, expected: paths.length };
    });
  expect(drawn).toBe(1);
  expect(expected).toBeGreaterThan(100);
});

test('forces at the pointer add up, in arrows and in numbers', async ({ page }) => {
  await openAtEnd(page, few);
  const view = { x: 0.3, y: 0.3, halfWidth: 1.2, halfHeight: 1.2 };
  await show(page, { look: { view }, sigma });
  const picture = panel(page, 2).locator('gp-panel-picture');
  await picture.hover({ position: { x: 150, y: 110 } });
  const formula = panel(page, 2).locator('gp-force-formula');
  await expect(formula).toContainText('Weighted difference of the scores');
  await expect(formula).toContainText('w = 4.00');
  const { clientWidth: width } = await picture.evaluate(({ clientWidth }) => ({ clientWidth }));
  const scale = width / 2.4;
  const place = await panel(page, 2)
    .locator('gp-force-overlay circle')
    .evaluate((circle) => ['cx', 'cy'].map((side) => Number(circle.getAttribute(side))));
  const point = [-0.9 + place[0]! / scale, 1.5 - place[1]! / scale];
  const { values, sigma: level } = await explain(page, 2, [point]);
  const [, mainX, mainY, , guideX, guideY, x, y] = values[0]! as [number, ...number[]] as number[];
  const shown = await formula.locator('dd').allTextContents();
  const numbers = shown.map((text) => text.replaceAll('−', '-').split(', ').map(Number));
  const expected = [
    [mainX!, mainY!],
    [guideX!, guideY!],
    [4 * (mainX! - guideX!), 4 * (mainY! - guideY!)],
    [x!, y!],
  ];
  // Three digits are shown, and the circle's place is known to a fraction of a pixel.
  numbers.forEach((pair, row) => pair.forEach((number, side) => expect(Math.abs(number - expected[row]![side]!)).toBeLessThan(0.06)));
  // Arrows lead along sigma^2 times the score, all enlarged alike.
  const tip = (quantity: string) =>
    panel(page, 2)
      .locator(`gp-force-overlay path.${quantity}`)
      .evaluate((path) => path.getAttribute('d')!.split(/[ML]/)[2]!.split(',').map(Number));
  const [main, result, difference] = [await tip('main'), await tip('result'), await tip('difference')];
  const enlargement = (main![0]! - place[0]!) / (level * level * scale * mainX!);
  expect(Math.abs(Math.log2(enlargement) - Math.round(Math.log2(enlargement)))).toBeLessThan(0.05);
  expect(Math.abs(place[1]! - enlargement * level * level * scale * y! - result![1]!)).toBeLessThan(1);
  // The guide's score and the weighted difference end where the result does.
  expect(Math.hypot(difference![0]! - result![0]!, difference![1]! - result![1]!)).toBeLessThan(0.5);
});

test('a line through the plane shows densities and their ratio, and its ends can be moved', async ({ page }) => {
  await openAtEnd(page, few);
  const cut = { from: [-0.3, 1.3], to: [0.9, 0.6] } as { from: [number, number]; to: [number, number] };
  await show(page, { look: { cut }, sigma });
  const chart = panel(page, 2).locator('gp-line-cut');
  await expect(chart.getByRole('img', { name: 'Densities along the line' })).toBeVisible();
  await expect(chart.getByRole('img', { name: 'Log-ratio of main model and guide' })).toBeVisible();
  await chart.getByText('Numbers').click();
  const rows = await chart.getByRole('row').allTextContents();
  expect(rows).toHaveLength(10);
  const { values } = await explain(page, 2, [cut.from, [0.3, 0.95], cut.to]);
  [1, 5, 9].forEach((row, index) => {
    const [, data, main, guide, ratio] = rows[row]!.trim().replaceAll('−', '-').split(/\s+/).map(Number);
    const [p1, , , p0, , , , , p] = values[index]!;
    for (const [shown, expected] of [
      [data, p],
      [main, p1],
      [guide, p0],
      [ratio, p1! - p0!],
    ] as [number, number][]) {
      expect(Math.abs(shown - expected)).toBeLessThan(0.051);
    }
  });
  await expect(chart).toContainText('the log-ratio is highest');
  await expect(panel(page, 1).locator('gp-line-cut')).toContainText('no guide');
  expect(await violations(page)).toEqual([]);

  await chart.getByLabel('Scale of the densities').selectOption('density');
  await expect(chart.locator('.plot').first()).toContainText('density');

  const end = panel(page, 2).getByRole('button', { name: 'End of the line' });
  await end.focus();
  await page.keyboard.press('ArrowRight');
  const moved = await page.evaluate(() => window.guidancePlayground.state().look.cut!);
  expect(moved.from).toEqual(cut.from);
  expect(moved.to[0]).toBeGreaterThan(cut.to[0]);
  const box = (await end.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x - 60, box.y + 40, { steps: 4 });
  await page.mouse.up();
  const dragged = await page.evaluate(() => window.guidancePlayground.state().look.cut!);
  expect(dragged.from).toEqual(cut.from);
  expect(dragged.to[0]).toBeLessThan(moved.to[0]);
  expect(dragged.to[1]).toBeLessThan(moved.to[1]);
});

test('by keys alone a line to cut along is laid, moved and removed', async ({ page }) => {
  await openAtEnd(page, few);
  const cut = () => page.evaluate(() => window.guidancePlayground.state().look.cut);
  await page.getByLabel('Point', { exact: true }).focus();
  for (let press = 0; press < 3; press++) await page.keyboard.press('ArrowRight');
  await expect(page.getByLabel('Cut', { exact: true })).toBeChecked();
  const laid = (await cut())!;
  await panel(page, 1).getByRole('button', { name: 'Beginning of the line' }).press('ArrowUp');
  expect((await cut())!.from[1]).toBeGreaterThan(laid.from[1]);

  await panel(page, 2).getByRole('button', { name: 'Remove the line' }).press('Enter');
  await expect(page.locator('gp-line-cut, gp-cut-overlay')).toHaveCount(0);
  expect(await cut()).toBeNull();
  await expect(panel(page, 2).getByRole('group', { name: /^Picture of/ })).toBeFocused();
});

test('what a finger pointed at goes when something else is shown', async ({ page }) => {
  await openAtEnd(page, few);
  const { x, y, width, height } = (await panel(page, 1).locator('gp-panel-picture').boundingBox())!;
  await page.mouse.move(x + width / 2, y + height / 2);
  await expect(panel(page, 2).locator('gp-force-formula')).toBeVisible();
  await show(page, { schemes: ['none', 'ht-1.10'] });
  await expect(page.locator('gp-force-formula')).toHaveCount(0);
});
