// The page around the instrument: what is there before any script, the text, and what it sets the instrument to.
import { demonstrationTitles as titlesOfImages } from '../../www/images/state/demonstration-titles.js';
import { demonstrations as demonstrationsOfImages } from '../../www/images/state/demonstrations.js';
import { pictureSchemes, vocabulary } from '../../www/images/schemes.js';
import type { ImagesState } from '../../www/images/state/state.js';
import { terms } from '../../www/images/terms.js';
import { demonstrationTitles } from '../../www/plane/state/demonstration-titles.js';
import { demonstrations, type DemonstrationName } from '../../www/plane/state/demonstrations.js';
import { glossary } from '../../www/text/glossary.js';
import { expect, openAtEnd, panel, sampled, small, test, violations, full, idle, shared } from './fixture.js';

const sections = ['What guidance is', 'Why classifier-free guidance overshoots', 'Does it carry over to pictures?'];

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('the poster and the whole text are there', async ({ page }) => {
    await page.goto('./');
    for (const name of ['No guidance', 'Classifier-free guidance', 'Autoguidance']) {
      const picture = page.getByRole('img', { name: `Where particles end: ${name}` });
      const { width, height } = (await picture.boundingBox())!;
      expect(width).toBeGreaterThan(300);
      expect(height).toBeCloseTo(width, 0);
    }
    await expect(page.locator('noscript p')).toContainText('JavaScript is off');
    for (const name of sections) await expect(page.getByRole('heading', { name })).toBeVisible();
    await expect(page.getByText('Show me').first()).toBeHidden();
  });

  test('the poster is in the colours of the theme', full, async ({ page }) => {
    const stroke = async (colorScheme: 'light' | 'dark') => {
      await page.emulateMedia({ colorScheme });
      await page.goto('./');
      const shot = await page.locator('.poster svg').first().screenshot();
      return shot.toString('base64');
    };
    expect(await stroke('light')).not.toBe(await stroke('dark'));
  });
});

test('the poster stays where WebAssembly lacks', async ({ page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'WebAssembly'));
  await page.goto('./');
  await expect(page.locator('[data-code]')).toBeVisible();
  await expect(page.getByRole('img', { name: 'Where particles end: Autoguidance' })).toBeVisible();
});

test('panels show the poster until they have particles', async ({ page }) => {
  let deliver = () => {};
  const wanted = new Promise<void>((resolve) => (deliver = resolve));
  await page.route('**/*.wasm', async (route) => {
    await wanted;
    await route.continue();
  });
  await page.goto(`./#${small}`);
  for (const number of [1, 2, 3]) {
    const poster = panel(page, number).locator('gp-panel-poster svg');
    await expect(poster).toBeVisible();
    expect(await poster.locator('path').count()).toBeGreaterThan(20);
  }
  deliver();
  await sampled(page);
  await expect(page.locator('gp-panel-poster')).toHaveCount(0);
});

for (const [width, height] of [
  [1400, 900],
  [800, 1000],
  [390, 844],
] as const) {
  test(`nothing moves when the instrument takes the poster’s place, ${width} pixels wide`, width === 1400 ? {} : full, async ({ page }) => {
    await page.addInitScript(() => {
      const shifts: { value: number; hadRecentInput: boolean }[] = [];
      Object.assign(window, { shifts });
      new PerformanceObserver((list) => shifts.push(...(list.getEntries() as never[]))).observe({
        type: 'layout-shift',
        buffered: true,
      });
    });
    await page.setViewportSize({ width, height });
    await page.goto(`./#${small}`);
    await sampled(page);
    await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
    const total = await page.evaluate(() => {
      const { shifts } = window as unknown as { shifts: { value: number; hadRecentInput: boolean }[] };
      return shifts.reduce((sum, { value, hadRecentInput }) => sum + (hadRecentInput ? 0 : value), 0);
    });
    console.log(`Layout shift at ${width} pixels: ${total.toFixed(4)}`);
    expect(total).toBeLessThan(0.05);
  });
}

