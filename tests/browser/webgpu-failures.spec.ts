// The WebGPU engine in the page, where the device or its worker fails.
import { readFile } from 'node:fs/promises';
import { digest, engine, expect, full, notice, particlePixels, sampled } from './fixture.js';
import { openSeveral, visitAll } from './several.js';
import { devices, endsOfAll, expectOpeningState, inject, narrow, open, particles, severalAttributes, test } from './webgpu.js';

test.describe('when the device fails', () => {
  test.use({ expectedErrors: /WebGPU|GPU|wgpu|device|pipeline|shader/i });

  test('it fails for all embeds, and is opened once more for all', full, async ({ page }) => {
    await openSeveral(page, 2, { attributes: severalAttributes });
    await visitAll(page);
    await expect(engine(page)).toHaveCount(2);
    for (const each of await engine(page).all()) await expect(each).toHaveAttribute('data-engine', 'webgpu');
    const ends = await endsOfAll(page);
    await page.evaluate(() => window.guidancePlayground.loseDevice());
    for (const each of await notice(page).all()) await expect(each).toContainText('It was opened again');
    await expect.poll(() => devices(page).length).toBe(1);
    expect(await endsOfAll(page)).toEqual(ends);

    await page.evaluate(() => window.guidancePlayground.loseDevice());
    for (const each of await notice(page).all()) await expect(each).toContainText('The CPU has taken over');
    for (const each of await engine(page).all()) await expect(each).toHaveAttribute('data-engine', 'cpu');
    await endsOfAll(page);
    expect(devices(page)).toHaveLength(0);
  });

  test('a lost device is opened once more, and lost again leaves the CPU, from the same seed', async ({ page }) => {
    await page.setViewportSize(narrow);
    // Of one panel: each device compiles its shaders anew.
    await open(page, '?engine=webgpu', '&schemes=none');
    const starts = await digest(page, 1, 0);
    const lose = () => page.evaluate(() => window.guidancePlayground.loseDevice());

    await lose();
    await expect(notice(page)).toHaveText(/^The graphics processor stopped.*\. It was opened again, and everything sampled anew\.$/);
    await expect(engine(page)).toHaveAttribute('data-engine', 'webgpu');
    await sampled(page);
    expect(await digest(page, 1, 0)).toEqual(starts);

    await lose();
    await expect(notice(page)).toHaveText(/^The graphics processor stopped.*\. The CPU has taken over\.$/);
    await expect(engine(page)).toHaveAttribute('data-engine', 'cpu');
    await sampled(page);
    expect(await digest(page, 1, 0)).toEqual(starts);
    await expect.poll(() => particlePixels(page, 1)).toBeGreaterThan(200);
    await expectOpeningState(page);
  });

  test('a sweep goes on where the device is lost, and ends on the CPU', full, async ({ page }) => {
    await open(page, '?engine=webgpu');
    await expect(engine(page)).toHaveAttribute('data-engine', 'webgpu');
    const study = page.locator('gp-sweep-study');
    await study.getByText('Sweep', { exact: true }).click();
    await study.getByLabel('Particles', { exact: true }).selectOption(String(particles));
    await study.getByLabel('Points', { exact: true }).fill('9');
    await study.getByRole('button', { name: 'Run the sweep' }).click();
    await expect(study.locator('[data-left]')).toHaveText(/^[1-4] of 9 runs/);
    for (const aftermath of ['opened again', 'The CPU has taken over']) {
      await page.evaluate(() => window.guidancePlayground.loseDevice());
      await expect(notice(page)).toContainText(aftermath);
    }
    await expect(study.locator('[data-said]')).toHaveText('The sweep of Autoguidance is done.');
    const [download] = await Promise.all([page.waitForEvent('download'), study.getByRole('button', { name: 'Save JSON' }).click()]);
    const { rows } = JSON.parse(await readFile(await download.path(), 'utf8'));
    expect(new Set(rows.map(({ value }: { value: number }) => value)).size).toBe(9);
    expect(new Set(rows.map(({ engine }: { engine: string }) => engine))).toEqual(new Set(['webgpu', 'cpu']));
  });

  test('a canvas that something else draws on leaves the CPU', full, async ({ page }) => {
    await page.addInitScript(() => {
      // Taken before the page can hand them over: those of the first three panels.
      const { transferControlToOffscreen } = HTMLCanvasElement.prototype;
      let taken = 0;
      HTMLCanvasElement.prototype.transferControlToOffscreen = function () {
        if (taken++ < 3) this.getContext('2d');
        return transferControlToOffscreen.call(this);
      };
    });
    await open(page, '?engine=webgpu');
    await expect(engine(page)).toHaveAttribute('data-engine', 'cpu');
    await expect(notice(page)).toContainText('something else draws on it. The CPU has taken over.');
    await expect.poll(() => particlePixels(page, 3)).toBeGreaterThan(200);
    await expectOpeningState(page);
  });

  const faultsOfOpening = {
    'an adapter that is missing': 'Object.defineProperty(navigator, "gpu", { value: undefined });',
    'a device that is refused': 'GPUAdapter.prototype.requestDevice = () => Promise.reject(new Error("refused"));',
    'a worker that stops': 'throw new Error("device trouble");',
  };
  for (const [name, fault] of Object.entries(faultsOfOpening)) {
    test(`${name} leaves the CPU`, name.includes('refused') ? {} : full, async ({ page }) => {
      await inject(page, fault);
      await open(page, '?engine=webgpu');
      await expect(engine(page)).toHaveAttribute('data-engine', 'cpu');
      await expect(notice(page)).toHaveText(/^The address asks for WebGPU, which cannot be had: .+ The CPU samples instead\.$/);
      await expectOpeningState(page);
    });
  }

  const faultsOfRuns = {
    'a shader that is refused': {
      fault: `const { createShaderModule } = GPUDevice.prototype;
        GPUDevice.prototype.createShaderModule = function (descriptor) {
          const code = descriptor.label === 'guided_step' ? 'nonsense' : descriptor.code;
          return createShaderModule.call(this, { ...descriptor, code });
        };`,
      notice: 'The graphics processor refused a shader. The CPU has taken over.',
    },
    'memory that runs out': {
      fault: `const { createBuffer } = GPUDevice.prototype;
        GPUDevice.prototype.createBuffer = function (descriptor) {
          const size = descriptor.label === 'path' ? 2 ** 40 : descriptor.size;
          return createBuffer.call(this, { ...descriptor, size });
        };`,
      notice: 'The graphics processor has not enough memory for this many particles and steps. The CPU has taken over.',
    },
  };
  for (const [name, { fault, notice: sentence }] of Object.entries(faultsOfRuns)) {
    test(`${name} leaves the CPU, from the same seed`, name.includes('refused') ? {} : full, async ({ page }) => {
      await inject(page, fault);
      await open(page, '?engine=webgpu');
      await expect(engine(page)).toHaveAttribute('data-engine', 'cpu');
      await expect(notice(page)).toHaveText(sentence);
      await expect.poll(() => particlePixels(page, 1)).toBeGreaterThan(200);
      await expectOpeningState(page);
    });
  }

  test('an adapter that never answers is waited for two seconds', async ({ page }) => {
    await page.addInitScript(() => {
      GPU.prototype.requestAdapter = () => new Promise(() => {});
    });
    await open(page, '');
    await expect(engine(page)).toHaveAttribute('data-engine', 'cpu');
    await expect(notice(page)).toHaveText('WebGPU gave no answer within 2 seconds.');
  });
});
