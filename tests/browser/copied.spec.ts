// What a panel's menu copies, to be run elsewhere: tests/native/copied.rs and python/tests run the same texts, and find the same metrics.
import { readFile, writeFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import type { GuidancePlayground } from '../../www/embed/guidance-playground.js';
import { expect, openAtEnd, panel, sampled, test } from './fixture.js';

/** What was copied of a panel, and the metrics that the page had of it. */
interface Row {
  state: string;
  panel: number;
  command: string;
  python?: string;
  /** The file of a network of one's own, and what it is to be called beside the program. */
  file?: [string, string];
  metrics?: Record<string, number>;
}

const path = 'tests/data/copied.json';
const few = 'particles=512&seed=7&levels=~steps:8';
const drawing = 'drawing-IEgChGA0DMDgCtCvC4B_BsCMDgCtC9B4DrBgEMDgCtCAyEA0EMDgCtC4B6DoBgEMDgCtCwCgC8B0CdExFhDAgG2D0EmEmBoEnB2D1EAhG';

const shown: [state: string, ...panels: number[]][] = [
  [`${few}&schemes=none,autoguidance,ht-1.10~weight:2.5~interval:{"low":0.1,"high":2}`, 1, 2, 3],
  ['particles=512&seed=9007199254740991&schemes=none,apg~levels.steps:8', 1, 2],
  [`${few}&distribution=two-moons&schemes=autoguidance,cfg-toy~weight:2`, 1, 2],
  [`${few}&distribution=${drawing}&schemes=sigma-scaling~schedule:{"curve":{"points":[[0,0.5],[0.5,2],[1,1]]}}`, 1],
  [`${few}&schemes=own~combination.own.text:"# It's \\"mine\\", 50%25\\nparam g = 0.5 in 0..2\\nD1 + g * (w - 1) * (D1 - D0)"`, 1],
  [`${few}&schemes=dropout~guide.degradation.dropout.rate:0.1~guide.sigmaScale:1.05`, 1],
];

async function copied(page: Page, number: number, name: string): Promise<string> {
  await page.getByLabel(`Arrange panel ${number}`).click();
  const item = panel(page, number).getByRole('button', { name, exact: true });
  await item.click();
  await expect(item).toHaveText('Copied');
  await expect(panel(page, number).getByRole('status').filter({ hasText: 'Copied' })).toBeAttached();
  await page.keyboard.press('Escape');
  await expect(item).toBeHidden();
  return page.evaluate(() => navigator.clipboard.readText());
}

async function rowOf(page: Page, state: string, number: number, file?: [string, string]): Promise<Row> {
  const all = await page.locator('guidance-playground').evaluate((figure: GuidancePlayground) => figure.metrics());
  const metrics = all[number - 1] as { estimates?: object };
  const numbers = Object.entries(metrics).flatMap(([id, estimate]) => {
    const value = (estimate as { value?: unknown } | null)?.value;
    return typeof value === 'number' ? [[id, value] as const] : [];
  });
  const [command, python] = [await copied(page, number, 'Copy as command'), await copied(page, number, 'Copy as Python')];
  return { state, panel: number, command, python, ...(file && { file }), metrics: Object.fromEntries(numbers) };
}

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

test('what is copied as Python and as a command is what was tried elsewhere', async ({ page }) => {
  test.slow();
  const rows: Row[] = [];
  for (const [state, ...panels] of shown) {
    // Of a page that is there already, what it has sampled before might be read.
    await page.goto('about:blank');
    await openAtEnd(page, `?engine=cpu#v=1&${state}`);
    for (const number of panels) rows.push(await rowOf(page, state, number));
  }

  // A network of one's own is a file beside.
  const guide = 'weights/guide-A32-0512.safetensors';
  await openAtEnd(page, `?engine=cpu#v=1&${few}&schemes=autoguidance`);
  await page.locator('summary', { hasText: 'Export' }).click();
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Open a file…' }).click()]);
  await chooser.setFiles({ name: 'My guide.safetensors', mimeType: '', buffer: await readFile(guide) });
  await page.getByRole('dialog').getByLabel('Use as guide').check();
  await page.getByRole('dialog').getByRole('button', { name: 'Use' }).click();
  await sampled(page);
  const own = await rowOf(page, '', 1);
  const [, name] = /put its file beside, as (\S+)\n/.exec(own.command)!;
  rows.push({ ...own, file: [guide, name!] });

  // Pictures have no package yet.
  const pictures = 'lab=images&prompt=a%20rocket&pictures=4&seed=3&levels=~steps:2&schemes=cfg4~weight:3';
  await openAtEnd(page, `?engine=cpu#v=1&${pictures}`);
  rows.push({ state: pictures, panel: 1, command: await copied(page, 1, 'Copy as command') });
  await page.getByLabel('Arrange panel 1').click();
  await expect(page.getByRole('button', { name: 'Copy as Python' })).toHaveCount(0);

  const text = `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`;
  const before = await readFile(path, 'utf8').catch(() => '[]');
  const known = JSON.parse(before) as Row[];
  const withoutMetrics = ({ metrics: _, ...row }: Row) => row;
  const isFresh = JSON.stringify(known.map(withoutMetrics)) === JSON.stringify(rows.map(withoutMetrics));
  if (!isFresh) await writeFile(path, text);
  expect(isFresh, `${path} was not what the page copies: it is written anew, and to be committed`).toBe(true);
  // As engines differ.
  for (const [index, { metrics }] of rows.entries()) {
    for (const [id, value] of Object.entries(metrics ?? {})) expect(known[index]!.metrics![id], id).toBeCloseTo(value, 2);
  }
});

test('where copying is forbidden, the text is there to be copied by hand', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator.clipboard, 'writeText', { value: () => Promise.reject(new Error('no')) }));
  await openAtEnd(page);
  await page.getByLabel('Arrange panel 2').press('Enter');
  const item = panel(page, 2).getByRole('button', { name: 'Copy as Python', exact: true });
  await item.press('Enter');
  await expect(item).toContainText('forbidden');
  const field = page.getByLabel('To be copied by hand');
  await expect(field).toBeFocused();
  await expect(field).toHaveValue(/^import guidance_playground as gp\n/);
  const selected = await field.evaluate((area: HTMLTextAreaElement) => area.selectionEnd - area.selectionStart === area.value.length);
  expect(selected).toBe(true);
});
