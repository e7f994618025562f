// An embed's life on a page: when it is fetched, where it stands, and what is left when it goes.
import type { CDPSession, Page } from '@playwright/test';
import type { GuidancePlayground } from '../../www/embed/guidance-playground.js';
import { expect, test, full, idle, particlePixels, shared } from './fixture.js';
import { embeds, live, openHost, quick, quickPictures, ready, set, stateOf } from './host.js';

/** What of the site has been asked for, without the host page. */
function requests(page: Page): string[] {
  const names: string[] = [];
  page.on('request', (request) => {
    const name = new URL(request.url()).pathname.slice(1).replace(/-[\w-]{8}\./, '.');
    if (!/host\.html|icon\.svg/.test(name)) names.push(name);
  });
  return names;
}

const small = ['assets/element.js', 'guidance-playground.js'];

test('far from the window only the small module is fetched', async ({ page }) => {
  const names = requests(page);
  await openHost(
    page,
    `<div style="height: 5000px"></div><guidance-playground ${quick}></guidance-playground><div style="height: 5000px"></div>`,
  );
  await page.evaluate(() => customElements.whenDefined('guidance-playground'));
  await idle(page);
  expect(names.filter((name) => !small.includes(name))).toEqual([]);
  const bytes = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter(({ name }) => name.endsWith('.js'))
      .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).decodedBodySize, 0),
  );
  expect(bytes).toBeLessThan(20_000);

  // Near it.
  await page.evaluate(() => scrollTo(0, 5000 - innerHeight - 500));
  await live(page);
  expect(names).toContain('assets/instrument.js');
  await embeds(page).scrollIntoViewIfNeeded();
  await ready(embeds(page));
});

test('one that goes before its instrument has come leaves nothing behind, and can come back', async ({ page }) => {
  let deliver = () => {};
  const wanted = new Promise<void>((resolve) => (deliver = resolve));
  await page.route('**/instrument-*.js', async (route) => {
    await wanted;
    await route.continue();
  });
  await openHost(page, `<guidance-playground ${quick}></guidance-playground>`);
  const asked = page.waitForRequest('**/instrument-*.js');
  const taken = await page.evaluateHandle(() => document.querySelector('guidance-playground')!);
  await asked;
  const refused = taken.evaluate((element: GuidancePlayground) =>
    element.metrics().then(
      () => '',
      ({ code }: { code: string }) => code,
    ),
  );
  await idle(page);
  await taken.evaluate((element) => element.remove());
  await idle(page);
  deliver();
  expect(await refused).toBe('gone');
  await idle(page);
  expect(
    await taken.evaluate((element: GuidancePlayground) => [element.instrument, element.shadowRoot!.querySelector('gp-instrument')]),
  ).toEqual([null, null]);
  expect(page.workers()).toHaveLength(0);

  // Twice in and out: one instrument.
  await taken.evaluate(async (element) => {
    // Each after what the one before has put off.
    const put = () => new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    document.body.append(element);
    await put();
    element.remove();
    await put();
    document.body.append(element);
  });
  await ready(embeds(page));
  await expect(page.locator('gp-instrument')).toHaveCount(1);
});

shared('methods are refused where the embed is on no page, and when it leaves', async ({ page }) => {
  await openHost(page, `<guidance-playground ${quick.replace('512', '131072').replace('4"', '128"')}></guidance-playground>`);
  await live(page);
  const codes = await page.evaluate(async () => {
    const code = (promise: Promise<unknown>) =>
      promise.then(
        () => 'none',
        ({ code }: { code: string }) => code,
      );
    const embed = document.querySelector('guidance-playground')!;
    const waiting = code(embed.metrics());
    const underWay = () => {
      const { shown, pending } = embed.instrument!.engine?.runs(embed.settings!.panels[0]!.id) ?? {};
      return (pending ?? shown)?.started;
    };
    while (!underWay()) await new Promise(requestAnimationFrame);
    embed.remove();
    return [await waiting, await code(embed.metrics()), await code(document.createElement('guidance-playground').play())];
  });
  expect(codes).toEqual(['gone', 'gone', 'gone']);
});

