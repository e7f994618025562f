// The state in the page's address: written as it changes, read back to the bit, and never broken by what stands there.
import assert from 'node:assert/strict';
import type { Page } from '@playwright/test';
import { build, type Rolldown } from 'vite';
import type * as Address from '../../www/state/address.js';
import type { State } from '../../www/state/state.js';
import { choose, digests, expect, few, more, openAtEnd, panel, sampled, scrubTo, test } from './fixture.js';

const steps = 6;
const state = (page: Page) => page.evaluate(() => window.guidancePlayground.state() as State);

/** The page's own module, as Node runs it. */
async function load(): Promise<typeof Address> {
  const entry = new URL('../../www/state/address.ts', import.meta.url).pathname;
  const made = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: false, lib: { entry, formats: ['es'] } },
  });
  const { code } = (made as Rolldown.RolldownOutput[])[0]!.output[0];
  return import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`) as Promise<typeof Address>;
}

const page0 = 'https://example.org/play/';

/** What an address has of a state. */
function kept({ panels, sampling, playback, look, linked }: State) {
  const { tool: _, ...shown } = look;
  return {
    panels: panels.map(({ choice, scheme }) => ({ choice, scheme: { ...scheme, levels: null } })),
    sampling,
    position: playback.position,
    look: shown,
    linked,
  };
}

test('what is set stands in the address, and comes back from it to the bit', async ({ page, context }) => {
  await openAtEnd(page, '?engine=cpu');
  expect(new URL(page.url()).hash).toBe('');
  await few(page, steps);
  await choose(page, 1, 'ht-cosine-6');
  const exact = panel(page, 3).getByRole('spinbutton', { name: 'Guidance weight' });
  await exact.fill('2.25');
  await exact.press('Enter');
  await (await more(page, 3)).getByLabel('Schedule of the weight').selectOption('curve');
  await (await more(page, 3)).getByLabel('Guide only at some noise levels').check();
  await page
    .getByLabel('Spacing')
    .or(page.getByText('Noise levels', { exact: true }))
    .first()
    .click();
  await page.getByLabel('Spacing').selectOption('logLinear');
  await page.getByRole('spinbutton', { name: 'Seed' }).fill('77');
  await page.getByRole('spinbutton', { name: 'Seed' }).press('Enter');
  await page.getByRole('button', { name: 'Close-up' }).click();
  await page.getByLabel('Coverage of branches').check();
  await page.getByRole('spinbutton', { name: 'Light number' }).fill('5');
  await page.getByRole('spinbutton', { name: 'Light number' }).press('Enter');
  await scrubTo(page, 4);
  await sampled(page);
  await expect
    .poll(() => new URL(page.url()).hash)
    .toMatch(/^#v=1&schemes=ht-cosine-6,classifier-free,autoguidance~weight:2\.25~.*&step=4$/);

  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(page.url());

  const [before, ends] = [await state(page), await digests(page, steps)];
  const other = await context.newPage();
  await other.emulateMedia({ reducedMotion: 'reduce' });
  await other.goto(copied);
  await sampled(other);
  expect(kept(await state(other))).toEqual(kept(before));
  expect(await digests(other, steps)).toEqual(ends);

  // Another address in the same page, as by the way back: taken over, and to be undone.
  await other.evaluate(() => (location.hash = '#v=1&schemes=none,apg&seed=3'));
  await expect(other.getByRole('region', { name: /^Panel \d$/ })).toHaveCount(2);
  expect((await state(other)).sampling.seed).toBe(3);
  await other.getByRole('button', { name: 'Undo' }).click();
  await expect(other.getByRole('region', { name: /^Panel \d$/ })).toHaveCount(3);
  await other.close();

  await page.getByRole('button', { name: 'Reset' }).click();
  await page.getByLabel('Particles', { exact: true }).selectOption('4096');
  await expect.poll(() => new URL(page.url()).hash).toBe('');
});

test('an address that is half nonsense shows the other half, and says what it left out', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('./?engine=cpu#v=1&schemes=none,nobody&particles=512&seed=-3&field=temperature&colour=red');
  await sampled(page);
  const status = page.locator('gp-engine-status');
  await expect(status).toContainText('there is no scheme named “nobody”');
  await expect(status).toContainText('the seed has to be a whole number from 0 to');
  await expect(status).toContainText('it can be main-score, guide-score');
  await expect(status).toContainText('what this page does not know: colour');
  const { sampling, look } = await state(page);
  expect(sampling).toMatchObject({ particles: 512, seed: 1 });
  expect(look.field).toBeNull();
  await page.goto('about:blank');
  await page.goto('./?engine=cpu#v=9&seed=4');
  await expect(status).toContainText('another version of this page (9)');
});

test('10,000 random and spoiled addresses are read without harm, and what was read is written and read the same', async () => {
  const { askedByAddress, readOpening, writeState } = await load();
  const readState = (address: string) => readOpening(askedByAddress(address), false, 'The address');
  // A generator of our own (Lehmer 1951), so that a failure can be had again.
  let random = 20_260_612;
  const below = (count: number) => (random = (random * 48_271) % 2_147_483_647) % count;
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const good = [
    'v=1&schemes=none,ht-1.10~weight:2.5~guide.sigmaScale:1.3,apg&seed=12&particles=512&step=3',
    'v=1&schemes=autoguidance~guide.model:guide-A32-0064~schedule:{%22curve%22:{%22points%22:[[0,0],[0.5,2],[1,1]]}}&levels=~steps:16~max:9',
    'v=1&view=0.45,1.22,0.3&field=ratio&cut=-1,-1,1,1&lit=1,2,3&coverage=1&follow=0&paths=1&shading=density',
    'v=1&schemes=[{%22main%22:%22exact:A%22,%22weight%22:3}]&levels=~spacing:linear',
  ];
  const letters = [...'=&,~:.%{}[]"\\/#?0123456789-e', 'null', '__proto__', 'constructor', '1e999', 'NaN', '%', '%zz', '\u0000', '😀'];
  const spoil = (text: string): string => {
    const at = below(text.length + 1);
    const length = below(8);
    return text.slice(0, at) + (below(3) > 0 ? pick(letters) : '') + text.slice(at + length);
  };
  let spoiled = 0;
  const written = new Set<string>();
  for (let round = 0; round < 10_000; round++) {
    let fragment = pick(good);
    if (round % 4 === 0) fragment = `v=1&${Array.from({ length: below(60) }, () => pick(letters)).join('')}`;
    for (let times = below(4); times > 0; times--) fragment = spoil(fragment);
    const address = new URL(page0);
    address.hash = fragment;
    const { state, objection } = readState(address.href);
    if (objection) spoiled++;
    written.add(writeState(state));
    const { panels, sampling, playback, look, linked } = state;
    assert.ok(panels.length > 0 && panels.length < 7, fragment);
    assert.ok(Number.isSafeInteger(sampling.seed) && sampling.particles >= 512, fragment);
    assert.ok(sampling.levels.steps >= 2 && sampling.levels.steps <= 1024, fragment);
    assert.ok(playback.position <= sampling.levels.steps, fragment);
    assert.ok(Object.values(look.view ?? {}).every(Number.isFinite), fragment);
    assert.ok(
      linked.every((particle) => particle < sampling.particles),
      fragment,
    );
    const again = readState(`${page0}#${writeState(state)}`);
    assert.equal(again.objection, null, fragment);
    assert.deepEqual(kept(again.state), kept(state), fragment);
  }
  console.log(`${spoiled} of 10,000 addresses were objected to; ${written.size} different states were read.`);
  assert.ok(spoiled > 1000 && written.size > 200);
});
