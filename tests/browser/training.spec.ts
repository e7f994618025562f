// Networks that are trained in the tab: panels follow them as they learn.
import type { Page } from '@playwright/test';
import { expect, measure, openAtEnd, panel, sampled, small, test, violations } from './fixture.js';

const section = (page: Page) => page.locator('gp-train-study');
const mains = (page: Page) =>
  page.evaluate(() => window.guidancePlayground.state().panels.map(({ scheme: { main, guide } }) => [main.model, guide?.model ?? null]));

async function open(page: Page): Promise<void> {
  await section(page).locator('summary').click();
  await expect(section(page).getByRole('button', { name: 'Train', exact: true })).toBeVisible();
}

/** A small network of few particles. */
async function plan(page: Page, iterations: string): Promise<void> {
  await section(page).getByLabel('Width').selectOption('16');
  await section(page).getByLabel('Batch').selectOption('256');
  await section(page).getByLabel('Iterations').selectOption(iterations);
}

test('a main network and its guides learn what is sampled, and panels have them', async ({ page }) => {
  test.slow();
  await openAtEnd(page, `?engine=cpu#${small}&distribution=two-moons`);
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  await open(page);
  expect(requests.filter((url) => /\.wasm/.test(url))).toEqual([]);
  expect(await mains(page)).toEqual([
    ['exact', null],
    ['exact', 'exact'],
    ['exact', 'exact'],
  ]);
  await plan(page, '512');
  expect(await violations(page)).toEqual([]);
  await section(page).getByRole('button', { name: 'Train', exact: true }).click();
  await expect(section(page).getByRole('status')).toContainText('iteration', { timeout: 60_000 });
  await section(page).getByRole('button', { name: 'Pause' }).click();
  await expect(section(page).getByRole('status')).toContainText('it rests');
  const rested = await section(page).getByRole('status').innerText();
  await section(page).getByRole('button', { name: 'Resume' }).click();
  await expect(section(page).getByRole('status')).not.toHaveText(rested);
  await expect(section(page).getByRole('status')).toContainText('Trained', { timeout: 120_000 });

  // All three panels: the main network, and each guide where the paper has it.
  await sampled(page);
  const [none, free, auto] = await mains(page);
  expect(none![0]).toMatch(/^own-trained-16/);
  expect([free![0], auto![0]]).toEqual([none![0], none![0]]);
  expect(free![1]).toMatch(/^own-trained-8-b256-AB-64-/);
  expect(auto![1]).toMatch(/^own-trained-8-b256-A-64-/);
  // A small network is no perfect sampler, and has learned something: a tenth of the particles would be within by chance.
  const outliers = Number.parseFloat(await measure(page, 1, 'outliers').innerText());
  expect(outliers).toBeGreaterThan(2);
  expect(outliers).toBeLessThan(90);
  // Its snapshots fill the slider: 64, 128, 256, 512.
  const slider = panel(page, 1).getByRole('slider', { name: 'Snapshot of the main' });
  await expect(slider).toHaveAttribute('max', '3');
  await expect(slider).toHaveAttribute('aria-valuetext', '512 iterations');
  await slider.press('ArrowLeft');
  await expect(slider).toHaveAttribute('aria-valuetext', '256 iterations');
  await sampled(page);

  // Other data bring exact models back, and these bring the networks back.
  const data = page.getByLabel('Data', { exact: true });
  await data.selectOption('two-rings');
  await sampled(page);
  expect((await mains(page))[0]![0]).toBe('exact');
  await data.selectOption('two-moons');
  await sampled(page);
  expect((await mains(page))[0]![0]).toMatch(/^own-trained-16/);

  const saving = page.waitForEvent('download');
  await section(page)
    .getByRole('button', { name: /^Save trained-16-b256:A/ })
    .click();
  expect((await saving).suggestedFilename()).toBe('trained-16-b256-A-512.safetensors');
});

test('a training that its page was left in goes on', async ({ page }) => {
  await openAtEnd(page, `?engine=cpu#${small}&distribution=eight-gaussians`);
  await open(page);
  await plan(page, '4096');
  await section(page).getByRole('button', { name: 'Train', exact: true }).click();
  await expect(section(page).getByRole('status')).toContainText('iterations a second', { timeout: 60_000 });
  await section(page).getByRole('button', { name: 'Pause' }).click();
  await expect(section(page).getByRole('status')).toContainText('it rests');
  const at = /iteration ([\d,]+) of/.exec(await section(page).getByRole('status').innerText())![1]!;
  await page.goto('about:blank');
  await openAtEnd(page, `?engine=cpu#${small}&distribution=eight-gaussians`);
  await open(page);
  await expect(section(page)).toContainText(`was left at iteration ${at} of 4,096`);
  await section(page).getByRole('button', { name: 'Go on with the last' }).click();
  await expect(section(page).getByRole('status')).toContainText('iterations a second', { timeout: 60_000 });
  await section(page).getByRole('button', { name: 'Stop' }).click();
  await expect(section(page).getByRole('status')).toHaveText('Stopped.');
});
