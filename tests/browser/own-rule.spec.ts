// Rules of one's own: typed, sampled, mended, named, linked, swept, saved and opened.
import type { Locator, Page } from '@playwright/test';
import type { GuidancePlayground } from '../../www/embed/guidance-playground.js';
import { digest, expect, full, more, openAtEnd, panel, positions, sampled, save, shared, test, violations, weight } from './fixture.js';
import { embeds, openHost, policy, quick as quickly, ready, strict } from './host.js';

const steps = 6;
const quick = `?engine=cpu#v=1&particles=512&levels=~steps:${steps}`;
const guided = `${quick}&schemes=none,classifier-free,classifier-free~weight:2.5`;

const editor = (page: Page, number: number): Locator => panel(page, number).locator('gp-rule-editor');
const field = (page: Page, number: number): Locator => editor(page, number).getByRole('textbox', { name: 'Rule of' });
const told = (page: Page, number: number): Locator => editor(page, number).getByRole('status');
const state = (page: Page) => page.evaluate(() => window.guidancePlayground.state());
const ruleOf = async (page: Page, number: number) =>
  (await state(page)).panels[number - 1]!.scheme.combination as { own: { text: string } };

/** A panel's combination becomes a rule of one's own. */
async function begin(page: Page, number: number): Promise<void> {
  const fields = await more(page, number);
  await fields.locator('[data-field="combination"] select').first().selectOption('own');
  await expect(field(page, number)).toBeVisible();
}

/** Types a whole rule, and waits until it is sampled. */
async function type(page: Page, number: number, text: string): Promise<void> {
  await field(page, number).fill(text);
  await field(page, number).blur();
  await expect.poll(async () => (await ruleOf(page, number)).own.text).toBe(text);
  await sampled(page, number);
}

/** What rounding, magnified by few and long steps, moves a particle by at most; rules that differ move some by more than ten times as much. */
const rounding = 3e-3;

/** How far two panels' particles end from each other at most. */
async function apart(page: Page, one: number, other: number): Promise<number> {
  const [here, there] = [await positions(page, one, steps), await positions(page, other, steps)];
  expect(here).toHaveLength(1024);
  return Math.max(...here.map((coordinate, index) => Math.abs(coordinate - there[index]!)));
}

shared('a rule begins as the one before, is sampled as it is typed, and stays until the next one is whole', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await openAtEnd(page, guided);
  expect(asked.filter((url) => /rule-(editor|compiler)/.test(url))).toEqual([]);
  await page.evaluate(() =>
    document.querySelector('guidance-playground')!.setState({ schemes: 'classifier-free,classifier-free,classifier-free~weight:2.5' }),
  );
  await begin(page, 2);
  await expect(field(page, 2)).toHaveValue('s = s0 + w * (s1 - s0)');
  await sampled(page);
  expect(await apart(page, 1, 2)).toBeLessThan(rounding);
  // Half of what guidance adds is what the third panel has.
  expect(await apart(page, 2, 3)).toBeGreaterThan(10 * rounding);
  await type(page, 2, 'd = D1 - D0 # both\nD1 + (w - 1) / 2 * d');
  expect(await apart(page, 2, 3)).toBeLessThan(rounding);
  await expect(editor(page, 2).locator('pre .main')).toHaveText(['D1', 'D1']);
  await expect(editor(page, 2).locator('pre .guide')).toHaveText(['D0']);
  const formula = 'd = D1 - D0 # both\nD1 + (w - 1) / 2 * d';
  await expect(panel(page, 2).locator('gp-scheme-picker code')).toHaveText(formula);
  await panel(page, 2)
    .locator('gp-panel-picture')
    .hover({ position: { x: 150, y: 110 } });
  await expect(panel(page, 2).locator('gp-force-formula code')).toHaveText(formula);
  await expect(panel(page, 2).locator('gp-force-formula')).toContainText('Score that is followed');

  const before = await digest(page, 2, steps);
  await field(page, 2).fill('d = D1 - D0 # both\nD1 + (w - 1) / 2 * dd + DO');
  await expect(told(page, 2)).toContainText('Nothing is called');
  await expect(told(page, 2)).toContainText(/Line 2, letter \d+\. Until it is mended, the rule before stays\./);
  await expect(field(page, 2)).toHaveAttribute('aria-invalid', 'true');
  await expect(editor(page, 2).locator('pre .wrong')).toHaveText('dd');
  expect(await violations(page)).toEqual([]);
  await field(page, 2).blur();
  await sampled(page);
  expect(await digest(page, 2, steps)).toBe(before);
  await type(page, 2, 'D1');
  await expect(told(page, 2)).toHaveText('');
  expect(await digest(page, 2, steps)).not.toBe(before);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(field(page, 2)).toHaveValue('d = D1 - D0 # both\nD1 + (w - 1) / 2 * d');
});

