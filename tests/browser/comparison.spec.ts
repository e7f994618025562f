// How panels differ on the same noise: in words, in numbers, and beside whichever panel one chooses.
import type { Page } from '@playwright/test';
import { expect, measure, openAtEnd, panel, sampled, shared, violations, weight } from './fixture.js';

const compared = (page: Page, number: number) => panel(page, number).locator('gp-paired-differences');
const words = (page: Page, number: number) => compared(page, number).locator('summary');
const difference = (page: Page, number: number, metric: string) => compared(page, number).locator(`[data-difference="${metric}"]`);

const share = (text: string) => parseFloat(text.replace('−', '-'));

shared('a panel says what it gains and loses beside another, in words and in numbers', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=2048');
  // What the papers say of both: one prunes, the other removes outliers.
  await expect(words(page, 2)).toContainText('Beside panel 1: more outliers');
  await expect(words(page, 2)).toContainText('the trunk lost');
  await expect(words(page, 3)).toContainText('Beside panel 1: fewer outliers');
  await expect(compared(page, 1)).toHaveCount(0);

  await words(page, 3).click();
  const outliers = difference(page, 3, 'outliers');
  await expect(outliers).toHaveClass('certain');
  const [here, there] = await Promise.all([3, 1].map(async (number) => share(await measure(page, number, 'outliers').innerText())));
  expect(Math.abs(share(await outliers.locator('td').innerText()) - (here! - there!))).toBeLessThan(0.11);
  expect(await violations(page)).toEqual([]);

  // Beside another panel, in all of them at once.
  await compared(page, 3).getByRole('combobox').selectOption({ label: 'panel 2' });
  await expect(words(page, 3)).toContainText('Beside panel 2: fewer outliers');
  await expect(words(page, 3)).toContainText('the trunk kept');
  await expect(words(page, 1)).toContainText('Beside panel 2: fewer outliers');
  await expect(compared(page, 2)).toHaveCount(0);

  // Without guidance on both sides there is nothing to tell.
  await weight(page, 3).fill('1');
  await weight(page, 3).press('Enter');
  await weight(page, 2).fill('1');
  await weight(page, 2).press('Enter');
  await sampled(page);
  await expect(words(page, 3)).toContainText('Beside panel 2: not to be told apart');
  await expect(outliers).not.toHaveClass('certain');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(words(page, 3)).toContainText('Beside panel 2: fewer outliers');
});
