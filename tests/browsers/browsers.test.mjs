// The built page in Firefox and in WebKit, beside Chromium: `npm run test:browsers`, after `npm run build`. CHROMIUM and FIREFOX
// are browsers; WebKit is WebKitGTK, through its own driver.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { relaxedSimd } from 'wasm-feature-detect';
import { serve } from '../package/browser.mjs';
import { chromium, firefox, patience, webkit } from './drivers.mjs';

/** Asks until the answer will do. */
async function until(question, accepts) {
  const end = performance.now() + patience;
  for (;;) {
    const answer = await question();
    if (accepts(answer)) return;
    if (performance.now() > end) assert.fail(`It was still ${inspect(answer)}.`);
    await wait(100);
  }
}

/** The rows of all panels' tables, once all are sampled. */
const rows = (browser) =>
  browser.evaluate(async () => {
    await customElements.whenDefined('guidance-playground');
    await document.querySelector('guidance-playground').metrics();
    return window.probe.find('[data-measure]').map((row) => row.textContent.replace(/\s+/g, ' ').trim());
  });

/**
 * The same figures: builds of the wasm add in another order, or with fused multiplications, so that a number on the edge between
 * two last digits may be rounded to either.
 */
function assertSameFigures(actual, expected) {
  const numbers = /\d+(?:\.(\d+))?/g;
  const words = (rows) => rows.map((row) => row.replace(numbers, '#'));
  assert.deepEqual(words(actual), words(expected));
  for (const [i, row] of actual.entries()) {
    const others = expected[i].match(numbers);
    for (const [j, [number, places]] of [...row.matchAll(numbers)].entries()) {
      const unit = 10 ** -(places?.length ?? 0);
      assert.ok(Math.abs(number - others[j]) < 1.5 * unit, `${row} is not ${expected[i]}`);
    }
  }
}

const settings = (browser) => browser.evaluate(() => document.querySelector('guidance-playground').settings);

const text = (browser, selector) => browser.evaluate((selector) => window.probe.find(selector)[0].textContent.trim(), selector);

const focus = (browser, ...selectors) => browser.evaluate((...selectors) => window.probe.focus(...selectors), ...selectors);

/** How many pixels of each picture of each figure are seen to be coloured as particles are. */
async function ink(browser) {
  const seen = await browser.screenshot();
  return browser.evaluate(async (png) => {
    const shot = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0))]));
    return window.probe
      .find('guidance-playground')
      .map((figure) =>
        window.probe
          .within(figure, 'gp-particle-view', 'canvas')
          .map((canvas) => window.probe.orange(shot, canvas.getBoundingClientRect())),
      );
  }, seen);
}

let server;
let chrome;
/** Of the opening view, in Chromium. */
let opening;

before(async () => {
  server = await serve('dist', fileURLToPath(new URL('probe.js', import.meta.url)));
  chrome = await chromium();
  await chrome.open(server.address);
  opening = await rows(chrome);
});
after(async () => {
  await chrome?.close();
  server?.close();
});

/** Chromium is one beside both, for one at a time. */
let turn = Promise.resolve();
const inChromium = (act) => (turn = turn.then(act, act));

