// A page that holds several instruments, as a post with several figures does.
import type { Locator, Page } from '@playwright/test';
import type { PlaygroundInstrument } from '../../www/elements/playground-instrument.js';

/** The element that is the instrument, and the markup of one figure. */
export const instrument = 'guidance-playground';
const figure = '<guidance-playground compact></guidance-playground>';

export const instruments = (page: Page): Locator => page.locator(instrument);

/** Opens a page with so many figures, with room between them where they are to be out of each other's sight. */
export async function openSeveral(page: Page, count: number, { query = '?engine=cpu', gap = 0, motion = false } = {}): Promise<void> {
  await page.emulateMedia({ reducedMotion: motion ? 'no-preference' : 'reduce' });
  await page.route('**/embed.html*', async (route) => {
    const response = await route.fetch();
    const space = `<div data-gap></div><style>[data-gap] { height: ${gap}px; }</style>`;
    const figures = Array<string>(count).fill(figure).join(space);
    await route.fulfill({ response, body: (await response.text()).replace(figure, figures) });
  });
  await page.goto(`./embed.html${query}`);
}

/** Positions of an instrument's panel at a step. */
export function positionsOf(one: Locator, panel: number, step: number): Promise<number[] | null> {
  return one.evaluate(
    async (element, [panel, step]) => {
      const positions = await (element as PlaygroundInstrument).positions(panel!, step!);
      return positions && [...positions];
    },
    [panel, step],
  );
}

/** Of each panel of an instrument: steps that its latest run has done; -1 where there is no run. */
export function stepsDone(one: Locator): Promise<number[]> {
  return one.evaluate((element) => {
    const { currentState, engine } = element as PlaygroundInstrument;
    return currentState.panels.map(({ id }) => {
      const { shown, pending } = engine?.runs(id) ?? {};
      return (pending ?? shown)?.stepsDone ?? -1;
    });
  });
}

/** Waits until all panels of an instrument have sampled to the end. */
export async function sampledIn(one: Locator): Promise<void> {
  const { expect } = await import('./fixture.js');
  for (const picture of await one.locator('.picture').all()) await expect(picture).toHaveAttribute('aria-busy', 'false');
}
