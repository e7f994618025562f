// What the page says when something cannot be had.
import { expect, panel, sampled, small, test } from './fixture.js';

test.describe('with failing requests', () => {
  test.use({ expectedErrors: /Failed to load resource/ });

  test('says that the sampler could not be fetched, and tries again when asked', async ({ page }) => {
    await page.route('**/*.wasm', (route) => route.abort());
    await page.goto(`./#${small}`);
    const notice = page.getByRole('alert');
    await expect(notice).toContainText('could not be loaded');
    await expect(notice).toContainText('Check the connection');
    await page.unroute('**/*.wasm');
    await page.getByRole('button', { name: 'Try again' }).click();
    await sampled(page);
    await expect(notice).toHaveCount(0);
  });

  test('says which weights could not be fetched, and shows the other panels', async ({ page }) => {
    await page.route('**/guide-AB32-0512*', (route) => route.fulfill({ status: 404 }));
    await page.goto(`./#${small}`);
    await expect(panel(page, 2).getByRole('alert')).toContainText('guide-32-0512:AB could not be fetched (HTTP status 404)');
    await sampled(page, 1, 3);
    await page.unroute('**/guide-AB32-0512*');
    await panel(page, 2).getByRole('button', { name: 'Try again' }).click();
    await sampled(page, 2);
  });

  test('says so when the worker cannot start', async ({ page }) => {
    await page.route('**/pool-worker-*.js', (route) => route.abort());
    await page.goto(`./#${small}`);
    await expect(page.getByRole('alert')).toContainText('could not be started');
  });
});

test('what diverges has a sentence in place of metrics, and beside those of others stands how many are lost', async ({ page }) => {
  const wild = { guide: { model: 'guide-32-0512', condition: 'B' }, weight: 50, combination: { powerLaw: { power: 5 } } };
  const schemes = encodeURIComponent(JSON.stringify([wild, { ...wild, weight: 4 }]));
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`./?engine=cpu#v=1&particles=512&levels=~steps:8&coverage=1&schemes=${schemes}`);
  const alert = panel(page, 1).getByRole('alert');
  await expect(alert).toContainText('Particle 0 left the range of numbers: 512 of 512 are lost. Lower the weight or add steps.');
  await expect(panel(page, 1).locator('gp-panel-results')).not.toContainText(/\d±|\d ±/);
  await expect(panel(page, 1).locator('gp-branch-coverage .legend')).toHaveCount(0);
  await sampled(page, 2);
  const told = panel(page, 2).locator('gp-panel-results [data-lost]');
  await expect(told).toHaveText(/^[1-9]\d* of 512 lost; all metrics are of the others$/);
  const [lost] = (await told.textContent())!.split(';');
  // In the legend too, whose words stay in its box.
  const legend = panel(page, 2).locator('gp-branch-coverage .legend');
  await expect(legend.locator('[data-lost]')).toHaveText(lost!);
  expect(await legend.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
  await expect(panel(page, 2).getByRole('img', { name: `${lost}.` })).toBeVisible();
});

test('says that SIMD is missing', async ({ page }) => {
  await page.addInitScript(() => {
    WebAssembly.validate = () => false;
  });
  await page.goto(`./#${small}`);
  await expect(page.getByRole('alert')).toContainText('lacks SIMD');
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('says that JavaScript is off', async ({ page }) => {
    await page.goto('./');
    await expect(page.locator('noscript p')).toBeVisible();
  });
});