shared('formulas are MathML, and numbers come from the report', async ({ page }) => {
  await openAtEnd(page);
  const formulas = page.locator('article math');
  expect(await formulas.count()).toBeGreaterThan(20);
  await expect(page.locator('article')).not.toContainText(/\$|\[\[|\\/);
  // Laid out as formulas: a fraction is higher than a line.
  const fraction = page.locator('article mfrac').first();
  expect((await fraction.boundingBox())!.height).toBeGreaterThan(24);
  const rows = page.getByRole('row', { name: /^a perfect sampler/ });
  await expect(rows).toContainText(['0.97% ± 0.07', '4.07 ± 0.06']);
  for (const [index, rows] of [11, 14, 9].entries()) await expect(page.locator('.claims').nth(index).locator('tbody tr')).toHaveCount(rows);
  const saturates = page.getByRole('row', { name: 'CFG over-saturates.' });
  await expect(saturates.getByRole('cell')).toHaveText(['holds', 'does not hold']);
  for (const [name, title] of [
    ['the report', "# The proposal's experiments, rerun"],
    ['the report itself', "# The proposal's image page, rerun"],
  ] as const) {
    const link = page.getByRole('link', { name, exact: true });
    const address = await link.evaluate(({ href }: HTMLAnchorElement) => href);
    expect(await (await page.request.get(address)).text()).toContain(title);
  }
});

shared('“Show me” sets states that no demonstration has, and leads back', async ({ page }) => {
  test.setTimeout(240_000);
  await openAtEnd(page);
  const all = page.locator('show-me[state]:not([lab])');
  expect(await all.count()).toBeGreaterThan(4);
  for (const each of await all.all()) {
    const button = each.getByRole('button');
    const [shows, state] = [await each.getAttribute('shows'), (await each.getAttribute('state'))!];
    await button.click();
    await expect(page.locator('back-to-text [role=status]')).toHaveText(`Showing ${shows}.`);
    // Commas stand within parts of schemes, too.
    const panels = state.replaceAll(/\{.*?\}\}/g, '').split(',').length;
    await expect(page.getByRole('region', { name: /^Panel \d/ })).toHaveCount(panels);
    await sampled(page, ...Array.from({ length: panels }, (_, place) => place + 1));
    await expect(page.locator('guidance-playground').getByRole('alert')).toHaveCount(0);
    await page.getByRole('button', { name: 'Back to the text' }).click();
    await expect(button).toBeFocused();
  }
});

shared('what is to be trained is filled in, on a drawing, and is the visitor’s to begin', async ({ page }) => {
  await openAtEnd(page);
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  const form = page.locator('gp-train-study form');
  for (const [button, panels, filled] of [
    ['Train a guide too weak', 2, { Networks: 'paired', Width: '64', Iterations: '2048', 'Guides trained for': '64', Batch: '1024' }],
    ['Train a guide too good', 2, { Networks: 'paired', Iterations: '2048', 'Guides trained for': '4096' }],
    ['Train for sigma scaling', 3, { Networks: 'one', Classes: 'A', Iterations: '2048', Batch: '1024' }],
  ] as const) {
    await page.getByRole('button', { name: button }).click();
    for (const [field, value] of Object.entries(filled)) await expect(form.getByLabel(field)).toHaveValue(value);
    await expect(page.getByRole('region', { name: /^Panel \d/ })).toHaveCount(panels);
    await expect(page.getByLabel('Data', { exact: true })).toHaveValue(/^drawing-/);
    await expect(form.getByRole('button', { name: 'Train', exact: true })).toBeInViewport();
    await page.getByRole('button', { name: 'Back to the text' }).click();
  }
  expect(requests.filter((url) => /coordinator|shard-worker/.test(url))).toEqual([]);
});

shared('every rule’s front is a picture that comes with its size, and waits until it is near', async ({ page }) => {
  await openAtEnd(page);
  const picture = page.locator('.fronts').getByRole('img', { name: /^outliers against branch total variation/ });
  const size = await picture.evaluate(({ width, height }: HTMLImageElement) => [width, height]);
  await picture.scrollIntoViewIfNeeded();
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBe(size[0]);
  expect(await picture.evaluate((image: HTMLImageElement) => image.naturalHeight)).toBe(size[1]);
});

shared('the report’s pictures wait until they come near, and tell what they show and whose they are', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(...(/[\w-]+-prompt(?=[^/]*\.png)/.exec(request.url()) ?? [])));
  await openAtEnd(page);
  const pictures = page.locator('.pictures');
  await expect(pictures).toHaveCount(2);
  for (const [index, rows] of [9, 8].entries()) {
    const figure = pictures.nth(index);
    const picture = figure.getByRole('img', { name: 'one prompt, “rocket”, from noise after noise' });
    await picture.scrollIntoViewIfNeeded();
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth)).toBe(395);
    // Each label is beside its row, and pixels are whole.
    await expect(figure.getByRole('listitem')).toHaveCount(rows);
    const { y, width, height } = (await picture.boundingBox())!;
    expect([width, height]).toEqual([790, 2 * (33 * rows - 1)]);
    const last = (await figure.getByRole('listitem').last().boundingBox())!;
    expect(last.y + last.height / 2 - y).toBeCloseTo(height - 32, -1);
  }
  expect(asked).toEqual(['networks-prompt', 'exact-prompt']);
  await expect(pictures.last()).toContainText(vocabulary.credits);
  await expect(page.locator('.page-footer')).toContainText(vocabulary.credits);
});

