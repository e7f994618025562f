// A page of somebody's that keeps its embed for when there is no network.
import type { Page } from '@playwright/test';
import { expect, test } from './fixture.js';
import { instruments, sampledIn } from './several.js';

// Chromium's own words for what is not there.
test.use({ expectedErrors: /ERR_INTERNET_DISCONNECTED|Failed to load resource/ });

/** All that the page has fetched, and itself, is kept. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const cache = await caches.open('guidance-playground');
    const had = performance.getEntriesByType('resource').map(({ name }) => name);
    const missing = [];
    for (const address of [location.href, ...had]) if (!(await cache.match(address, { ignoreVary: true }))) missing.push(address);
    return missing;
  });

test('after one visit the embed samples without a network', async ({ page, context, baseURL }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  // By way of a page that is on the server: what a test answers itself, no service worker can fetch.
  await page.addInitScript(() => {
    if (!location.pathname.endsWith('/post.html')) return;
    addEventListener('DOMContentLoaded', () => {
      document.querySelector('guidance-playground')!.setAttribute('particles', '512');
      const script = document.createElement('script');
      script.src = './offline.js';
      // As in a page's source, where currentScript is set.
      document.head.append(script);
    });
  });
  await page.goto('./post.html');
  const first = instruments(page).first();
  await page.locator('guidance-playground').first().scrollIntoViewIfNeeded();
  await sampledIn(first);
  await expect.poll(() => kept(page)).toEqual([]);

  await context.setOffline(true);
  const reached = await page.evaluate(
    (address) =>
      fetch(address).then(
        () => true,
        () => false,
      ),
    `${baseURL}theme.js?never-fetched`,
  );
  expect(reached).toBe(false);
  await page.reload();
  await page.locator('guidance-playground').first().scrollIntoViewIfNeeded();
  await sampledIn(first);
  const outliers = await page.evaluate(async () =>
    (await document.querySelector('guidance-playground')!.metrics()).map((each) => each!.outliers.value),
  );
  expect(outliers).toHaveLength(3);
  await context.setOffline(false);
});

test('pages of this project register no service worker by themselves', async ({ page }) => {
  for (const address of ['./', './embed.html', './post.html']) {
    await page.goto(address);
    expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
  }
});
