// The WebGPU engine in the page, on Chromium's software adapter: few particles and steps, for it is slow.
import type { Page } from '@playwright/test';
import {
  choose,
  digests,
  engine,
  expect,
  full,
  idle,
  inkBySquare,
  more,
  notice,
  panel,
  particlePixels,
  positions,
  sampled,
  scrubTo,
} from './fixture.js';
import { instruments, likerThan, openSeveral, positionsOf, sampledIn, stepsDone, visitAll } from './several.js';
import { devices, endsOfAll, inject, narrow, open, particles, severalAttributes, steps, test } from './webgpu.js';

/** Refuses all rules but the plainest, as a device may what it has no memory for. */
const refusal = `
  const failure = { code: 'invalid', message: 'The device cannot do this.', advice: '' };
  let hear;
  Object.defineProperty(self, 'onmessage', { set: (handler) => (hear = handler) });
  self.addEventListener('message', (event) => {
    const { type, run, config } = event.data;
    const refused = type === 'open' && config.scheme.combination !== 'lerp';
    if (refused) self.postMessage({ type: 'failed', run, failure });
    else hear(event);
  });`;

/** Notes in the worker when an outline has been found, and when particles move. */
const notes = `
  self.noted = [];
  const { createBuffer } = GPUDevice.prototype;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    if (descriptor.label === 'grid') self.noted.push('outlined');
    return createBuffer.call(this, descriptor);
  };
  const { setPipeline } = GPUComputePassEncoder.prototype;
  GPUComputePassEncoder.prototype.setPipeline = function (pipeline) {
    if (pipeline.label === 'guided_step') self.noted.push('moved');
    return setPipeline.call(this, pipeline);
  };`;

/** In one page, since the shaders of every page take seconds to compile. */
test('WebGPU, in software', async ({ page }) => {
  await page.setViewportSize(narrow);
  await inject(page, refusal + notes);
  let starts: (string | null)[] = [];
  let cpuEnds: number[][] = [];

  await test.step('is passed over for the CPU, with a reason', async () => {
    await open(page, '');
    await expect(engine(page)).toHaveAttribute('data-engine', 'cpu');
    await expect(notice(page)).toHaveText('WebGPU has only a software adapter here, which is slower.');
    starts = await digests(page, 0);
    cpuEnds = await endsOf(page);
  });

  await test.step('samples and draws where it is forced', async () => {
    await open(page, '?engine=webgpu');
    await expect(engine(page)).toHaveAttribute('data-engine', 'webgpu');
    await expect(engine(page)).toHaveText(
      /^Sampled by WebGPU \(.*SwiftShader.*\), .+ particles × steps a second\.( To keep up, one particle in \d+ is drawn while pictures move\.)?$/i,
    );
    await expect(notice(page)).toBeEmpty();
    for (const number of [1, 2, 3]) {
      await expect(panel(page, number)).toContainText('512 particles');
      await expect.poll(() => particlePixels(page, number)).toBeGreaterThan(200);
    }
  });

  await test.step('has found the outlines of everything before the first particle moves', async () => {
    const worker = page.workers().find((each) => each.url().includes('gpu-worker'))!;
    const noted = await worker.evaluate(() => (self as unknown as { noted: string[] }).noted);
    expect(noted[0]).toBe('outlined');
    expect(noted.indexOf('moved')).toBeGreaterThan(noted.lastIndexOf('outlined'));
  });

  await test.step('starts from the same noise and ends in the same places as the CPU', async () => {
    expect(await digests(page, 0)).toEqual(starts);
    for (const [index, here] of (await endsOf(page)).entries()) {
      const others = cpuEnds[index]!;
      let near = 0;
      for (let at = 0; at < here.length; at += 2) {
        if (Math.hypot(here[at]! - others[at]!, here[at + 1]! - others[at + 1]!) < 1e-3) near++;
      }
      expect(here).toHaveLength(2 * particles);
      expect(near / particles, `panel ${index + 1}`).toBeGreaterThan(0.95);
    }
  });

  await test.step('lights particles where the device has them', async () => {
    const number = page.getByRole('spinbutton', { name: 'Light number' });
    await number.fill('3');
    await number.press('Enter');
    const cells = page.locator('gp-lit-table tbody tr').first().locator('td');
    const [unguided, guided] = [await positions(page, 1, steps), await positions(page, 3, steps)];
    const moved = Math.hypot(guided[6]! - unguided[6]!, guided[7]! - unguided[7]!);
    // The way that it would have gone unguided is the processor's.
    await expect.poll(async () => Math.abs(Number(await cells.nth(8).innerText()) - moved)).toBeLessThan(0.002);
  });

  await test.step('leaves a scheme that it refuses to the CPU, in its panel alone, and takes the next again', async () => {
    const before = await digests(page, steps);
    await choose(page, 2, 'apg');
    await sampled(page, 2);
    await expect(panel(page, 2)).toContainText('This scheme runs on the CPU: The device cannot do this.');
    await expect.poll(() => particlePixels(page, 2)).toBeGreaterThan(200);
    await expect(engine(page)).toHaveAttribute('data-engine', 'webgpu');
    const handed = await digests(page, steps);
    expect([handed[0], handed[2]]).toEqual([before[0], before[2]]);
    expect(handed[1]).not.toBe(before[1]);

    // What both refuse, the core says why.
    await choose(page, 2, 'cfg-plus-plus');
    await (await more(page, 2)).getByLabel('Solver').selectOption('heun');
    await expect(panel(page, 2).getByRole('alert')).toContainText('The solver of CFG++ must be Euler');
    await expect(panel(page, 2)).not.toContainText('This scheme runs on the CPU');

    await choose(page, 2, 'classifier-free');
    await sampled(page, 2);
    await expect(panel(page, 2)).not.toContainText('This scheme runs on the CPU');
    expect(await digests(page, steps)).toEqual(before);
    await expect.poll(() => particlePixels(page, 2)).toBeGreaterThan(200);
  });

  await test.step('is one device for three figures', async () => {
    await page.evaluate((attributes) => {
      const more = `<guidance-playground ${attributes} schemes="none" style="width: 300px"></guidance-playground>`.repeat(2);
      document.querySelector('guidance-playground')!.insertAdjacentHTML('afterend', more);
    }, severalAttributes);
    await visitAll(page);
    await expect(engine(page)).toHaveCount(3);
    for (const each of await engine(page).all()) await expect(each).toHaveAttribute('data-engine', 'webgpu');
    expect(devices(page)).toHaveLength(1);
    const ends = await endsOfAll(page, 0);
    expect(ends[0]).not.toBe('null');
    expect(ends).toEqual(Array(3).fill(ends[0]));
    expect(devices(page)).toHaveLength(1);

    // Who leaves takes nothing along.
    await page.evaluate(() => document.querySelector('guidance-playground')!.remove());
    await expect(instruments(page)).toHaveCount(2);
    expect(await endsOfAll(page, 0)).toEqual(ends.slice(1));
    await page.evaluate(() => document.querySelectorAll('guidance-playground').forEach((each) => each.remove()));
    await expect.poll(() => page.workers().length).toBe(0);
  });
});