shared('names are completed by keys, and any rule of the table that can be said is one to start from', async ({ page }) => {
  await openAtEnd(page, `${quick}&schemes=apg,own`);
  await more(page, 2);
  const rule = field(page, 2);
  await expect(rule).toHaveValue('s = s0 + w * (s1 - s0)');
  const start = editor(page, 2).getByLabel('Start from');
  await expect(start.getByRole('option', { name: 'Projected (APG)' }).or(start.locator('[value="apg"]'))).toHaveCount(1);
  await expect(start.locator('[value="feynmanKac"]')).toHaveCount(0);
  await start.selectOption('apg');
  await expect(rule).toHaveValue(/^param momentum = -0\.5 in -1\.\.1 by 0\.05\n/);
  await sampled(page);
  expect(await apart(page, 1, 2)).toBeLessThan(rounding);

  await rule.fill('D1 + w * ');
  await rule.pressSequentially('sig');
  const names = editor(page, 2).getByRole('listbox', { name: 'Names' });
  await expect(names.getByRole('option')).toHaveText([/sigma\s*number/, /sigma_next\s*number/]);
  await rule.press('ArrowDown');
  await rule.press('ArrowDown');
  await expect(rule).toHaveAttribute('aria-activedescendant', 'completion-1');
  await rule.press('Enter');
  await expect(rule).toHaveValue('D1 + w * sigma_next');
  await expect(names).toBeHidden();
  await rule.pressSequentially(' * do');
  await rule.press('Escape');
  await expect(names).toBeHidden();
  await rule.press('Enter');
  await expect(rule).toHaveValue('D1 + w * sigma_next * do\n');
});

test('a rule has a name and parameters, which links, sweeps and files know', async ({ page, context }) => {
  await openAtEnd(page, `${quick}&schemes=none,autoguidance`);
  await begin(page, 2);
  const text = 'param g = 1 in 0..2 by 0.25\nparam h = 0 in -1..1\nD1 + g * (w - 1) * (D1 - D0) + h * (D1 - x)';
  await type(page, 2, text);
  await editor(page, 2).getByLabel('Name', { exact: true }).fill('Mine');
  await editor(page, 2).getByLabel('Name', { exact: true }).blur();
  const slider = panel(page, 2).locator('gp-scheme-picker').getByRole('spinbutton', { name: 'Parameter g of the rule, exact' });
  await slider.fill('0.5');
  await slider.press('Enter');
  await sampled(page);
  expect((await ruleOf(page, 2)).own).toEqual({ text, values: { g: 0.5, h: 0 }, name: 'Mine' });
  await slider.fill('3');
  await slider.press('Enter');
  await expect(panel(page, 2).locator('gp-scheme-picker').getByRole('alert')).toContainText('must be between 0 and 2');
  const ends = await digest(page, 2, steps);
  const file = await save(page, 'Everything, JSON');

  // A link brings it back, on a page that has not met it.
  await expect.poll(() => page.evaluate(() => location.hash)).toContain('Mine');
  const link = page.url();
  const other = await context.newPage();
  await other.emulateMedia({ reducedMotion: 'reduce' });
  await other.goto(link);
  await sampled(other);
  expect(await digest(other, 2, steps)).toBe(ends);
  await expect(other.locator('[data-notice]')).toHaveText('');
  await other.close();

  // One parameter, and two.
  const study = page.locator('gp-sweep-study');
  await study.getByText('Sweep', { exact: true }).click();
  const form = study.locator('gp-sweep-form');
  await expect(form.getByLabel('Scheme', { exact: true }).locator('option').nth(1)).toContainText('Autoguidance, w = 3, Mine g = 0.5');
  await form.getByLabel('Parameter', { exact: true }).selectOption('/combination/own/values/g');
  await expect(form.getByLabel('To', { exact: true })).toHaveValue('2');
  await form.getByLabel('Points', { exact: true }).fill('3');
  await form.getByRole('button', { name: 'Run the sweep' }).click();
  await expect(study.getByRole('button', { name: 'Remove sweep 1' })).toBeVisible();
  await expect(study.locator('[data-sweep="1"]')).toContainText('Parameter g of the rule from 0 to 2, 3 points');
  await form.getByLabel('Second parameter', { exact: true }).selectOption('/combination/own/values/h');
  await form.getByLabel('Points', { exact: true }).fill('2');
  await form.getByLabel('Second points', { exact: true }).fill('2');
  await form.getByRole('button', { name: 'Run the sweep' }).click();
  await expect(study.getByRole('button', { name: 'Remove sweep 2' })).toBeVisible();
  await expect(study.locator('[data-sweep="2"]')).toContainText('Mine');

  // A file that was saved does, too.
  await page.evaluate(() => document.querySelector('guidance-playground')!.setState({ schemes: 'none' }));
  await expect(panel(page, 2)).toHaveCount(0);
  await page.locator('summary', { hasText: 'Export' }).click();
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Open a file…' }).click()]);
  await chooser.setFiles({ name: 'a.json', mimeType: 'application/json', buffer: file.bytes });
  await sampled(page, 2);
  expect((await ruleOf(page, 2)).own).toEqual({ text, values: { g: 0.5, h: 0 }, name: 'Mine' });
  expect(await digest(page, 2, steps)).toBe(ends);
});

