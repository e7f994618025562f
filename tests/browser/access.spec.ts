// The page for every hand, eye and window.
import {
  choose,
  digest,
  expect,
  more,
  openAtEnd,
  panel,
  sampled,
  scrubber,
  small,
  test,
  weight,
  violations,
  full,
  shared,
} from './fixture.js';

for (const colorScheme of ['light', 'dark'] as const) {
  shared(`axe finds nothing in the ${colorScheme} theme`, colorScheme === 'light' ? {} : full, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await openAtEnd(page);
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await violations(page)).toEqual([]);

    // With everything unfolded, a drawn curve and a number that is refused.
    await (await more(page, 2)).getByLabel('Schedule of the weight').selectOption('curve');
    await panel(page, 2).getByLabel('Guide only at some noise levels').check();
    await page.getByText('Noise levels', { exact: true }).click();
    const exact = panel(page, 2).getByRole('spinbutton', { name: 'Guidance weight' });
    await exact.fill('99');
    await exact.press('Enter');
    await expect(panel(page, 2).getByRole('alert')).toBeVisible();
    await sampled(page);
    expect(await violations(page)).toEqual([]);
  });
}

test('the theme button switches the colours, and the choice is kept', full, async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await openAtEnd(page);
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.getByRole('button', { name: 'Use dark colours' }).click();
  const dark = await background();
  expect(dark).not.toBe(light);
  await page.reload();
  expect(await background()).toBe(dark);
  expect(await violations(page)).toEqual([]);
});

shared('everything works from the keyboard, and Space plays only in the transport', async ({ page }) => {
  await openAtEnd(page);
  await scrubber(page).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(scrubber(page)).toHaveAttribute('aria-valuetext', /step 7 of 8/);
  await page.keyboard.press('Home');
  await expect(scrubber(page)).toHaveAttribute('aria-valuetext', 'sigma 5.00, step 0 of 8');
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
  await page.keyboard.press('End');

  const before = await digest(page, 2, 8);
  await weight(page, 2).focus();
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => digest(page, 2, 8)).not.toBe(before);

  await page.getByRole('button', { name: 'Play' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeFocused();
});

shared('a screen reader hears each result in words', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=1024&levels=~steps:8');
  const announcement = page.locator('[data-announcement]');
  await expect(announcement).toContainText(
    /Panel 3, Autoguidance at weight 3: of 1,024 particles, outliers [\d.]+%, where a perfect sampler has [\d.]+%; log-density gap /,
  );
  await expect(panel(page, 2).getByRole('img')).toHaveAccessibleName(/^Classifier-free guidance at weight 4: of 1,024/);
});

test('reduced motion shows the end and does not play', full, async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`./#${small}`);
  await expect(scrubber(page)).toHaveAttribute('aria-valuetext', /step 8 of 8/);
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
  await sampled(page);
  await page.getByRole('button', { name: 'New noise' }).click();
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('nothing overflows, and touch alone plays and changes a scheme', async ({ page }) => {
    await openAtEnd(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await page.getByRole('button', { name: 'Step back' }).tap();
    await expect(scrubber(page)).toHaveAttribute('aria-valuetext', /step 7 of 8/);
    await choose(page, 3, 'none');
    await sampled(page, 3);
    expect(await digest(page, 3, 8)).toBe(await digest(page, 1, 8));
    const fields = await more(page, 2);
    await fields.getByLabel('Schedule of the weight').selectOption('curve');
    await fields.getByRole('button', { name: 'Add a point' }).tap();
    await page.getByText('Noise levels', { exact: true }).tap();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    const row = panel(page, 2).locator('gp-scheme-details');
    expect(await row.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
  });

  test(
    'the transport leaves room for the pictures when the phone lies, and for its own numbers when it is small',
    full,
    async ({ page }) => {
      await openAtEnd(page);
      const bar = page.getByRole('group', { name: 'Playback' });
      await page.setViewportSize({ width: 844, height: 390 });
      await expect.poll(async () => (await bar.boundingBox())!.height).toBeLessThan(110);
      await page.getByRole('button', { name: 'Menus of the weight' }).tap();
      await expect(bar.getByLabel('Panel whose weight can be drawn')).toBeVisible();

      await page.setViewportSize({ width: 320, height: 640 });
      const [shown, fold] = [bar.locator('output'), page.getByRole('button', { name: 'Menus of the weight' })];
      // Beside each other or one above the other.
      await expect
        .poll(async () => {
          const [numbers, button] = [(await shown.boundingBox())!, (await fold.boundingBox())!];
          return Math.max(button.x - numbers.x - numbers.width, button.y - numbers.y - numbers.height);
        })
        .toBeGreaterThanOrEqual(0);
      expect(await shown.evaluate((output) => output.scrollWidth - output.clientWidth)).toBeLessThanOrEqual(0);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    },
  );
});

shared('what gets the focus is not hidden by the transport, and removing a panel leaves it in the next', full, async ({ page }) => {
  await page.setViewportSize({ width: 1400, height: 700 });
  await openAtEnd(page);
  const bar = page.getByRole('group', { name: 'Playback' });
  const last = panel(page, 1)
    .getByRole('link', { name: /^arXiv/ })
    .last();
  await panel(page, 1).getByRole('combobox', { name: 'Scheme of' }).focus();
  for (let press = 0; press < 20; press++) {
    if (await last.evaluate((link) => link.matches(':focus'))) break;
    await page.keyboard.press('Tab');
    const hidden = await bar.evaluate((bar) => {
      let focus = document.activeElement!;
      while (focus.shadowRoot?.activeElement) focus = focus.shadowRoot.activeElement;
      const { top, bottom, height } = focus.getBoundingClientRect();
      // A picture is taller than the room above the bar.
      return height < 200 && (top < 0 || bottom > bar.getBoundingClientRect().top);
    });
    expect(hidden, `after ${press + 1} presses of Tab`).toBe(false);
  }
  await expect(last).toBeFocused();

  const menu = (number: number) => page.getByLabel(`Arrange panel ${number}`);
  await menu(2).press('Enter');
  await panel(page, 2).getByRole('button', { name: 'Move right' }).press('Enter');
  await expect(menu(3)).toBeFocused();
  await menu(3).press('Enter');
  await panel(page, 3).getByRole('button', { name: 'Remove' }).press('Enter');
  await expect(page.locator('gp-playground-panel')).toHaveCount(2);
  await expect(menu(2)).toBeFocused();
});
