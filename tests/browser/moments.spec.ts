// What is said is what is shown, at every moment; and a key or a hand is one step of undo.
import type { Locator, Page } from '@playwright/test';
import { choose, expect, more, notice, openAtEnd, panel, sampled, scrubber, scrubTo, test, weight, shared } from './fixture.js';

const data = (page: Page): Locator => page.getByLabel('Data', { exact: true });
const seed = (page: Page): Locator => page.getByRole('spinbutton', { name: 'Seed' });
const undo = (page: Page): Locator => page.getByRole('button', { name: 'Undo' });
const isPlaying = (page: Page) => page.evaluate(() => window.guidancePlayground.state().playback.playing);

async function type(field: Locator, value: string): Promise<void> {
  await field.fill(value);
  await field.press('Enter');
}

test('a picture that has not come to the clock’s step is dimmed', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.addInitScript(() => {
    // Each panel that is seen while its run is on its way, by whether it was dimmed then.
    const seen: boolean[] = [];
    Object.assign(window, { seen });
    const look = () => {
      const panels = document
        .querySelector('guidance-playground')
        ?.shadowRoot?.querySelector('gp-instrument')
        ?.shadowRoot?.querySelectorAll('gp-playground-panel');
      for (const panel of panels ?? []) {
        const picture = panel.shadowRoot?.querySelector('.picture');
        const { run } = panel as unknown as { run: { started: boolean; stepsDone: number; steps: number } | null };
        if (picture && run?.started && run.stepsDone < run.steps) seen.push(picture.classList.contains('stale'));
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto('./?engine=cpu#v=1&particles=1024&levels=~steps:96');
  await sampled(page);
  const seen = await page.evaluate(() => (window as unknown as { seen: boolean[] }).seen);
  expect(seen.length).toBeGreaterThan(0);
  expect(seen.filter((dimmed) => !dimmed)).toEqual([]);
  await expect(panel(page, 1).locator('.picture')).not.toHaveClass(/stale/);
});

test('the introduction counts what is shown, and the strip keeps its place as digits come and go', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512');
  const lede = page.locator('.lede:visible');
  await expect(lede).toContainText('Three ways to sample a diffusion model');
  await page.getByRole('button', { name: 'Add a panel' }).click();
  await expect(lede).toContainText('Four ways');
  const strip = page.locator('gp-guidance-strip');
  const width = async () => (await strip.boundingBox())!.width;
  const before = await width();
  for (const step of [31, 20, 9]) {
    await scrubTo(page, step);
    expect(await width()).toBe(before);
  }
  await page.goto('about:blank');
  await page.goto('./?engine=cpu#v=1&particles=512&schemes=apg');
  await expect(lede).toContainText('One way');
});

shared('the address follows changes that do not rest', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:8&schemes=none&levels=~steps:4');
  const found = await page.evaluate(async () => {
    const figure = document.querySelector('guidance-playground')!;
    const seeds = new Set<string>();
    for (let seed = 2; seeds.size < 3; seed++) {
      await figure.setState({ seed });
      seeds.add(/seed=\d+/.exec(location.hash)?.[0] ?? '');
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return [...seeds];
  });
  expect(found).toHaveLength(3);
  await page.evaluate(() => document.querySelector('guidance-playground')!.setState({ seed: 4321 }));
  await expect(page).toHaveURL(/seed=4321/);
});

shared('forces are of one point in all panels, and say at which level where none is left', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512');
  const told = () =>
    page
      .locator('gp-force-formula')
      .evaluateAll((formulas) =>
        formulas
          .map((formula) => (formula as unknown as { pull: { point: number[]; forces: { point: number[] } | null } }).pull)
          .map(({ point, forces }) => [point.join(), forces?.point.join()]),
      );
  await panel(page, 1).locator('gp-panel-picture').scrollIntoViewIfNeeded();
  const box = (await panel(page, 1).locator('gp-panel-picture').boundingBox())!;
  await page.mouse.move(box.x + 100, box.y + 100);
  await expect(page.locator('gp-force-formula')).toHaveCount(3);
  const seen: (string | undefined)[][] = [];
  for (let at = 0; at < 60; at++) {
    await page.mouse.move(box.x + 100 + at, box.y + 100 + (at % 7));
    if (at % 5 === 0) seen.push(...(await told()));
  }
  // Whatever is shown is of the point that is pointed at now.
  for (const [point, forces] of seen) if (forces !== undefined) expect(forces).toBe(point);
  await expect.poll(async () => (await told()).every(([point, forces]) => point === forces)).toBe(true);
  expect(new Set((await told()).map(([point]) => point)).size).toBe(1);
  await expect(panel(page, 3).locator('gp-force-formula')).toContainText('σ = 0.002, the last above 0');
  await page.mouse.move(0, 0);
  await scrubTo(page, 31);
  await page.mouse.move(box.x + 100, box.y + 100);
  await expect(panel(page, 3).locator('gp-force-formula dl')).toBeVisible();
  await expect(panel(page, 3).locator('gp-force-formula')).not.toContainText('the last above 0');
});

test('schemes come back with their data, and a panel says what stands for what', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:8');
  const before = await page.evaluate(() => window.guidancePlayground.state().panels);
  await expect(page.locator('[data-remark=stand-in]')).toHaveCount(0);
  await data(page).selectOption('Two moons');
  await sampled(page);
  const said = panel(page, 3).locator('[data-remark=stand-in]');
  await expect(said).toContainText('main-64-4096:A and guide-32-0512:A know the paper’s tree only');
  await expect(said).toContainText('sigma scaling stands for autoguidance');
  // Set by hand meanwhile, it is set of what comes back.
  await type(panel(page, 3).getByRole('spinbutton', { name: 'Guidance weight' }), '2');
  await sampled(page);
  await data(page).selectOption('Fractal tree');
  await sampled(page);
  await expect(page.locator('[data-remark=stand-in]')).toHaveCount(0);
  const after = await page.evaluate(() => window.guidancePlayground.state().panels);
  expect(after.map(({ choice }) => choice)).toEqual(['none', 'classifier-free', 'autoguidance']);
  expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
  expect(after[2]!.scheme).toEqual({ ...before[2]!.scheme, weight: 2 });

  await page.goto('about:blank');
  await page.goto('./?engine=cpu#v=1&particles=512&levels=~steps:8&distribution=checkerboard&schemes=autoguidance');
  await sampled(page);
  await expect(panel(page, 1).locator('[data-remark=stand-in]')).toContainText('sigma scaling stands for autoguidance');
  await expect(page).toHaveURL(/schemes=autoguidance/);
});

