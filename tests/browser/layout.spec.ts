// Where things stand: at other sizes of text, in other widths, on paper.
import type { Page } from '@playwright/test';
import { expect, openAtEnd, panel, shared as test } from './fixture.js';
import { live, openHost, quick } from './host.js';

/** Names of schemes that are not to be seen in full, and snapshots whose number is covered. */
function spoiled(page: Page): Promise<string[]> {
  return page.locator('gp-playground-panel').evaluateAll((panels) =>
    panels.flatMap(({ shadowRoot }) => {
      const picker = shadowRoot!.querySelector('gp-scheme-picker')!.shadowRoot!;
      const models = shadowRoot!.querySelector('gp-scheme-models')?.shadowRoot;
      const { right } = shadowRoot!.querySelector('.picture')!.getBoundingClientRect();
      const names = [...picker.querySelectorAll<HTMLElement>('.title')].filter(
        (name) =>
          name.scrollWidth > name.clientWidth || name.scrollHeight > name.clientHeight || name.getBoundingClientRect().right > right,
      );
      const numbers = [...(models?.querySelectorAll('.snapshot') ?? [])].filter((snapshot) => {
        const [slider, number] = [...snapshot.children].map((each) => each.getBoundingClientRect());
        return slider!.right > number!.left || number!.right > right;
      });
      return [...names, ...numbers].map(({ textContent }) => textContent!.trim());
    }),
  );
}

test('text at 200% is text at 200% in the instrument, and fits', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:4');
  const button = page.getByRole('button', { name: 'Reset' });
  const size = () => button.evaluate((element) => parseFloat(getComputedStyle(element).fontSize));
  const before = await size();
  await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
  expect(await size()).toBe(2 * before);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1400);
  expect(await spoiled(page)).toEqual([]);
  await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
});

test('the arrow of a menu stands beside the last word, however narrow the panel', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:4&schemes=none,classifier-free,autoguidance,sigma-scaling');
  for (const width of [1400, 1280, 1200, 1100]) {
    await page.setViewportSize({ width, height: 900 });
    const ends = await page.locator('gp-playground-panel').evaluateAll((panels) =>
      panels.map(({ shadowRoot }) => {
        const span = shadowRoot!.querySelector('gp-scheme-picker')!.shadowRoot!.querySelector('.title span')!;
        const words = document.createRange();
        words.selectNodeContents(span);
        // Of the last line of both.
        return [span, words].map((each) => Math.max(...[...each.getClientRects()].map(({ bottom }) => bottom)));
      }),
    );
    // A line is 22 pixels high.
    for (const [withArrow, ofWords] of ends) expect(withArrow! - ofWords!).toBeLessThan(11);
  }
});

test('at 768 pixels names are whole, and sliders keep off their numbers', async ({ page }) => {
  await page.setViewportSize({ width: 768, height: 900 });
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:4');
  expect(await spoiled(page)).toEqual([]);
});

test('names are whole in the column of a post', async ({ page }) => {
  await openHost(page, `<div style="width: 680px"><guidance-playground ${quick}></guidance-playground></div>`);
  await live(page);
  await expect(panel(page, 2).getByRole('combobox', { name: 'Scheme of' })).toBeVisible();
  expect(await spoiled(page)).toEqual([]);
});

test('what can be pressed is not printed', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:4');
  const controls = [
    page.getByRole('group', { name: 'Tools' }),
    page.getByRole('group', { name: 'Playback' }),
    page.locator('theme-toggle'),
  ];
  for (const each of controls) await expect(each).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  for (const each of controls) await expect(each).toBeHidden();
  await expect(panel(page, 1).locator('canvas').first()).toBeVisible();
});