shared('a link with what is no rule says so in its panel, and the editor where', async ({ page }) => {
  await openAtEnd(page, `${quick}&schemes=none,own~combination.own.text:%22D1%20%2B%20DO%22`);
  const alert = panel(page, 2).getByRole('alert');
  await expect(alert).toContainText('Nothing is called');
  await expect(alert).toContainText('Line 1, letter 6 of the rule.');
  await more(page, 2);
  await expect(editor(page, 2).locator('pre .wrong')).toHaveText('DO');
  await expect(told(page, 2)).not.toContainText('the rule before');
  await type(page, 2, 'D0');
  await expect(alert).toHaveCount(0);
});

shared('each of several rules in a link is sampled, with the values that its text has', async ({ page }) => {
  const rule = (text: string) => `own~combination.own.text:${encodeURIComponent(JSON.stringify(text))}`;
  const texts = [
    'param g = 0.5 in 0..1\nD1 + g * (w - 1) * (D1 - D0)',
    's = s0 + w * (s1 - s0)',
    'param a = 1 in 0..2\nparam b = 2 in 0..4\na * b / 2 * D1',
  ];
  await openAtEnd(page, `${quick}&schemes=${texts.map(rule).join()},own~weight:2.5,none`);
  expect(await apart(page, 1, 4)).toBeLessThan(rounding);
  expect(await apart(page, 3, 5)).toBeLessThan(rounding);
  expect(await apart(page, 1, 2)).toBeGreaterThan(10 * rounding);
  expect(await ruleOf(page, 3)).toEqual({ own: { text: texts[2], values: { a: 1, b: 2 } } });
  await expect(panel(page, 1).locator('gp-scheme-picker code')).toHaveText('D1 + g * (w - 1) * (D1 - D0)');
});

shared('a link with too long a rule is refused in a sentence', async ({ page }) => {
  await openAtEnd(page, `${quick}&schemes=own~combination.own.text:%22${'D1%2B'.repeat(700)}D1%22`);
  await expect(page.locator('[data-notice]')).toContainText('a rule of one’s own has a text of at most 2000 letters');
  await expect(panel(page, 3)).toBeVisible();
});

shared('pictures follow a rule of one’s own, on a phone in the dark', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 390, height: 844 });
  await openAtEnd(page, '?engine=cpu#v=1&lab=images&prompt=rocket&pictures=4&levels=~steps:2&schemes=own');
  await more(page, 1);
  await expect(field(page, 1)).toHaveValue('s = s0 + w * (s1 - s0)');
  await type(page, 1, 'param g = 2 in 0..4 by 0.5\nD1 + g * (D1 - D0)');
  await expect(panel(page, 1).getByRole('alert')).toHaveCount(0);
  await editor(page, 1).getByText('How rules are written').click();
  await expect(editor(page, 1)).toContainText('vector that each particle remembers');
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});

shared('Heun’s method and a guide at more noise follow rules, too', full, async ({ page }) => {
  await openAtEnd(page, `${quick}&schemes=sigma-scaling,sigma-scaling~combination:{%22own%22:{%22text%22:%22s%20=%20s0%2Bw*(s1-s0)%22}}`);
  expect(await apart(page, 1, 2)).toBeLessThan(rounding);
  await expect(weight(page, 2)).toHaveValue('3');
});

test('an embed has one in its attributes under a strict policy, its parameters as sliders, and fetches for it what others do not', async ({
  page,
}) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  const forbidden = await strict(page);
  const text = JSON.stringify('param g = 0.5 in 0..1\nD1 + g * (w - 1) * (D1 - D0)').replaceAll('"', '&quot;');
  const compilers = () => asked.filter((url) => /own-rules|compiler/.test(url)).length;
  const host = { headers: { 'content-security-policy': policy } };
  await openHost(page, `<h1>A post</h1><guidance-playground ${quickly} schemes="classifier-free~weight:2.5"></guidance-playground>`, host);
  await ready(embeds(page));
  expect(compilers()).toBe(0);
  const metrics = () => embeds(page).evaluate((embed: GuidancePlayground) => embed.metrics());
  const [plain] = await metrics();
  await openHost(
    page,
    `<h1>A post</h1><guidance-playground ${quickly} schemes="own~combination.own.text:${text}"></guidance-playground>`,
    host,
  );
  await ready(embeds(page));
  expect(compilers()).toBeGreaterThan(0);
  const [own] = await metrics();
  expect(own!.slicedWasserstein.value).toBeCloseTo(plain!.slicedWasserstein.value, 4);
  const slider = page.getByRole('spinbutton', { name: 'Parameter g of the rule, exact' });
  await expect(slider).toHaveValue('0.5');
  await slider.fill('0');
  await slider.press('Enter');
  await expect.poll(async () => (await metrics())[0]!.slicedWasserstein.value).not.toBeCloseTo(plain!.slicedWasserstein.value, 4);
  expect(forbidden).toEqual([]);
});
