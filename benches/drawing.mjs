// How far the panels are behind a hand that draws:
//
//   cargo xtask build && node benches/drawing.mjs [strokes]
//
// CHROMIUM is the browser. A mouse draws strokes on the opening view's board over two moons; of each drawing that panels are told of, the time
// is taken until a panel shows its particles at their end. The processor samples.

import { inChromium, served } from '../tests/package/browser.mjs';

const strokes = Number(process.argv[2] ?? 5);
const corners = 60;

await served('dist', (address) =>
  inChromium(async (page) => {
    await page.setViewportSize({ width: 1400, height: 1000 });
    await page.goto(`${address}?engine=cpu#v=1&distribution=two-moons`);
    await page.waitForFunction(() => {
      const instrument = document.querySelector('guidance-playground')?.instrument;
      return instrument?.engine && instrument.currentState.panels.every(({ id }) => instrument.engine.runs(id).shown?.finished);
    });
    await page.getByRole('button', { name: 'Draw', exact: true }).click();
    const board = page.locator('gp-drawing-board svg');
    await board.waitFor();
    await page.waitForTimeout(2000);
    await page.evaluate(() => {
      const { instrument } = document.querySelector('guidance-playground');
      const [told, shown] = [new Map(), []];
      const before = new Map();
      window.followed = { told, shown };
      const look = () => {
        const now = performance.now();
        const { panels, sampling } = instrument.currentState;
        if (!told.has(sampling.distribution)) told.set(sampling.distribution, now);
        for (const { id } of panels) {
          const run = instrument.engine.runs(id).shown;
          const of = run?.config.distribution;
          if (!of || before.get(id) === of) continue;
          before.set(id, of);
          if (told.has(of)) shown.push(now - told.get(of));
        }
        requestAnimationFrame(look);
      };
      look();
      // What is there already tells nothing.
      shown.length = 0;
    });
    const { x, y, width, height } = await board.boundingBox();
    for (let stroke = 0; stroke < strokes; stroke++) {
      const at = (share) => [x + width * (0.2 + 0.6 * share), y + height * (0.15 + (0.6 * stroke) / strokes + 0.05 * Math.sin(10 * share))];
      await page.mouse.move(...at(0));
      await page.mouse.down();
      for (let corner = 1; corner <= corners; corner++) {
        await page.mouse.move(...at(corner / corners));
        await page.waitForTimeout(25);
      }
      await page.mouse.up();
      await page.waitForTimeout(1500);
    }
    const { told, shown } = await page.evaluate(() => ({ told: window.followed.told.size - 1, shown: window.followed.shown }));
    shown.sort((a, b) => a - b);
    const quantile = (share) => `${shown[Math.floor(share * (shown.length - 1))].toFixed(0)} ms`;
    console.log(
      `${told} drawings told, ${shown.length} pictures of them; behind the hand ${quantile(0.5)}, nine tenths within ${quantile(0.9)}`,
    );
  }),
);
