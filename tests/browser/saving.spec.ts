// The panels saved as one picture.
import { readFile } from 'node:fs/promises';
import { expect, few, openAtEnd, test } from './fixture.js';

test('a saved picture has every panel as it is seen, overlays and all', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu&schemes=none,classifier-free,autoguidance,ht-1.10');
  await few(page, 6);
  const number = page.getByRole('spinbutton', { name: 'Light number' });
  await number.fill('3');
  await number.press('Enter');
  await page.getByLabel('Coverage of branches').check();
  await expect(page.locator('gp-branch-coverage svg').first()).toBeVisible();
  await expect(page.locator('gp-lit-table tbody tr').first().locator('td').nth(4)).toHaveText(/depth/);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save picture' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('guidance-playground.png');
  const png = await readFile(await download.path());
  const seen = await page.evaluate(async (encoded) => {
    const response = await fetch(`data:image/png;base64,${encoded}`);
    const image = await createImageBitmap(await response.blob());
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const colours = { orange: 0, blue: 0, lowerHalf: 0 };
    for (let at = 0; at < data.length; at += 4) {
      const [red, green, blue] = data.subarray(at, at + 3) as unknown as [number, number, number];
      if (red > 150 && red - blue > 120 && green < 150) {
        colours.orange++;
        if (at > data.length / 2) colours.lowerHalf++;
      }
      if (blue > 150 && blue - red > 120) colours.blue++;
    }
    return { width: image.width, height: image.height, ...colours };
  }, png.toString('base64'));
  // Three panels and one below.
  const side = (await page.locator('gp-panel-picture').first().boundingBox())!.width - 2;
  expect(seen.width).toBeCloseTo(3 * (side + 16) + 16, -1);
  expect(seen.height).toBeGreaterThan(2 * side);
  expect(seen.orange).toBeGreaterThan(2000);
  expect(seen.lowerHalf).toBeGreaterThan(300);
  expect(seen.blue).toBeGreaterThan(300);
});