/** Where the particles of all three panels end. */
async function endsOf(page: Page): Promise<number[][]> {
  return [await positions(page, 1, steps), await positions(page, 2, steps), await positions(page, 3, steps)];
}

test('both engines draw the same picture of the same particles', full, async ({ page }) => {
  const squaresOf = () => inkBySquare(page, 1, 8);
  /** Goes to the first positions, which are the same to the last bit, and looks at both shadings. */
  const look = async (query: string, at: (density: boolean) => Promise<void>) => {
    await open(page, query);
    await scrubTo(page, 0);
    for (const density of [false, true]) {
      await page.getByLabel('Shade by density').setChecked(density);
      await expect.poll(() => particlePixels(page, 1)).toBeGreaterThan(200);
      await at(density);
    }
  };
  const cpu: number[][] = [];
  await look('?engine=cpu', async () => {
    // Until the worker has drawn it, and all of it: a slow machine draws some of the particles first.
    let last: number[] = [];
    const rests = async () => {
      const before = last;
      await idle(page);
      last = await squaresOf();
      return last.length === before.length && last.every((ink, square) => ink === before[square]);
    };
    await expect.poll(rests, { intervals: [0] }).toBe(true);
    cpu.push(last);
  });
  expect(cpu[0]).not.toEqual(cpu[1]);
  // In the middle stands the tree, small: how its branches of less than a pixel are drawn is each engine's own.
  const squares = Math.sqrt(cpu[0]!.length);
  const fromMiddle = (square: number) => Math.hypot((square % squares) - squares / 2, Math.floor(square / squares) - squares / 2);
  await look('?engine=webgpu', async (density) => {
    const expected = cpu[Number(density)]!;
    expect(Math.max(...expected)).toBeGreaterThan(0.1);
    const difference = async () => {
      const inks = await squaresOf();
      return Math.max(...inks.map((ink, square) => (fromMiddle(square) > squares / 8 ? Math.abs(ink - expected[square]!) : 0)));
    };
    // The processor's discs stand on quarters of pixels, so that one moves a little into the next square.
    await expect.poll(difference, { message: density ? 'density' : 'points' }).toBeLessThan(0.05);
  });
});