shared('a held key is one step of undo; keys undo, do again, play and pause', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:8');
  const slider = weight(page, 3);
  const exact = panel(page, 3).getByRole('spinbutton', { name: 'Guidance weight' });
  await slider.focus();
  for (let times = 0; times < 12; times++) await page.keyboard.down('ArrowRight');
  await page.keyboard.up('ArrowRight');
  await sampled(page);
  const moved = await exact.inputValue();
  expect(Number(moved)).toBeGreaterThan(3.5);
  await undo(page).click();
  await expect(exact).toHaveValue('3');
  await expect(undo(page)).toHaveAttribute('aria-disabled', 'true');

  await page.keyboard.press('Control+Shift+z');
  await expect(exact).toHaveValue(moved);
  await page.keyboard.press('Control+z');
  await expect(exact).toHaveValue('3');
  // Each press is a step of its own.
  await slider.focus();
  for (let times = 0; times < 2; times++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Control+z');
  await expect(exact).toHaveValue('3.1');
  // What is being typed is the field's own to take back.
  await seed(page).focus();
  await page.keyboard.press('End');
  await page.keyboard.type('77');
  await page.keyboard.press('Control+z');
  await expect(exact).toHaveValue('3.1');

  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.locator('gp-playground-panel').first().scrollIntoViewIfNeeded();
  await page.keyboard.press(' ');
  expect(await isPlaying(page)).toBe(true);
  await page.keyboard.press(' ');
  expect(await isPlaying(page)).toBe(false);
  // A control keeps its use of it.
  await page.getByLabel('Paths').focus();
  await page.keyboard.press(' ');
  expect(await isPlaying(page)).toBe(false);
  await expect(page.getByLabel('Paths')).toBeChecked();
  await scrubber(page).focus();
  await page.keyboard.press(' ');
  expect(await isPlaying(page)).toBe(true);
});

