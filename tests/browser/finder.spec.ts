// Finding a scheme among all that there are: by group, by words, by keys.
import type { Page } from '@playwright/test';
import { expect, openAtEnd, panel, sampled, shared, violations } from './fixture.js';

const finder = (page: Page, number: number) => panel(page, number).locator('gp-scheme-finder');
const rows = (page: Page) => page.locator('gp-scheme-finder .row');

async function open(page: Page, number: number): Promise<void> {
  await panel(page, number).locator('gp-panel-menu summary').click();
  await panel(page, number).getByRole('button', { name: 'Find a scheme' }).click();
  await expect(finder(page, number).getByRole('dialog')).toBeVisible();
}

shared('a scheme is found by words, told with its why and its cost, and chosen by keys', async ({ page }) => {
  const chunks: string[] = [];
  page.on('request', (request) => chunks.push(request.url()));
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:4');
  await open(page, 2);
  const all = await rows(page).count();
  expect(all).toBeGreaterThan(35);
  // As many as the panel's own menu has, and in the same groups.
  const menu = panel(page, 2).getByRole('combobox', { name: 'Scheme of' });
  expect(await menu.locator('option').count()).toBe(all);
  expect(await menu.locator('optgroup').evaluateAll((groups) => groups.map((group) => (group as HTMLOptGroupElement).label))).toEqual(
    await finder(page, 2).locator('h3').allInnerTexts(),
  );
  await expect(rows(page).and(page.locator('[aria-current="true"]'))).toContainText('Classifier-free guidance');
  await expect(rows(page).first()).toContainText('Asks one model. Karras et al. 2022');

  await page.keyboard.type('arxiv projected');
  await expect(rows(page)).toHaveCount(1);
  await expect(finder(page, 2).getByRole('status')).toHaveText('1 scheme');
  await expect(rows(page)).toContainText('Keeps what is orthogonal to the main estimate');
  await expect(rows(page)).toContainText('Asks 2 models. Sadat et al. 2024');
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('ArrowDown');
  await expect(rows(page)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(finder(page, 2)).toHaveCount(0);
  await sampled(page, 2);
  await expect(menu).toHaveValue('apg');

  await open(page, 2);
  await page.keyboard.type('<b>no such & scheme');
  await expect(finder(page, 2)).toContainText('No scheme has all of these words.');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(finder(page, 2)).toHaveCount(0);
  await expect(menu).toHaveValue('apg');
});

shared('pictures’ schemes are found too, on a phone in the dark', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 390, height: 844 });
  await openAtEnd(page, '?engine=cpu#v=1&lab=images&prompt=rocket&pictures=2&levels=~steps:2');
  await open(page, 1);
  await page.keyboard.type('interval');
  expect(await violations(page)).toEqual([]);
  await rows(page).first().click();
  await expect(finder(page, 1)).toHaveCount(0);
  await sampled(page, 1);
});