for (const [extent, some, mark] of [
  ['some', 2, {}],
  ['every', Infinity, full],
] as const) {
  shared(`${extent} “Show me” sets the instrument, and leads back`, mark, async ({ page }) => {
    test.setTimeout(300_000);
    await openAtEnd(page);
    const buttons = page.locator('show-me[what]:not([lab])');
    const names = await buttons.evaluateAll((all) => all.map((each) => each.getAttribute('what')!));
    expect(names.toSorted()).toEqual(Object.keys(demonstrations).toSorted());
    for (const [index, name] of names.slice(0, some).entries()) {
      const demonstration = name as DemonstrationName;
      const button = buttons.nth(index).getByRole('button');
      await button.focus();
      await page.keyboard.press('Enter');
      const back = page.getByRole('button', { name: 'Back to the text' });
      await expect(back).toBeFocused();
      await expect(page.locator('back-to-text [role=status]')).toHaveText(`Showing ${demonstrationTitles[demonstration]}.`);
      const count = demonstrations[demonstration].schemes.length;
      await expect(page.getByRole('region', { name: /^Panel \d/ })).toHaveCount(count);
      await sampled(page, ...Array.from({ length: count }, (_, place) => place + 1));
      await expect(page.locator('guidance-playground').getByRole('alert')).toHaveCount(0);
      await expect(page.locator('guidance-playground')).toBeInViewport();
      await back.click();
      await expect(button).toBeFocused();
      await expect(button).toBeInViewport();
      await expect(back).toHaveCount(0);
    }
  });
}

for (const [extent, some, mark] of [
  ['some', 2, {}],
  ['every', Infinity, full],
] as const) {
  test(`${extent} “Show me” of pictures sets the instrument, and leads back`, mark, async ({ page }) => {
    test.setTimeout(300_000);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto('./?engine=cpu#v=1&lab=images&pictures=4&levels=~steps:4&prompt=pizza');
    const buttons = page.locator('show-me[lab="images"][what]');
    const names = await buttons.evaluateAll((all) => all.map((each) => each.getAttribute('what')!));
    expect(names.toSorted()).toEqual(Object.keys(demonstrationsOfImages).toSorted());
    for (const [index, name] of names.slice(0, some).entries()) {
      const demonstration = name as keyof typeof demonstrationsOfImages;
      const { schemes, sampling } = demonstrationsOfImages[demonstration];
      const button = buttons.nth(index).getByRole('button');
      await button.click();
      const back = page.getByRole('button', { name: 'Back to the text' });
      await expect(back).toBeFocused();
      await expect(page.locator('back-to-text [role=status]')).toHaveText(`Showing ${titlesOfImages[demonstration]}.`);
      await expect(page.getByRole('region', { name: /^Panel \d/ })).toHaveCount(schemes.length);
      await sampled(page);
      const state = (await page.evaluate(() => window.guidancePlayground.state())) as unknown as ImagesState;
      expect(state.sampling.prompt).toBe(sampling.prompt);
      for (const [place, { scheme }] of state.panels.entries()) {
        const asked = schemes[place]!;
        if (typeof asked === 'string')
          expect({ ...scheme, levels: null }).toEqual({ ...pictureSchemes.choiceOf(asked).scheme, levels: null });
        else expect(scheme).toMatchObject(asked);
      }
      await expect(page.locator('guidance-playground').getByRole('alert')).toHaveCount(0);
      await back.click();
      await expect(button).toBeFocused();
      await expect(button).toBeInViewport();
    }
  });
}

