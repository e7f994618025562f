// What the instrument is for: schemes compared on equal noise, with nothing reshuffled behind one's back.
import {
  choose,
  digest,
  digests,
  expect,
  measure,
  more,
  openAtEnd,
  panel,
  particlePixels,
  sampled,
  scrubTo,
  scrubber,
  test,
  weight,
  full,
  shared,
} from './fixture.js';

const end = 8;

shared('panels fill with particles and results', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu');
  for (const number of [1, 2, 3]) {
    // A worker draws it, a moment after its panel has been sampled.
    await expect.poll(() => particlePixels(page, number)).toBeGreaterThan(1000);
    await expect(measure(page, number, 'outliers')).toHaveText(/^\d+\.\d%$/);
    await expect(measure(page, number, 'logDensityGap')).toHaveText(/^[+−]\d+\.\d\d$/);
    await expect(measure(page, number, 'branchTotalVariation')).toHaveText(/^\d+\.\d%$/);
    await expect(measure(page, number, 'slicedWasserstein')).toHaveText(/^\d\.\d{3}$/);
    await expect(panel(page, number).getByTitle('Standard error')).toHaveText([/^± \d/, /^± \d/, /^± \d/, /^± \d/]);
    await expect(panel(page, number)).toContainText('4,096 particles');
  }
});

test('plays once from noise to tree, and stops', async ({ page }) => {
  await page.goto('./#v=1&particles=512');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect(scrubber(page)).toHaveAttribute('aria-valuetext', /step [1-9]\d* of 32/);
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
  await expect(scrubber(page)).toHaveAttribute('aria-valuetext', 'sigma 0, step 32 of 32');
});

shared('three schemes end differently from equal starts', async ({ page }) => {
  await openAtEnd(page);
  const starts = await digests(page, 0);
  const ends = await digests(page, end);
  expect(starts[0]).not.toBeNull();
  expect(new Set(starts).size).toBe(1);
  expect(new Set(ends).size).toBe(3);
  expect(ends).not.toContain(null);
});

shared('dragging a weight changes that panel only, and keeps the noise', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=1024&levels=~steps:8');
  const starts = await digests(page, 0);
  const ends = await digests(page, end);
  const startOfFew = await digest(page, 2, 0, 512);

  const box = (await weight(page, 2).boundingBox())!;
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + 0.4 * box.width, y);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.6 * box.width, y, { steps: 8 });
  await expect(panel(page, 2)).toContainText('512 particles');
  expect(await digest(page, 2, 0)).toBe(startOfFew);
  await page.mouse.up();
  await expect(panel(page, 2)).toContainText('1,024 particles');
  await sampled(page, 2);

  expect(await digests(page, 0)).toEqual(starts);
  const after = await digests(page, end);
  expect(after[0]).toBe(ends[0]);
  expect(after[1]).not.toBe(ends[1]);
  expect(after[2]).toBe(ends[2]);
});

shared('a typed weight is exact, and typing it back restores every bit', async ({ page }) => {
  await openAtEnd(page);
  const before = await digest(page, 3, end);
  const exact = panel(page, 3).getByRole('spinbutton', { name: 'Guidance weight' });
  await exact.fill('1.5');
  await exact.press('Enter');
  await expect.poll(() => digest(page, 3, end)).not.toBe(before);
  await exact.fill('3');
  await exact.press('Enter');
  await expect.poll(() => digest(page, 3, end)).toBe(before);
});

shared('scrubbing back shows exactly the same positions', async ({ page }) => {
  await openAtEnd(page);
  const at = async (step: number) => {
    await scrubTo(page, step);
    await expect(scrubber(page)).toHaveAttribute('aria-valuetext', new RegExp(`step ${step} of 8`));
    return { positions: await digest(page, 3, step), picture: await atRest() };
  };
  // A worker draws, a little later: the picture of a step is there when it no longer changes.
  const picture = async () => (await panel(page, 3).locator('gp-particle-view canvas').screenshot()).toString('base64');
  const atRest = async () => {
    let last = '';
    await expect
      .poll(
        async () => {
          const before = last;
          last = await picture();
          return last === before;
        },
        { intervals: [500] },
      )
      .toBe(true);
    return last;
  };
  const first = await at(4);
  const other = await at(7);
  const again = await at(4);
  expect(again).toEqual(first);
  expect(other.positions).not.toBe(first.positions);
  expect(other.picture).not.toBe(first.picture);
});

test('reloading reproduces every bit', full, async ({ page }) => {
  await openAtEnd(page);
  const before = await digests(page, end);
  await page.reload();
  await sampled(page);
  expect(await digests(page, end)).toEqual(before);
});

shared('new noise starts elsewhere, and its seed brings it back', async ({ page }) => {
  await openAtEnd(page);
  const starts = await digests(page, 0);
  const ends = await digests(page, end);
  await page.getByRole('button', { name: 'New noise' }).click();
  await expect(page.getByLabel('Seed')).not.toHaveValue('1');
  await expect.poll(() => digest(page, 1, 0)).not.toBe(starts[0]);
  await sampled(page);
  const fresh = await digests(page, 0);
  expect(new Set(fresh).size).toBe(1);

  await page.getByLabel('Seed').fill('1');
  await page.getByLabel('Seed').press('Enter');
  await expect.poll(() => digests(page, end)).toEqual(ends);
});

shared('another scheme, solver and count of steps are sampled at once', async ({ page }) => {
  await openAtEnd(page);
  await choose(page, 1, 'sigma-scaling');
  await expect(panel(page, 1).getByRole('slider', { name: "Guide's factor on sigma" })).toBeVisible();
  const heun = await digest(page, 3, end);
  await (await more(page, 3)).getByLabel('Solver').selectOption('euler');
  await expect.poll(() => digest(page, 3, end)).not.toBe(heun);
  const steps = page.getByRole('spinbutton', { name: 'Steps' });
  await steps.fill('12');
  await steps.press('Enter');
  await expect(scrubber(page)).toHaveAttribute('aria-valuetext', 'sigma 0, step 12 of 12');
  await expect.poll(() => digest(page, 3, 12)).not.toBeNull();
  await sampled(page);
});