shared('moved within the page it keeps its run; put back later, its state', async ({ page }) => {
  await openHost(page, `<main></main><aside></aside><guidance-playground ${quick} seed="3" autoplay></guidance-playground>`);
  const embed = embeds(page);
  await ready(embed);
  await set(embed, { seed: 5, step: 2, field: 'difference' });
  await ready(embed);
  const before = await stateOf(embed);
  const same = await page.evaluate(async () => {
    const element = document.querySelector('guidance-playground')!;
    const instrument = element.instrument!;
    const record = () => instrument.engine!.runs(element.settings!.panels[1]!.id).shown;
    const run = record();
    // Each after what the move before has put off.
    for (const place of ['main', 'aside', 'main']) {
      document.querySelector(place)!.append(element);
      await new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    }
    return [element.instrument === instrument, record() === run, run !== null];
  });
  expect(same).toEqual([true, true, true]);
  expect(await stateOf(embed)).toEqual(before);

  const taken = await page.evaluateHandle(() => {
    const element = document.querySelector('guidance-playground')!;
    element.remove();
    return element;
  });
  await idle(page);
  expect(await taken.evaluate((element: GuidancePlayground) => [element.instrument, element.state])).toEqual([
    null,
    'v=1&levels=~steps:4&seed=5&particles=512&field=difference&step=2',
  ]);
  // Asked for meanwhile.
  await taken.evaluate((element: GuidancePlayground) => {
    element.particles = 1024;
    document.querySelector('aside')!.append(element);
  });
  await ready(embed);
  expect(await stateOf(embed)).toEqual({ ...before, particles: 1024 });
});

test('the next is drawn though the worker’s animation frames have stopped', async ({ page }) => {
  await openHost(page, `<guidance-playground ${quick}></guidance-playground>`);
  await ready(embeds(page));
  // As in Chromium, where a canvas has left the page with pictures that it had not shown yet.
  for (const worker of page.workers()) await worker.evaluate(() => Object.assign(self, { requestAnimationFrame: () => 1 }));
  await page.evaluate(() => {
    const embed = document.querySelector('guidance-playground')!;
    embed.replaceWith(embed.cloneNode());
  });
  await ready(embeds(page));
  for (const number of [1, 2, 3]) await expect.poll(() => particlePixels(page, number)).toBeGreaterThan(100);
});

shared('a clone is another embed, and so is one from a template', async ({ page }) => {
  await openHost(
    page,
    `<guidance-playground ${quick} seed="3" schemes="none"></guidance-playground>
     <template><p>Live:</p><guidance-playground ${quick} schemes="apg"></guidance-playground></template>`,
  );
  await ready(embeds(page).first());
  await set(embeds(page).first(), { seed: 6 });
  expect(await page.locator('gp-instrument').count()).toBe(1);
  await page.evaluate(() => {
    document.body.append(document.querySelector('guidance-playground')!.cloneNode(true));
    document.body.append(document.querySelector('template')!.content.cloneNode(true));
  });
  for (const index of [1, 2]) {
    await embeds(page).nth(index).scrollIntoViewIfNeeded();
    await ready(embeds(page).nth(index));
  }
  // Attributes are cloned, what was done is not.
  expect([0, 1, 2].map((index) => stateOf(embeds(page).nth(index))).length).toBe(3);
  expect((await stateOf(embeds(page).nth(0))).seed).toBe(6);
  expect((await stateOf(embeds(page).nth(1))).seed).toBe(3);
  expect(await stateOf(embeds(page).nth(2))).toMatchObject({ schemes: ['apg'], seed: 1 });
});

shared('it lives in shadow trees, and where it is first hidden', async ({ page }) => {
  await openHost(
    page,
    `<div id="host"></div><div id="hidden" style="display: none"><guidance-playground ${quick} schemes="none"></guidance-playground></div>
     <script>document.querySelector('#host').attachShadow({ mode: 'open' }).innerHTML = '<guidance-playground ${quick} schemes="apg"></guidance-playground>';</script>`,
  );
  await ready(page.locator('#host guidance-playground'));
  expect((await stateOf(page.locator('#host guidance-playground'))).schemes).toEqual(['apg']);
  await idle(page);
  await expect(page.locator('#hidden gp-instrument')).toHaveCount(0);
  await page.evaluate(() => (document.querySelector<HTMLElement>('#hidden')!.style.display = ''));
  await live(page, 2);
  await ready(page.locator('#hidden guidance-playground'));
  // Hidden and seen again.
  for (const display of ['none', '']) {
    await page.evaluate((display) => (document.querySelector<HTMLElement>('#hidden')!.style.display = display), display);
    await idle(page);
  }
  await expect(page.locator('#hidden gp-panel-picture').first()).toBeVisible();
});