describe('in other browsers, beside each other', { concurrency: true }, () => {
  for (const [name, launch] of Object.entries({ Firefox: firefox, WebKit: webkit })) {
    describe(name, { concurrency: false }, () => {
      let browser;
      before(async () => {
        browser = await launch();
      });
      after(() => browser?.close());

      const done = [];
      let begunAgain = 0;
      /**
       * A test of the page as those before have left it. WebKitGTK's page process crashes now and then on a machine that has much to
       * do: then all is done once more, in another session, three times at most. A crash of ours comes back.
       */
      const it = (name, act) =>
        test(name, async (t) => {
          let acts = [act];
          while (acts.length > 0) {
            try {
              for (const act of acts) await act();
              acts = [];
            } catch (error) {
              if (begunAgain === 3 || !(await browser.hasCrashed())) throw error;
              begunAgain++;
              t.diagnostic(`${error.message} The page's process crashed; all until here is done once more, in another session.`);
              await browser.close();
              browser = await launch();
              acts = [...done, act];
            }
          }
          done.push(act);
        });

      it('fills the opening view, with the figures of Chromium', async () => {
        await browser.open(server.address);
        const shown = await rows(browser);
        assert.equal(shown.length, 12);
        assertSameFigures(shown, opening);
        await focus(browser, '[aria-label="Noise level"]');
        await browser.press('End');
        await until(
          () => settings(browser),
          ({ playback }) => playback.position === 32 && !playback.playing,
        );
        // In Chromium they have 5,900, 1,900 and 3,600.
        await until(
          () => ink(browser),
          ([pictures]) => pictures.length === 3 && pictures.every((pixels) => pixels > 1500),
        );
      });

      it('samples with what it has, and says so', async () => {
        const relaxed = await browser.evaluate(relaxedSimd);
        const loaded = await browser.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
        const core = loaded.find((name) => name.endsWith('.wasm')).replace(server.address, 'dist/');
        assert.ok(readFileSync(core).equals(readFileSync(`pkg/${relaxed ? 'relaxed/' : ''}guidance_playground_bg.wasm`)));
        assert.match(await text(browser, '[data-engine]'), relaxed ? /WebAssembly relaxed SIMD/ : /WebAssembly SIMD/);
        // Where it has WebGPU, there is no graphics processor here.
        const lacking = (await browser.evaluate(() => 'gpu' in navigator)) ? 'found no graphics adapter' : 'offers no WebGPU';
        assert.match(await text(browser, '[data-notice]'), new RegExp(lacking));
      });

      it('exports a picture', async () => {
        const [type, ink] = await browser.evaluate(async () => {
          const file = await document.querySelector('guidance-playground').exportImage('png');
          const picture = await createImageBitmap(file);
          return [file.type, window.probe.orange(picture, { x: 0, y: 0, width: picture.width, height: picture.height })];
        });
        assert.equal(type, 'image/png');
        // In Chromium it has 11,700 in its three panels.
        assert.ok(ink > 10_000, `${ink} pixels`);
      });

      it('follows a weight that is dragged, and another scheme', async () => {
        await browser.open(`${server.address}#v=1&particles=512&levels=~steps:8`);
        const before = await rows(browser);
        const { x, y, width, height } = await browser.evaluate(() => window.probe.place('[aria-label="Panel 3"]', 'input[type="range"]'));
        const middle = Math.round(y + height / 2);
        // From 3 of 10, where the thumb is, to the left end.
        await browser.drag({ x: Math.round(x + 8 + 0.3 * (width - 16)), y: middle }, { x: Math.round(x), y: middle });
        await until(
          () => settings(browser),
          ({ panels }) => panels[2].scheme.weight === 0,
        );
        const dragged = await rows(browser);
        assert.deepEqual(dragged.slice(0, 8), before.slice(0, 8));
        for (let row = 8; row < 12; row++) assert.notEqual(dragged[row], before[row]);

        await browser.choose('[aria-label="Scheme of panel 1"]', 'sigma-scaling');
        await until(
          () => settings(browser),
          ({ panels }) => panels[0].choice === 'sigma-scaling',
        );
        const chosen = await rows(browser);
        assert.deepEqual(chosen.slice(4), dragged.slice(4));
        for (let row = 0; row < 4; row++) assert.notEqual(chosen[row], dragged[row]);
      });

      it('opens a link, which shows the same in Chromium', async () => {
        const shown = await rows(browser);
        const { panels, sampling } = await settings(browser);
        const address = () => browser.evaluate(() => location.href);
        await until(address, (address) => /schemes=sigma-scaling.*autoguidance~weight:0/.test(decodeURIComponent(address)));
        const link = await address();
        const shownIn = async (other) => {
          await other.open(link);
          return rows(other);
        };
        assert.deepEqual(await shownIn(browser), shown);
        assertSameFigures(await inChromium(() => shownIn(chrome)), shown);
        const opened = await settings(browser);
        assert.deepEqual({ panels: opened.panels, sampling: opened.sampling }, { panels, sampling });
      });

      it('turns dark, and explains a word', async () => {
        const ground = () => browser.evaluate(() => getComputedStyle(document.body).backgroundColor);
        assert.equal(await ground(), 'rgb(253, 252, 250)');
        await focus(browser, '[aria-label="Use dark colours"]');
        await browser.press('Enter');
        await until(ground, (colour) => colour === 'rgb(21, 20, 19)');
        await focus(browser, '[data-measure="outliers"]', '[role="button"]');
        await until(
          () => browser.evaluate(() => window.probe.find('.card:popover-open').map(({ textContent }) => textContent)),
          ([card]) => /^Outlier/.test(card),
        );
      });

      it('draws pictures from a prompt, with the figures of Chromium', async () => {
        const link = `${server.address}#v=1&lab=images&prompt=a%20rocket&pictures=4&levels=~steps:6`;
        const shownIn = async (other) => {
          await other.open(link);
          return rows(other);
        };
        const shown = await shownIn(browser);
        assert.equal(shown.length, 3 * 7);
        assertSameFigures(await inChromium(() => shownIn(chrome)), shown);
        await browser.evaluate(() => window.probe.find('[name="lab"]')[0].click());
        await until(
          () => settings(browser),
          (state) => state?.sampling.distribution === 'tree-2',
        );
        // With what comes last: left before, the page would tell of what it could not load any more.
        await until(
          () => browser.evaluate(() => window.probe.find('gp-lit-table').length),
          (tables) => tables === 1,
        );
      });

      it('fills the five figures of a post, as it is scrolled', async () => {
        await browser.open(`${server.address}post.html`);
        // Of fewer particles than the post's, whose number is not the point.
        await browser.evaluate(() => {
          for (const figure of document.querySelectorAll('guidance-playground')) figure.setAttribute('particles', '1024');
        });
        for (const [figure, panels] of [3, 1, 3, 2, 3].entries()) {
          await browser.evaluate(
            (figure) => document.querySelectorAll('guidance-playground')[figure].scrollIntoView({ block: 'center' }),
            figure,
          );
          // Pictures of the window, which a browser takes long to make, are asked for once there is something to be seen.
          await browser.evaluate((figure) => document.querySelectorAll('guidance-playground')[figure].metrics(), figure);
          await until(
            () => ink(browser),
            // Without particles there are none; where they lie on each other in few branches, some 300.
            (all) => all[figure].length === panels && all[figure].every((pixels) => pixels > 100),
          );
        }
      });

      it('has logged no error until now', async () => {
        await browser.evaluate(() => console.error('now'));
        await until(browser.errors, ({ length }) => length > 0);
        assert.deepEqual(await browser.errors(), ['now']);
      });
    });
  }
});