test('a “Show me” of the other lab takes its place, and leads back to the same text', async ({ page }) => {
  await openAtEnd(page);
  const place = async (name: string, lab: string) => {
    const button = page.getByRole('button', { name });
    await button.click();
    await expect(page.getByRole('radio', { name: lab })).toBeChecked();
    await expect(page.getByRole('region', { name: /^Panel \d/ })).toHaveCount(2);
    await page.getByRole('button', { name: 'Back to the text' }).click();
    await expect(button).toBeFocused();
    await expect(button).toBeInViewport();
  };
  await place('Show me canonical images', 'Images');
  expect(new URL(page.url()).hash).toContain('lab=images');
  await place('Show me both guides', 'Plane');
  await page.getByRole('button', { name: 'chroma excess', exact: true }).first().focus();
  await expect(page.getByRole('tooltip').filter({ hasText: terms['chromaExcess']!.text })).toBeVisible();
});

test('what is to be trained is filled in from the other lab, too', async ({ page }) => {
  await page.goto('./?engine=cpu#v=1&lab=images&pictures=4');
  await expect(page.getByRole('radio', { name: 'Images' })).toBeChecked();
  await expect(panel(page, 1)).toBeVisible();
  await page.getByRole('button', { name: 'Train a guide too good' }).click();
  await expect(page.getByRole('radio', { name: 'Plane' })).toBeChecked();
  const form = page.locator('gp-train-study form');
  await expect(form.getByLabel('Guides trained for')).toHaveValue('4096');
  await expect(form.getByRole('button', { name: 'Train', exact: true })).toBeInViewport();
});

shared('a reader who scrolls back by hand is not followed', async ({ page }) => {
  await openAtEnd(page);
  const button = page.getByRole('button', { name: 'Show me three guides' });
  await button.click();
  const back = page.getByRole('button', { name: 'Back to the text' });
  await expect(back).toBeVisible();
  await expect(button).not.toBeInViewport();
  await button.evaluate((element) => element.scrollIntoView());
  await expect(back).toHaveCount(0);
});

shared('a term explains itself to pointer, keyboard and Escape', async ({ page }) => {
  await openAtEnd(page);
  const word = page.getByRole('button', { name: 'guide', exact: true }).first();
  const card = page.getByRole('tooltip').filter({ hasText: glossary.guide.text });
  await word.hover();
  await expect(card).toBeVisible();
  // The pointer may enter it.
  await card.hover();
  await idle(page);
  await expect(card).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(card).toBeHidden();
  await page.mouse.move(0, 0);

  await word.focus();
  await expect(card).toBeVisible();
  await expect(word).toHaveAccessibleDescription(new RegExp(`^${glossary.guide.title}`));
  const { x, width } = (await card.boundingBox())!;
  expect(x).toBeGreaterThanOrEqual(0);
  expect(x + width).toBeLessThanOrEqual(1400);
  await page.keyboard.press('Tab');
  await expect(card).toBeHidden();
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('the text fits, and a term opens and closes by touch', async ({ page }) => {
    await openAtEnd(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    // The report's pictures are wider, and scroll by themselves.
    const scroller = page.locator('.pictures .scroller').first();
    expect((await scroller.boundingBox())!.width).toBeGreaterThan(240);
    expect(await scroller.evaluate(({ scrollWidth }) => scrollWidth)).toBe(790);
    const word = page.getByRole('button', { name: 'effective branches' }).first();
    await word.tap();
    const card = page.getByRole('tooltip').filter({ hasText: glossary.effectiveBranches.title });
    await expect(card).toBeVisible();
    const { x, width } = (await card.boundingBox())!;
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(390);
    await page.getByRole('heading', { name: 'Why a worse model guides well' }).tap();
    await expect(card).toBeHidden();
    for (const box of await page.locator('show-me').evaluateAll((all) => all.map((each) => each.getBoundingClientRect().height))) {
      expect(box).toBeGreaterThanOrEqual(44);
    }
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  shared(
    `axe finds nothing in the ${colorScheme} text, with a term open and the way back shown`,
    colorScheme === 'dark' ? {} : full,
    async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await openAtEnd(page);
      await page.getByRole('button', { name: 'Show me three guides' }).click();
      await sampled(page);
      await expect(page.getByRole('button', { name: 'Back to the text' })).toBeVisible();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'noise level', exact: true }).first().focus();
      expect(await violations(page)).toEqual([]);
    },
  );
}

test.describe('before scripts', () => {
  test.use({ expectedErrors: /Failed to load resource/ });

  test('axe finds nothing', async ({ page }) => {
    await page.route('**/*.js', (route) => route.abort());
    await page.goto('./');
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await violations(page)).toEqual([]);
  });
});