test('the module may be there twice, and under two addresses', full, async ({ page }) => {
  const script = '<script type="module" src="./guidance-playground.js"></script>';
  await page.route('**/copy/**', async (route) => {
    const response = await route.fetch({ url: route.request().url().replace('/copy/', '/') });
    await route.fulfill({ response });
  });
  await openHost(page, `<guidance-playground ${quick}></guidance-playground>`, {
    scripts:
      script +
      script +
      '<script type="module" src="./guidance-playground.js?v=2"></script><script type="module" src="./copy/guidance-playground.js"></script>',
  });
  await ready(embeds(page));
  await expect(page.locator('gp-instrument')).toHaveCount(1);
});

interface Weight {
  heap: number;
  nodes: number;
  listeners: number;
  documents: number;
}

/** What the page holds once everything that can go is gone. */
async function weigh(page: Page, devtools: CDPSession): Promise<Weight> {
  // The shared backends close some time after the last embed has left.
  await expect.poll(() => page.workers().length).toBe(0);
  for (let round = 0; round < 3; round++) {
    await devtools.send('HeapProfiler.collectGarbage');
    await idle(page);
  }
  const { metrics } = await devtools.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((metric) => metric.name === name)!.value;
  return { heap: of('JSHeapUsedSize'), nodes: of('Nodes'), listeners: of('JSEventListeners'), documents: of('Documents') };
}

/** Puts so many embeds on the page, one after the other, each with everything, and takes them away again. */
function mount(page: Page, attributes: string, count: number, sampling: boolean): Promise<void> {
  return page.evaluate(
    async ([attributes, count, sampling]) => {
      for (let at = 0; at < count; at++) {
        const holder = document.createElement('div');
        holder.innerHTML = `<guidance-playground ${attributes} show="toolbar sampling studies lit" lit="3" home="./"></guidance-playground>`;
        const embed = holder.querySelector('guidance-playground')!;
        document.body.append(holder);
        if (sampling) {
          await embed.metrics();
          // Until then something may be asked that is rendered for the first time.
          do for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
          while (embed.instrument?.engine?.asking);
        }
        while (!embed.instrument || embed.instrument.composing) await new Promise((resolve) => setTimeout(resolve));
        holder.remove();
        while (embed.instrument) await new Promise((resolve) => setTimeout(resolve));
      }
    },
    [attributes, count, sampling] as const,
  );
}

for (const [what, attributes, first, count, extent] of [
  ['', `${quick} field="difference"`, 20, 100, {}],
  ['', `${quick} field="difference"`, 20, 200, full],
  [' of pictures', `${quickPictures} shares`, 10, 40, {}],
  [' of pictures', `${quickPictures} shares`, 20, 200, full],
] as const) {
  test(
    `${count} embeds${what} with everything that come and go leave no more on the page’s heap than ${first}`,
    extent,
    async ({ page }, info) => {
      test.setTimeout(300_000);
      await openHost(page, '<p>A post.</p>');
      await page.evaluate(() => customElements.whenDefined('guidance-playground'));
      const devtools = await page.context().newCDPSession(page);
      await devtools.send('Performance.enable');
      await devtools.send('HeapProfiler.enable');
      await mount(page, attributes, 5, true);
      await mount(page, attributes, first - 5, false);
      const few = await weigh(page, devtools);
      await mount(page, attributes, 5, true);
      await mount(page, attributes, count - first - 5, false);
      let many = await weigh(page, devtools);
      // Less than one of each of them; the last may still be on its way out, which a leak never is.
      await expect
        .poll(async () => (many = await weigh(page, devtools)).nodes, { timeout: 60_000 })
        .toBeLessThan(few.nodes + count - first);
      info.annotations.push(
        { type: `after ${first}`, description: JSON.stringify(few) },
        { type: `after ${count}`, description: JSON.stringify(many) },
      );
      expect(many.heap).toBeLessThan(1.1 * few.heap);
      expect(many.listeners).toBeLessThan(few.listeners + (count - first) / 10);
      expect(many.documents).toBe(few.documents);
    },
  );
}
