// Pictures on the WebGPU engine in the page, on Chromium's software adapter: few pictures and steps, for it is slow.
import type { Page } from '@playwright/test';
import type { ImagesEngine } from '../../www/images/engine/engine.js';
import { choose, engine, expect, notice, openAtEnd, panel, sampled } from './fixture.js';
import { devices, narrow, test } from './webgpu.js';

const steps = 3;
const pictures = 4;
const settings = `#v=1&lab=images&prompt=night+rocket&pictures=${pictures}&levels=~steps:${steps}`;
/** What single steps of the engines may differ by, of a picture's largest number (src/images/engine/gpu/mod.rs). */
const tolerance = 2e-5;

interface Shown {
  data: number[];
  estimates: number[];
}

/** All pictures of a panel after each step, and how its result is read. */
function runOf(page: Page, number: number): Promise<{ frames: Shown[]; readings: (number | null)[] }> {
  return page.evaluate(
    ([index, steps]) => {
      const { engine, currentState } = document.querySelector('guidance-playground')!.instrument!;
      const { id } = currentState.panels[index!]!;
      const images = engine as unknown as ImagesEngine;
      const frames = Array.from({ length: steps! + 1 }, (_, step) => {
        const { data, estimates } = images.frame(id, step)!;
        return { data: [...data], estimates: [...estimates] };
      });
      const readings = images.runs(id).shown!.metrics!.readings.map((reading) => reading?.picture ?? null);
      return { frames, readings };
    },
    [number - 1, steps],
  );
}

function distance(here: number[], there: number[]): number {
  const largest = there.reduce((most, number) => Math.max(most, Math.abs(number)), 1);
  return here.reduce((most, number, at) => Math.max(most, Math.abs(number - there[at]!) / largest), 0);
}

test.use({ expectedErrors: /WebGPU|GPU|wgpu|device/i });

/** In one page, since the shaders of every page take seconds to compile. */
test('Pictures on WebGPU, in software', async ({ page }) => {
  // Each layer of the network has a shader of its own.
  test.slow();
  await page.setViewportSize(narrow);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  const cores = () => asked.filter((address) => address.endsWith('.wasm')).length;
  const open = (query: string) => openAtEnd(page, query + settings);
  const all = () => Promise.all([1, 2, 3].map((number) => runOf(page, number)));
  let cpus: Awaited<ReturnType<typeof all>> = [];

  await test.step('are drawn by the CPU where no device is asked for, and nothing of one is fetched', async () => {
    await open('');
    await expect(engine(page)).toHaveAttribute('data-engine', 'cpu');
    await expect(notice(page)).toHaveText('WebGPU has only a software adapter here, which is slower.');
    cpus = await all();
    expect(cores()).toBe(1);
    expect(devices(page)).toHaveLength(0);
  });

  await test.step('are those of the CPU after every step, and are read alike', async () => {
    await open('?engine=webgpu');
    await expect(engine(page)).toHaveAttribute('data-engine', 'webgpu');
    await expect(engine(page)).toHaveText(/^Sampled by WebGPU \(.*SwiftShader.*\), .+ pictures × steps a second/i);
    await expect(notice(page)).toBeEmpty();
    expect(devices(page)).toHaveLength(1);
    for (const [index, { frames, readings }] of (await all()).entries()) {
      const others = cpus[index]!;
      expect(readings, `panel ${index + 1}`).toEqual(others.readings);
      for (const [step, { data, estimates }] of frames.entries()) {
        expect(data).toHaveLength(pictures * 32 * 32 * 3);
        const far = Math.max(distance(data, others.frames[step]!.data), distance(estimates, others.frames[step]!.estimates));
        // Each step begins where the one before it came to on its own engine.
        expect(far, `panel ${index + 1}, step ${step}`).toBeLessThanOrEqual(tolerance * step);
      }
    }
  });

  await test.step('of a scheme that the device refuses are drawn by the CPU, in its panel alone', async () => {
    const before = await all();
    // Its guide is an exact model.
    await choose(page, 2, 'heavy-tail-gaussian');
    await sampled(page, 2);
    await expect(panel(page, 2)).toContainText('This scheme runs on the CPU: ');
    await expect(panel(page, 2)).toContainText('it is the exact model.');
    await expect(engine(page)).toHaveAttribute('data-engine', 'webgpu');
    const handed = await all();
    expect(handed[1]!.frames[0]).toEqual(before[1]!.frames[0]);
    expect(handed[1]!.frames[steps]).not.toEqual(before[1]!.frames[steps]);
    expect([handed[0], handed[2]]).toEqual([before[0], before[2]]);

    await choose(page, 2, 'cfg4');
    await sampled(page, 2);
    await expect(panel(page, 2)).not.toContainText('This scheme runs on the CPU');
    expect(await all()).toEqual(before);
  });

  await test.step('are saved as a film of as many frames as steps, and the noise', async () => {
    const frames = await page.evaluate(async () => {
      const film = await document.querySelector('guidance-playground')!.exportImage('gif');
      const decoder = new ImageDecoder({ data: await film.arrayBuffer(), type: 'image/gif' });
      await decoder.tracks.ready;
      await decoder.completed;
      return decoder.tracks.selectedTrack!.frameCount;
    });
    expect(frames).toBe(steps + 1);
    await expect(engine(page)).toHaveAttribute('data-engine', 'webgpu');
  });

  await test.step('come to the same where nobody sees them', async () => {
    const [seen, unseen] = await page.evaluate(async () => {
      const { engine, currentState } = document.querySelector('guidance-playground')!.instrument!;
      const images = engine as unknown as ImagesEngine;
      const { config, metrics } = images.runs(currentState.panels[1]!.id).shown!;
      const sampled = await images.sample(config);
      return [{ engine: 'webgpu', metrics: metrics! }, sampled];
    });
    expect(unseen).toMatchObject(seen!);
  });
});

test('Pictures come again after a device is lost, and from the CPU after it is lost again', async ({ page }) => {
  test.slow();
  await page.setViewportSize(narrow);
  // Of one panel: each device compiles its shaders anew.
  await openAtEnd(page, `?engine=webgpu${settings}&schemes=none`);
  const before = await runOf(page, 1);
  const lose = () => page.evaluate(() => document.querySelector('guidance-playground')!.instrument!.engine!.loseDevice());
  await lose();
  await expect(notice(page)).toHaveText(/^The graphics processor stopped.*\. It was opened again, and everything sampled anew\.$/);
  await expect(engine(page)).toHaveAttribute('data-engine', 'webgpu');
  await sampled(page);
  expect(await runOf(page, 1)).toEqual(before);

  await lose();
  await expect(notice(page)).toHaveText(/^The graphics processor stopped.*\. The CPU has taken over\.$/);
  await expect(engine(page)).toHaveAttribute('data-engine', 'cpu');
  await sampled(page);
  const { frames, readings } = await runOf(page, 1);
  expect(frames[0]).toEqual(before.frames[0]);
  expect(readings).toEqual(before.readings);
  expect(devices(page)).toHaveLength(0);
});
