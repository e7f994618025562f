// Several embeds on one page: what they share, and what they do not.
import type { Page } from '@playwright/test';
import { expect, inkBySquare, small, test, full, idle } from './fixture.js';
import { instruments, openSeveral, positionsOf, sampledIn, stepsDone, visitAll } from './several.js';

const steps = 8;

/** Quickly sampled. */
const quick = `engine="cpu" particles="512" levels="~steps:${steps}"`;

/** Milliseconds, longer than the backends stay open for nobody. */
const grace = 7000;

/** Waits until the page has so many workers. */
const workers = (page: Page) => expect.poll(() => page.workers().length);

test('three instruments share the workers of one, and sample the same', async ({ page }) => {
  await openSeveral(page, 1, { attributes: quick });
  await sampledIn(instruments(page));
  const one = page.workers().length;
  expect(one).toBeGreaterThan(1);

  await openSeveral(page, 3, { attributes: quick });
  await visitAll(page);
  await expect(instruments(page)).toHaveCount(3);
  const ends: string[] = [];
  for (const index of [0, 1, 2]) {
    const each = instruments(page).nth(index);
    await each.scrollIntoViewIfNeeded();
    await sampledIn(each);
    for (const panel of [0, 1, 2]) ends.push(JSON.stringify(await positionsOf(each, panel, steps)));
  }
  expect(new Set(ends.slice(0, 3)).size).toBe(3);
  expect(ends.slice(3, 6)).toEqual(ends.slice(0, 3));
  expect(ends.slice(6)).toEqual(ends.slice(0, 3));
  expect(page.workers()).toHaveLength(one);
});

test('the last that leaves closes the shared backends after a while, and the next opens others', full, async ({ page }) => {
  await page.clock.install();
  await openSeveral(page, 2, { attributes: quick });
  await sampledIn(instruments(page).first());
  const busy = page.workers().length;
  await page.evaluate(() => document.querySelector('guidance-playground')!.remove());
  // One is still there.
  await page.clock.fastForward(grace);
  expect(page.workers()).toHaveLength(busy);
  await sampledIn(instruments(page));
  await page.evaluate(() => document.querySelector('guidance-playground')!.remove());
  expect(page.workers()).toHaveLength(busy);
  await page.clock.fastForward(grace);
  await workers(page).toBe(0);

  await page.evaluate(() => document.querySelector('main')!.append(document.createElement('guidance-playground')));
  await sampledIn(instruments(page));
  expect(await positionsOf(instruments(page), 0, steps)).not.toBeNull();
  expect(page.workers()).toHaveLength(busy);
});

test('who comes back before the shared backends close finds them open', full, async ({ page }) => {
  await page.clock.install();
  await openSeveral(page, 1, { attributes: quick });
  await sampledIn(instruments(page));
  const [before, ends] = [page.workers(), await positionsOf(instruments(page), 2, steps)];
  const taken = await page.evaluateHandle(() => {
    const element = document.querySelector('guidance-playground')!;
    element.remove();
    return element;
  });
  await taken.evaluate((element) => document.querySelector('main')!.append(element));
  await sampledIn(instruments(page));
  expect(await positionsOf(instruments(page), 2, steps)).toEqual(ends);
  await expect.poll(() => inkBySquare(page, 3, 8).then((inks) => Math.max(...inks))).toBeGreaterThan(0.1);
  await page.clock.fastForward(grace);
  await idle(page);
  expect(page.workers()).toEqual(before);
});

test('one that is moved in the document keeps its runs and its picture', full, async ({ page }) => {
  await openSeveral(page, 1, { attributes: quick });
  await sampledIn(instruments(page));
  const kept = await page.evaluate(async () => {
    const element = document.querySelector('guidance-playground')!;
    const run = () => element.instrument?.engine?.runs(element.settings!.panels[2]!.id).shown;
    const before = run();
    document.body.append(element);
    // After what the move has put off.
    await new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return before !== undefined && before === run();
  });
  expect(kept).toBe(true);
  await expect.poll(() => inkBySquare(page, 3, 8).then((inks) => Math.max(...inks))).toBeGreaterThan(0.1);
});

