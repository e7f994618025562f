// The weight over the noise levels, drawn by hand on the strip beside the clock.
import type { Locator, Page } from '@playwright/test';
import type { CurvePoint } from '../../www/scheme/curve.js';
import { heightAt } from '../../www/scheme/curve-drawing.js';
import type { PlaneState as State } from '../../www/plane/state/state.js';
import { choose, expect, full, openAtEnd, sampled, scrubber, shared as test } from './fixture.js';

const strip = (page: Page): Locator => page.locator('gp-guidance-strip');

/** The drawn curve of the second panel. */
async function points(page: Page): Promise<CurvePoint[]> {
  const { panels } = await page.evaluate(() => window.guidancePlayground.state() as State);
  return (panels[1]!.scheme.schedule as { curve: { points: CurvePoint[] } }).curve.points;
}

async function openDrawn(page: Page): Promise<void> {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&schemes=none,autoguidance&levels=~steps:12');
  await strip(page).getByLabel('Schedule of the weight over time').selectOption('curve');
  await sampled(page);
  // All of it has to be where pointers come.
  await strip(page).locator('svg').scrollIntoViewIfNeeded();
}

type Device = 'mouse' | 'pen' | 'touch';

/** Moves a device that is pressed through places of the page. */
async function drag(page: Page, device: Device, places: [number, number][]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const last = places.length - 1;
  for (const [index, [x, y]] of places.entries()) {
    if (device === 'touch') {
      await session.send('Input.dispatchTouchEvent', { type: index === 0 ? 'touchStart' : 'touchMove', touchPoints: [{ x, y }] });
      if (index === last) await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
      continue;
    }
    const mouse = { x, y, button: 'left', pointerType: device } as const;
    await session.send('Input.dispatchMouseEvent', {
      ...mouse,
      type: index === 0 ? 'mousePressed' : 'mouseMoved',
      buttons: 1,
      clickCount: 1,
    });
    if (index === last) await session.send('Input.dispatchMouseEvent', { ...mouse, type: 'mouseReleased', clickCount: 1 });
  }
}

for (const device of ['mouse', 'pen', 'touch'] as const) {
  test(`a ${device} draws the weight across the strip, in one step of undo`, device === 'pen' ? full : {}, async ({ page }) => {
    await openDrawn(page);
    const box = (await strip(page).locator('rect.canvas').boundingBox())!;
    expect(box.height).toBeGreaterThan(120);
    const before = await points(page);
    const clock = await scrubber(page).getAttribute('aria-valuenow');
    // From the lower left to the upper right, where no handle is near.
    const places = Array.from({ length: 12 }, (_, index): [number, number] => {
      const share = index / 11;
      return [box.x + box.width * (0.25 + 0.5 * share), box.y + box.height * (0.85 - 0.6 * share)];
    });
    await drag(page, device, places);
    // What moves handles is fetched at the first touch, and then hears all at once what was done meanwhile.
    await expect.poll(() => points(page)).not.toEqual(before);
    const drawn = await points(page);
    // It rises all the way, the clock has not moved, and what is left of it is as it was.
    const inside = drawn.filter(([u]) => u > 0.3 && u < 0.6).map(([, f]) => f);
    expect(inside.length).toBeGreaterThan(0);
    const heights = [0.35, 0.45, 0.55].map((u) => heightAt(drawn, u));
    expect(heights[1]!).toBeGreaterThan(heights[0]! + 0.05);
    expect(heights[2]!).toBeGreaterThan(heights[1]! + 0.05);
    expect(heightAt(drawn, 0)).toBeCloseTo(heightAt(before, 0), 3);
    expect(await scrubber(page).getAttribute('aria-valuenow')).toBe(clock);
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await points(page)).toEqual(before);
  });
}

test('the track below still moves the clock, and handles move by hand and by keys', async ({ page }) => {
  await openDrawn(page);
  const track = (await strip(page).locator('line.track').boundingBox())!;
  const before = await points(page);
  await page.mouse.click(track.x + 0.4 * track.width, track.y);
  await expect(scrubber(page)).not.toHaveAttribute('aria-valuenow', '12');
  expect(await points(page)).toEqual(before);
  const point = strip(page).getByRole('slider', { name: /^Point 2 of / });
  await point.press('ArrowUp');
  expect((await points(page))[1]![1]).toBeGreaterThan(before[1]![1]);
  const at = (await point.boundingBox())!;
  await drag(page, 'mouse', [
    [at.x + at.width / 2, at.y + at.height / 2],
    [at.x + at.width / 2, at.y - 20],
  ]);
  expect(await points(page)).toHaveLength(before.length);
  expect((await points(page))[1]![1]).toBeGreaterThan(before[1]![1] + 0.1);
  // It stands over what is below, and makes room for that.
  const height = async () => (await strip(page).locator('svg').boundingBox())!.height;
  const tall = await height();
  await strip(page).getByRole('button', { name: 'Lower' }).click();
  await expect.poll(height).toBeLessThan(tall / 2);
  await strip(page).getByRole('button', { name: 'Taller' }).click();
  await expect.poll(height).toBe(tall);
});

test('the curve goes through its handles, under CFG++ too', async ({ page }) => {
  await openDrawn(page);
  await choose(page, 2, 'cfg-plus-plus');
  await strip(page).getByLabel('Schedule of the weight over time').selectOption('curve');
  await sampled(page);
  const apart = await strip(page).evaluate((strip) => {
    const root = strip.shadowRoot!;
    const corners = root
      .querySelector('polyline.chosen')!
      .getAttribute('points')!
      .split(' ')
      .map((corner) => corner.split(',').map(Number) as [number, number]);
    const heightOf = (x: number) => {
      const next = Math.max(
        corners.findIndex((corner) => corner[0] >= x),
        1,
      );
      const [[left, low], [right, high]] = [corners[next - 1]!, corners[next]!];
      return low + ((x - left) / (right - left)) * (high - low);
    };
    const handles = [...root.querySelectorAll('circle.handle')];
    return handles.map((handle) => Math.abs(Number(handle.getAttribute('cy')) - heightOf(Number(handle.getAttribute('cx')))));
  });
  expect(apart.length).toBeGreaterThan(1);
  // Between two steps a corner of the curve is cut.
  for (const pixels of apart) expect(pixels).toBeLessThan(4);
});
