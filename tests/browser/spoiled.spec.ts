// A state never breaks a control: whatever an address has brought, all controls that show it open. Which addresses bring what is
// tried by the thousands in www/state/address.test.ts.
import type { Page } from '@playwright/test';
import { expect, full, notice, openAtEnd, panel, test, shared } from './fixture.js';

/** Unfolds everything that can be unfolded, and opens and closes every menu. */
async function openAll(page: Page): Promise<void> {
  const panels = await page.locator('gp-playground-panel').count();
  for (let number = 1; number <= panels; number++) {
    const details = panel(page, number).locator('gp-scheme-details details');
    await details.locator('> summary').click();
    await expect(details.locator('.fields')).toBeVisible();
    await panel(page, number).locator('gp-panel-menu summary').click();
    await expect(panel(page, number).getByRole('button', { name: 'Duplicate' })).toBeVisible();
    await page.keyboard.press('Escape');
  }
  for (const folded of ['gp-sampling-settings', 'gp-trials-table', 'gp-sweep-study']) {
    const summary = page.locator(`${folded} details > summary`).first();
    await summary.click();
    await expect(page.locator(`${folded} details[open]`).first()).toBeVisible();
  }
  await expect(page.locator('gp-sampling-settings gp-variant-field select')).toBeVisible();
  for (const menu of ['Export', 'Copy embed code']) {
    await page.locator('summary', { hasText: menu }).click();
    await page.keyboard.press('Escape');
  }
}

/** Between them each part of a state, what is left out, what the core refuses, and all that is laid over. */
const first = new Set(['left out: unknown fields, empty values', 'refused by the core: parts', 'all that is laid over']);

const states: [string, string, RegExp | null][] = [
  ['left out: noise levels', 'levels=~spacing:null&schemes=none', /levels that cannot be had/],
  [
    'left out: unknown fields, empty values',
    'levels=~foo:1&seed=&view=,,1&schemes=',
    /schemes that cannot be had.*levels.*foo.*seed.*view/,
  ],
  ['left out: no bounds', 'schemes=autoguidance~weight:1e400', /beyond all bounds/],
  ['left out: lists', 'schemes=none~schedule:{"curve":{"points":[]}}', /schedule/],
  ['refused by the core: numbers', 'schemes=autoguidance~weight:1e9,sigma-scaling~guide.sigmaScale:-5,none~weight:7', null],
  [
    'refused by the core: parts',
    'schemes=autoguidance~schedule:{"curve":{"points":[[1,2],[0,1e300]]}}~interval:{"low":3,"high":1},none~combination:tcfg~space:denoised',
    null,
  ],
  ['unknown networks', 'schemes=[{"main":"of-nobody","guide":{"model":"a\\\\b, ~c:d"},"weight":2}]', null],
  ['levels that do not go together', 'levels=~min:1~max:0.05~steps:2&schemes=none,momentum', null],
  [
    'all that is laid over',
    'schemes=dropout,weight-noise,feynman-kac,heavy-tail-network&distribution=two-spirals&coverage=1&field=ratio&cut=-999,999,0,0&lit=1,2,511&view=999,-999,0.0001',
    null,
  ],
];

test.use({ expectedErrors: /Failed to load resource/ });

for (const [name, fragment, said] of states) {
  shared(`every control opens: ${name}`, first.has(name) ? {} : full, async ({ page }) => {
    await openAtEnd(page, `?engine=cpu#v=1&particles=512&${fragment.startsWith('levels') ? '' : 'levels=~steps:4&'}${encodeURI(fragment)}`);
    if (said) await expect(notice(page)).toHaveText(said);
    else await expect(notice(page)).toBeEmpty();
    await openAll(page);
  });
}