test('a change while particles are still on their way begins anew', full, async ({ page }) => {
  await open(page, '?engine=webgpu');
  const starts = await digests(page, 0);
  await page.getByLabel('Particles', { exact: true }).selectOption('16384');
  await expect(panel(page, 3).getByRole('progressbar')).toBeVisible();
  await page.getByLabel('Particles', { exact: true }).selectOption(String(particles));
  await sampled(page);
  expect(await digests(page, 0)).toEqual(starts);
});

test('ten embeds share one device, and each waits until it is seen', full, async ({ page }) => {
  const schemes = 'schemes="none"';
  await openSeveral(page, 10, { attributes: `${severalAttributes} ${schemes}`, gap: 300 });
  const ends = new Set<string>();
  for (let index = 0; index < 10; index++) {
    const embed = page.locator('guidance-playground').nth(index);
    const instrument = embed.locator('gp-instrument');
    // Near the window it may be there, and waits.
    if (index > 1 && (await instrument.count()) > 0) expect(Math.max(...(await stepsDone(instrument)))).toBeLessThan(1);
    await embed.evaluate((element) => element.scrollIntoView());
    await sampledIn(instrument);
    ends.add(JSON.stringify(await positionsOf(instrument, 0, steps)));
  }
  expect([...ends]).toHaveLength(1);
  expect(ends).not.toContain('null');
  expect(devices(page)).toHaveLength(1);
});

test('embeds of other data have their own outlines on one device', full, async ({ page }) => {
  // Without a graphics processor each distribution's shaders take their time.
  test.setTimeout(300_000);
  await page.setViewportSize({ width: 1400, height: 1700 });
  const look = 'step="0" follow="false" view="0.3,0.3,1.2"';
  await openSeveral(page, 2, { attributes: `engine="webgpu" schemes="none" particles="512" levels="~steps:2" ${look}` });
  const [tree, moons] = ['tree-2', 'two-moons'] as const;
  await page
    .locator('guidance-playground')
    .nth(1)
    .evaluate((element, moons) => element.setAttribute('distribution', moons), moons);
  await expect(instruments(page)).toHaveCount(2);
  const [one, other] = [instruments(page).first(), instruments(page).nth(1)];
  for (const each of [one, other]) await sampledIn(each);
  await page
    .locator('section')
    .first()
    .evaluate((section) => section.setAttribute('aria-label', 'Panel 2'));
  const patience = { timeout: 120_000, intervals: [2000] };
  await expect.poll(() => likerThan(moons, tree, other, page, 1), patience).toBeGreaterThan(1.5);
  await expect.poll(() => likerThan(tree, moons, one, page, 2), patience).toBeGreaterThan(1.5);
  expect(await positionsOf(other, 0, 2)).not.toEqual(await positionsOf(one, 0, 2));
  expect(devices(page)).toHaveLength(1);
});

test('a graphics processor is given more particles, shaded by density', full, async ({ page }) => {
  // Software that says it is not: the worker's word is changed on its way.
  await page.addInitScript(() => {
    const property = Object.getOwnPropertyDescriptor(Worker.prototype, 'onmessage')!;
    Object.defineProperty(Worker.prototype, 'onmessage', {
      ...property,
      set(this: Worker, listener: (event: MessageEvent) => void) {
        property.set!.call(this, (event: MessageEvent<{ type?: string; software?: boolean }>) => {
          if (event.data?.type === 'ready' && event.data.software) event.data.software = false;
          listener.call(this, event);
        });
      },
    });
  });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('./?engine=webgpu');
  await expect(page.getByLabel('Particles', { exact: true })).toHaveValue('16384');
  await expect(page.getByLabel('Shade by density')).toBeChecked();
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled();
  await page.getByLabel('Particles', { exact: true }).selectOption('512');
  await expect(page.getByLabel('Shade by density')).not.toBeChecked();
  await sampled(page);
});

test('a rule of one’s own moves particles as it does on the CPU', async ({ page }) => {
  test.slow();
  await page.setViewportSize(narrow);
  const text = 'param g = 0.5 in 0..1\nm = g * m + D1 - D0\nD1 + (w - 1) * sin(1) * m';
  const rule = encodeURIComponent(JSON.stringify({ own: { text, values: { g: 0.25 } } }));
  const ends: number[][] = [];
  for (const kind of ['cpu', 'webgpu']) {
    await open(page, `?engine=${kind}`, `&schemes=autoguidance~combination:${rule}`);
    await expect(engine(page)).toHaveAttribute('data-engine', kind);
    await expect(panel(page, 1)).not.toContainText('This scheme runs on the CPU');
    ends.push(await positions(page, 1, steps));
  }
  const [cpu, gpu] = ends as [number[], number[]];
  const far = cpu.filter((coordinate, at) => !(Math.abs(coordinate - gpu[at]!) < 1e-3));
  expect(cpu).toHaveLength(2 * particles);
  expect(far.length / cpu.length).toBeLessThan(0.05);
});