test('keys of an embedded figure are its own while it has the focus', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto('./post.html');
  const figure = page.locator('guidance-playground').first();
  await figure.scrollIntoViewIfNeeded();
  const surface = figure.locator('.surface').first();
  await expect(surface).toBeAttached();
  const playing = () =>
    figure.evaluate((element) => (element as unknown as { settings: { playback: { playing: boolean } } }).settings.playback.playing);
  await surface.focus();
  await page.keyboard.press(' ');
  expect(await playing()).toBe(true);
  // Of the page, of which the figure is a part, they are the page's.
  await surface.evaluate((element: HTMLElement) => element.blur());
  await page.keyboard.press(' ');
  expect(await playing()).toBe(true);
});

shared('a number that cannot be is answered, and does not stay', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:8');
  const field = page.locator('gp-number-field').filter({ hasText: 'Seed' });
  for (const [typed, sentence] of [
    ['-1', 'The seed must be between 0 and 9007199254740991; −1 is not.'],
    ['1.5', 'The seed must be a whole number; 1.5 is not.'],
  ] as const) {
    await type(seed(page), typed);
    await expect(field.getByRole('alert')).toHaveText(sentence);
    await expect(seed(page)).toHaveValue('1');
  }
  const tree = page.getByRole('spinbutton', { name: 'Number of the tree' });
  await type(tree, '-1');
  await expect(page.getByText('The number of the tree must be between 0 and 4294967295; −1 is not.')).toBeVisible();
  await expect(tree).toHaveValue('2');
  const light = page.getByRole('spinbutton', { name: 'Light number' });
  await type(light, '999999');
  await expect(page.getByText('The number of a particle must be between 0 and 511; 999999 is not.')).toBeVisible();
  await expect(light).toHaveValue('');
  const count = page.getByRole('spinbutton', { name: 'Steps' });
  await type(count, '3.7');
  await expect(page.getByText('The number of steps must be a whole number; 3.7 is not.')).toBeVisible();
  await expect(count).toHaveValue('8');
  await type(seed(page), '9');
  await expect(field.getByRole('alert')).toHaveCount(0);
});

shared('without guidance nothing is offered that would do nothing', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:8');
  const fields = await more(page, 1);
  await expect(fields.locator('[data-field]')).toHaveCount(1);
  await expect(fields.locator('[data-field=solver]')).toBeVisible();
  await expect((await more(page, 2)).locator('[data-field]')).toHaveCount(6);
  await choose(page, 1, 'momentum');
  await expect(fields.locator('[data-field=combination]')).toBeVisible();
});

shared('a failure’s text covers neither controls nor the table of a small panel', async ({ page }) => {
  await page.setViewportSize({ width: 700, height: 900 });
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:8&schemes=none,none,autoguidance~guide.model:own-lost-0123456789');
  const failure = panel(page, 3).locator('.failure');
  await expect(failure).toContainText('own-lost-0123456789');
  const [message, models, picture] = await Promise.all(
    [failure, panel(page, 3).locator('gp-scheme-models'), panel(page, 3).locator('.picture')].map((each) => each.boundingBox()),
  );
  expect(message!.y + message!.height).toBeLessThanOrEqual(models!.y);
  expect(message!.y).toBeGreaterThanOrEqual(picture!.y);
  expect(await failure.evaluate((element) => element.scrollHeight <= element.clientHeight)).toBe(true);
  await expect(notice(page)).toBeEmpty();
});

shared('a link with a network of one’s own says that others do not have it', async ({ page }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await openAtEnd(page, '?engine=cpu#v=1&particles=512&levels=~steps:8&schemes=none,autoguidance~guide.model:own-mine-0123456789');
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.locator('[data-lacking]')).toContainText('own-mine-0123456789 is a network of your own, which others do not have');
  await page.getByRole('combobox', { name: 'Scheme of panel 2' }).selectOption('none');
  await page.getByRole('button', { name: /^Copy link|^Copied/ }).click();
  await expect(page.locator('[data-lacking]')).toHaveCount(0);
});

test('before the first run the engine’s line has no gap', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  // No worker is ever ready.
  await page.route('**/*worker*.js', async () => {});
  await page.goto('./?engine=cpu');
  await expect(page.locator('[data-engine=cpu]')).toHaveText(/^Sampled by the CPU \(\d+ workers?\)\.$/);
});
