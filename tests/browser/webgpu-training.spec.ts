// Networks that are trained on a graphics processor, Chromium's in software, beside those of the CPU.
import type { Page } from '@playwright/test';
import { engine, expect } from './fixture.js';
import { narrow, open, test } from './webgpu.js';

const section = (page: Page) => page.locator('gp-train-study');
const status = (page: Page) => section(page).getByRole('status');
const button = (page: Page, name: string) => section(page).getByRole('button', { name, exact: true });
const deviceWorkers = (page: Page) => page.workers().filter((worker) => worker.url().includes('device-worker'));

/** Begins with one small network, as a rule of few particles. */
async function begin(page: Page, query: string, iterations: string, batch = '256'): Promise<void> {
  await page.setViewportSize(narrow);
  await open(page, query, '&schemes=none&distribution=two-moons');
  await section(page).locator('summary').click();
  await section(page).getByLabel('Networks').selectOption('one');
  await section(page).getByLabel('Width').selectOption('16');
  await section(page).getByLabel('Batch').selectOption(batch);
  await section(page).getByLabel('Iterations').selectOption(iterations);
  await button(page, 'Train').click();
}

interface Curve {
  iterations: number[];
  losses: number[];
}

function curve(page: Page): Promise<Curve> {
  return section(page).evaluate((study) => (study as unknown as { trainings: { curves: Curve[] } }).trainings.curves[0]!);
}

/** Keeps the devices of the worker that trains where a test can lose one. */
async function holdDevices(page: Page): Promise<void> {
  const hold = `
    self.devices = [];
    const { requestDevice } = GPUAdapter.prototype;
    GPUAdapter.prototype.requestDevice = async function (descriptor) {
      const device = await requestDevice.call(this, descriptor);
      self.devices.push(device);
      return device;
    };`;
  await page.route('**/device-worker-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `{ ${hold} } ${await response.text()}` });
  });
}

test('a device trains as the CPU does, rests, and has its network sampled', async ({ page }) => {
  await begin(page, '?engine=cpu', '512');
  await expect(status(page)).toContainText('by the CPU (');
  await expect(status(page)).toContainText('Trained');
  expect(deviceWorkers(page)).toHaveLength(0);
  const cpu = await curve(page);

  await page.goto('about:blank');
  await begin(page, '?engine=webgpu', '512');
  await expect(status(page)).toContainText(/by WebGPU \(.*SwiftShader.*\)/i);
  await button(page, 'Pause').click();
  await expect(status(page)).toContainText('it rests');
  const rested = await status(page).innerText();
  expect(rested).not.toContain('iteration 512 of');
  await button(page, 'Resume').click();
  await expect(status(page)).toContainText('Trained');
  expect(deviceWorkers(page)).toHaveLength(0);
  const device = await curve(page);
  expect(device.iterations).toEqual(cpu.iterations);
  // Roundings drive the weights of two engines apart, slowly: the native tests have a thousandth after 256 iterations.
  const early = cpu.iterations.filter((iteration) => iteration <= 256);
  expect(early.length).toBeGreaterThan(50);
  early.forEach((iteration, i) => expect(Math.abs(device.losses[i]! / cpu.losses[i]! - 1), `iteration ${iteration}`).toBeLessThan(0.002));
  // Other bits, for they were another's.
  expect(device.losses).not.toEqual(cpu.losses);
  const models = await page.evaluate(() => window.guidancePlayground.state().panels.map(({ scheme }) => scheme.main.model));
  expect(models).toEqual([expect.stringMatching(/^own-trained-16/)]);
});

test.describe('when the device fails', () => {
  test.use({ expectedErrors: /WebGPU|GPU|wgpu|device|ERR_FAILED/i });

  test('the CPU goes on from where it was last seen, and trains where no device can be opened', async ({ page }) => {
    await holdDevices(page);
    // So much that the CPU is not done before it is stopped.
    await begin(page, '?engine=webgpu', '4096', '1024');
    await expect(status(page)).toContainText('by WebGPU');
    await expect(status(page)).toContainText('iterations a second');
    const seen = (await curve(page)).iterations.at(-1)!;
    await deviceWorkers(page)[0]!.evaluate(() =>
      (self as unknown as { devices: { destroy(): void }[] }).devices.forEach((one) => one.destroy()),
    );
    await expect(section(page)).toContainText(/The graphics processor stopped.* The CPU has taken over\./);
    await expect(status(page)).toContainText('by the CPU (');
    expect(deviceWorkers(page)).toHaveLength(0);
    // What samples has a device of its own.
    await expect(engine(page)).toHaveAttribute('data-engine', 'webgpu');
    await expect.poll(async () => (await curve(page)).iterations.at(-1)!).toBeGreaterThan(seen);
    const { iterations } = await curve(page);
    expect(iterations.every((iteration, i) => i === 0 || iteration > iterations[i - 1]!)).toBe(true);
    await button(page, 'Stop').click();
    await expect(status(page)).toHaveText('Stopped.');

    await page.route('**/device-worker-*.js', (route) => route.abort());
    await button(page, 'Train').click();
    await expect(section(page)).toContainText(/WebGPU was asked for and cannot be had: .* The CPU trains instead\./);
    await expect(status(page)).toContainText('by the CPU (');
  });
});
