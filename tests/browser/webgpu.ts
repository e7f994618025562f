// The WebGPU engine in Chromium, which has it in software: what its tests have in common.
import type { Page } from '@playwright/test';
import { expect, openAtEnd, test as base } from './fixture.js';
import { instruments, positionsOf, sampledIn } from './several.js';

export const steps = 8;
export const particles = 512;
/** Small pictures. */
export const narrow = { width: 800, height: 700 };

/** Fails, or where REQUIRE_GPU is not set skips loudly, if there is no adapter at all to test with. */
export const test = base.extend({
  page: async ({ page }, use) => {
    await page.route('**/adapter.html', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><link rel="icon" href="data:,">' }),
    );
    await page.goto('./adapter.html');
    const there = await page.evaluate(async () => (await navigator.gpu?.requestAdapter()) != null);
    if (!there) {
      const message = 'NOT TESTED: this browser has no WebGPU adapter, not even in software.';
      if (process.env['REQUIRE_GPU'] === '1') throw new Error(message);
      console.error(message);
    }
    test.skip(!there, 'no WebGPU adapter');
    await use(page);
  },
});

/** Opens the page with few particles and steps, at its end. */
export function open(page: Page, query: string, more = ''): Promise<void> {
  return openAtEnd(page, `${query}#v=1&particles=${particles}&levels=~steps:${steps}${more}`);
}

export function expectOpeningState(page: Page): Promise<void> {
  return expect(page.getByLabel('Seed')).toHaveValue('1');
}

/** Lets the worker's browser do something amiss: code that runs there first. */
export async function inject(page: Page, fault: string): Promise<void> {
  await page.route('**/gpu-worker-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `{ ${fault} } ${await response.text()}` });
  });
}

export const severalAttributes = `engine="webgpu" particles="${particles}" levels="~steps:${steps}" show="engine"`;

export const devices = (page: Page) => page.workers().filter((worker) => worker.url().includes('gpu-worker'));

/** What a panel of every embed ends with, the last if no other, once all have sampled. */
export async function endsOfAll(page: Page, panel = 2): Promise<string[]> {
  const ends: string[] = [];
  for (const each of await instruments(page).all()) {
    await each.scrollIntoViewIfNeeded();
    await sampledIn(each);
    ends.push(JSON.stringify(await positionsOf(each, panel, steps)));
  }
  return ends;
}
