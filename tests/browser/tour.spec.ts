// The page's tour: by mouse and by keys, on wide windows and on phones, of both labs; left at any time.
import type { Page } from '@playwright/test';
import { expect, openAtEnd, shared, violations, weight } from './fixture.js';

const tour = (page: Page) => page.locator('guided-tour');
const title = (page: Page) => tour(page).getByRole('status').getByRole('heading');
async function begin(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Take the tour' }).click();
  // Keys before that would be nobody's.
  await expect(tour(page).getByRole('button', { name: 'Next' })).toBeFocused();
}

/** What is framed can be seen, and the card leaves something of it uncovered. */
async function expectSeen(page: Page): Promise<void> {
  const [frame, card] = await Promise.all(['.frame', '.card'].map(async (part) => (await tour(page).locator(part).boundingBox())!));
  const { width, height } = page.viewportSize()!;
  const seen = {
    left: Math.max(frame!.x, 0),
    right: Math.min(frame!.x + frame!.width, width),
    top: Math.max(frame!.y, 0),
    bottom: Math.min(frame!.y + frame!.height, height),
  };
  expect(seen.right - seen.left).toBeGreaterThan(40);
  expect(seen.bottom - seen.top).toBeGreaterThan(30);
  expect(card!.y <= seen.top && card!.y + card!.height >= seen.bottom).toBe(false);
}

async function takeAll(page: Page, steps: number): Promise<void> {
  const titles = new Set<string>();
  for (let step = 1; step <= steps; step++) {
    await expect(tour(page)).toContainText(`${step} of ${steps}`);
    titles.add(await title(page).innerText());
    await expect(tour(page).locator('.frame')).toBeVisible();
    await expectSeen(page);
    await page.keyboard.press('Enter');
  }
  expect(titles.size).toBe(steps);
  await expect(tour(page)).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Take the tour' })).toBeFocused();
}

shared('a tour leads through the opening view, which answers meanwhile, and ends where it was begun', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const chunks: string[] = [];
  page.on('request', (request) => chunks.push(request.url()));
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:4');
  expect(chunks.filter((url) => url.includes('guided-tour'))).toEqual([]);
  await begin(page);
  await expect(title(page)).toHaveText('One noise, three ways');
  expect(await violations(page)).toEqual([]);
  await takeAll(page, 9);

  // By arrows, both ways; what is framed can be used; and Escape leaves it.
  await begin(page);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(title(page)).toHaveText('How strongly');
  await page.keyboard.press('ArrowLeft');
  await expect(title(page)).toHaveText('Let it run');
  await page.keyboard.press('ArrowRight');
  await weight(page, 2).fill('2');
  await weight(page, 2).press('Enter');
  await expect(weight(page, 2)).toHaveValue('2');
  await expect(title(page)).toHaveText('How strongly');
  await page.keyboard.press('Escape');
  await expect(tour(page)).toHaveCount(0);
});

shared('a phone’s tour brings what it frames into sight, and can be skipped', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.setViewportSize({ width: 390, height: 844 });
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:4');
  await begin(page);
  await takeAll(page, 9);
  await begin(page);
  await tour(page).getByRole('button', { name: 'Skip the tour' }).click();
  await expect(tour(page)).toHaveCount(0);
});

shared('pictures have a tour of their own', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'dark' });
  await openAtEnd(page, '?engine=cpu#v=1&lab=images&prompt=rocket&pictures=2&levels=~steps:2');
  await begin(page);
  await page.keyboard.press('ArrowRight');
  await expect(title(page)).toHaveText('Say what to draw');
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('ArrowLeft');
  await takeAll(page, 9);
});