test('one that is out of sight waits until it is seen, and again when it is not', async ({ page }) => {
  // So near that it is got ready.
  const steps = 32;
  await openSeveral(page, 2, { attributes: 'engine="cpu" particles="8192"', gap: 400 });
  const [near, far] = [instruments(page).first(), instruments(page).nth(1)];
  await expect.poll(async () => Math.min(...(await stepsDone(near)))).toBeGreaterThan(1);
  await expect(far).not.toBeInViewport();
  expect(await stepsDone(far)).toEqual([0, 0, 0]);

  await far.evaluate((element) => element.scrollIntoView());
  await expect.poll(async () => Math.min(...(await stepsDone(far)))).toBeGreaterThan(1);
  await expect(near).not.toBeInViewport();
  const there = await stepsDone(near);
  expect(Math.max(...there)).toBeLessThan(steps);
  await idle(page);
  expect(await stepsDone(near)).toEqual(there);

  await near.evaluate((element) => element.scrollIntoView());
  await expect.poll(() => stepsDone(near), { timeout: 60_000 }).toEqual([steps, steps, steps]);
  const left = await stepsDone(far);
  expect(Math.max(...left)).toBeLessThan(steps);
  await idle(page);
  expect(await stepsDone(far)).toEqual(left);
});

test('two that look closely at different places keep their outlines, and come to rest', async ({ page }) => {
  await page.setViewportSize({ width: 1400, height: 1600 });
  // Parts of the plane that have been traced closely, as the worker that draws is told of them.
  const traced: string[] = [];
  await page.exposeFunction('noteTraced', (part: string) => traced.push(part));
  await page.addInitScript(() => {
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (this: Worker, message: { outlines?: { site: { part: object | null } } }, transfer: never) {
      const part = message.outlines?.site.part;
      if (part) (window as unknown as { noteTraced(part: string): void }).noteTraced(JSON.stringify(part));
      postMessage.call(this, message, transfer);
    };
  });
  await openSeveral(page, 2, { attributes: quick });
  await visitAll(page);
  await expect(instruments(page)).toHaveCount(2);
  for (const each of await instruments(page).all()) await sampledIn(each);
  const pictures = page.locator('gp-panel-picture');
  // What a panel shows, as a digest of its pixels.
  const seen = (index: number) =>
    pictures
      .nth(index)
      .locator('gp-particle-view canvas')
      .evaluate(async (canvas: HTMLCanvasElement) => {
        const { width, height } = canvas;
        const copy = new OffscreenCanvas(width, height).getContext('2d')!;
        copy.drawImage(canvas, 0, 0);
        const bytes = await crypto.subtle.digest('SHA-256', copy.getImageData(0, 0, width, height).data);
        return [...new Uint8Array(bytes)].join();
      });
  /** What it shows once it shows the same while the page draws on. */
  const seenAtRest = async (index: number) => {
    let last = '';
    const same = async () => {
      await idle(page);
      return last === (last = await seen(index));
    };
    await expect.poll(same, { intervals: [0] }).toBe(true);
    return last;
  };
  const closer = async (index: number, keys: string[], traces: number) => {
    await pictures.nth(index).locator('.surface').focus();
    for (const key of keys) await page.keyboard.press(key);
    await expect.poll(() => traced.length).toBe(traces);
    return seenAtRest(index);
  };
  const enlarged = Array<string>(7).fill('+');
  const first = await closer(0, [...enlarged, 'ArrowLeft'], 1);
  const second = await closer(3, [...enlarged, ...Array<string>(6).fill('ArrowRight')], 2);
  expect(second).not.toBe(first);
  // The first has not been sent back to coarse outlines for it.
  expect(await seenAtRest(0)).toBe(first);
  await idle(page);
  expect(await seenAtRest(3)).toBe(second);
  expect(traced).toHaveLength(2);
});

test('in a frame that may do nothing but run scripts, an instrument samples', full, async ({ page }) => {
  await page.route('**/post.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><iframe sandbox="allow-scripts" width="1300" height="860" src="./embed.html?engine=cpu#${small}"></iframe>`,
    }),
  );
  await page.goto('./post.html');
  const frame = page.frameLocator('iframe');
  for (const index of [0, 1, 2]) {
    await expect(frame.locator('.picture').nth(index)).toHaveAttribute('aria-busy', 'false');
  }
  await expect(frame.locator('[data-engine]')).toHaveAttribute('data-engine', 'cpu');
});
