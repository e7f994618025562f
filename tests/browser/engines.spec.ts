// Which engine samples, what the page says of it, and that they agree.
import type { Page } from '@playwright/test';
import { choose, digest, digests, engine, expect, more, notice, openAtEnd, panel, sampled, small, test, weight, full } from './fixture.js';

/** Makes the page believe that the machine has so many cores. */
async function pretendCores(page: Page, cores: number): Promise<void> {
  await page.addInitScript((count) => {
    Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => count, configurable: true });
  }, cores);
}

test('without an adapter the CPU samples, and the page says why, on what and how fast', async ({ page }) => {
  await openAtEnd(page, `#${small}`);
  await expect(engine(page)).toHaveAttribute('data-engine', 'cpu');
  await expect(engine(page)).toHaveText(
    /^Sampled by the CPU \(\d+ workers?, WebAssembly (relaxed )?SIMD\), [\d.]+ (thousand|million) particles × steps a second\.( To keep up, one particle in \d+ is drawn while pictures move\.)?$/,
  );
  await expect(notice(page)).toHaveText(/^WebGPU found no graphics adapter\.$|^This browser offers no WebGPU\.$/);
});

test('a forced CPU needs no excuse', full, async ({ page }) => {
  await openAtEnd(page, `?engine=cpu#${small}`);
  await expect(engine(page)).toHaveAttribute('data-engine', 'cpu');
  await expect(notice(page)).toBeEmpty();
});

test('a forced WebGPU that cannot be had is said, and the page works', async ({ page }) => {
  await openAtEnd(page, `?engine=webgpu#${small}`);
  await expect(engine(page)).toHaveAttribute('data-engine', 'cpu');
  await expect(notice(page)).toHaveText(/^The address asks for WebGPU, which cannot be had: .+ The CPU samples instead\.$/);
});

test('an engine that does not exist is said and ignored', full, async ({ page }) => {
  await openAtEnd(page, `?engine=nonsense#${small}`);
  await expect(notice(page)).toContainText('an engine named “nonsense”; there are only “webgpu” and “cpu”, so it is ignored.');
  await expect(engine(page)).toHaveAttribute('data-engine', 'cpu');
});

test('several workers give the same positions as one, to the last bit', async ({ page }) => {
  const sampleOn = async (cores: number) => {
    await pretendCores(page, cores);
    // So many that each worker has its part.
    await page.goto('about:blank');
    await openAtEnd(page, '#v=1&particles=1024&levels=~steps:8');
    await expect(engine(page)).toContainText(cores === 2 ? '1 worker,' : `${cores - 1} workers,`);
    const plain = [await digests(page, 5), await digests(page, 8)];
    // Particles that depend on each other, that remember, and that are pushed at random.
    await choose(page, 1, 'feynman-kac');
    await choose(page, 2, 'momentum');
    await (await more(page, 3)).getByLabel('Solver').selectOption('ancestral');
    await sampled(page);
    return [...plain, await digests(page, 5), await digests(page, 8)];
  };
  const alone = await sampleOn(2);
  expect(new Set(alone.flat()).size).toBe(12);
  expect(await sampleOn(4)).toEqual(alone);
});

test('a change while particles are still on their way begins anew', full, async ({ page }) => {
  await openAtEnd(page, '');
  const before = await digests(page, 32);
  await page.getByLabel('Particles', { exact: true }).selectOption('16384');
  await expect(panel(page, 3).getByRole('progressbar')).toBeVisible();
  const exact = panel(page, 3).getByRole('spinbutton', { name: 'Guidance weight' });
  await exact.fill('2');
  await exact.press('Enter');
  await page.getByLabel('Particles', { exact: true }).selectOption('4096');
  await sampled(page);
  await expect(weight(page, 3)).toHaveValue('2');
  const after = await digests(page, 32);
  expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
  expect(after[2]).not.toBe(before[2]);
  expect(await digest(page, 3, 0)).toBe(await digest(page, 1, 0));
});
