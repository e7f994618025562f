// A page that holds several embeds, as a post does.
import type { Locator, Page } from '@playwright/test';
import type { PlaygroundInstrument } from '../../www/components/playground-instrument.js';
import type { PlaneEngine } from '../../www/plane/engine/engine.js';
import type { PlaneState } from '../../www/plane/state/state.js';
import { expect, inkBySquare } from './fixture.js';

/** The instruments of the page, as far as they are there. */
export const instruments = (page: Page): Locator => page.locator('gp-instrument');

interface Several {
  /** Of each embed. */
  attributes?: string;
  /** Pixels between them. */
  gap?: number;
}

/** Opens a page with so many embeds. */
export async function openSeveral(page: Page, count: number, { attributes = 'engine="cpu"', gap = 0 }: Several = {}): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.route('**/embed.html*', async (route) => {
    const response = await route.fetch();
    const space = `<svg width="1" height="${gap}"></svg>`;
    const embeds = Array<string>(count).fill(`<guidance-playground ${attributes}></guidance-playground>`).join(space);
    const body = (await response.text()).replace(/<guidance-playground.*<\/guidance-playground>/s, embeds);
    await route.fulfill({ response, body });
  });
  await page.goto('./embed.html');
}

/** An instrument that carries the plane. */
export type PlaneInstrument = PlaygroundInstrument & { readonly engine: PlaneEngine | null; readonly currentState: PlaneState };

/** Goes to each embed, since one that is far from being seen is not there yet. */
export async function visitAll(page: Page): Promise<void> {
  for (const embed of await page.locator('guidance-playground').all()) {
    await embed.scrollIntoViewIfNeeded();
    await expect(embed.locator('gp-instrument')).toBeAttached();
  }
}

/** Positions of an instrument's panel at a step. */
export function positionsOf(one: Locator, panel: number, step: number): Promise<number[] | null> {
  return one.evaluate(
    async (element: PlaneInstrument, [panel, step]) => {
      const positions = await element.engine?.positions(element.currentState.panels[panel!]!.id, step!);
      return positions ? [...positions] : null;
    },
    [panel, step],
  );
}

/** Of each panel of an instrument: steps that its latest run has done; -1 where there is no run. */
export function stepsDone(one: Locator): Promise<number[]> {
  return one.evaluate(({ currentState, engine }: PlaneInstrument) =>
    currentState.panels.map(({ id }) => {
      const { shown, pending } = engine?.runs(id) ?? {};
      return (pending ?? shown)?.stepsDone ?? -1;
    }),
  );
}

/** Waits until all panels of an instrument have sampled to the end. */
export async function sampledIn(one: Locator): Promise<void> {
  await expect(one.locator('.picture').first()).toBeAttached();
  for (const picture of await one.locator('.picture').all()) await expect(picture).toHaveAttribute('aria-busy', 'false');
}

/** Of the squares that one distribution's outline passes, and another's does not: how dark they are beside those that it is the other way around with. */
export async function likerThan(one: string, other: string, instrument: Locator, page: Page, number: number): Promise<number> {
  const side = 8;
  const inks = await inkBySquare(page, number, side);
  const across = Math.sqrt(inks.length);
  const passed = await instrument.evaluate(
    async (element: PlaneInstrument, { distributions, across }) => {
      const { x, y, halfWidth } = element.currentState.look.view!;
      const place = (from: number, to: number) => Math.floor((across * (to - from)) / (2 * halfWidth));
      const squares = async (distribution: string) => {
        const rings = await element.engine!.ask({ type: 'outline', distribution, classes: 'A', part: null });
        const places = rings.flatMap((ring) =>
          Array.from(
            { length: ring.length / 2 },
            (_, at) => [place(x - halfWidth, ring[2 * at]!), place(-y - halfWidth, -ring[2 * at + 1]!)] as const,
          ),
        );
        return places.filter((each) => each.every((at) => at >= 0 && at < across)).map(([column, row]) => row * across + column);
      };
      return Promise.all(distributions.map(squares));
    },
    { distributions: [one, other], across },
  );
  const [ours, theirs] = passed.map((squares) => new Set(squares)) as [Set<number>, Set<number>];
  const mean = (squares: Set<number>, without: Set<number>) => {
    const own = [...squares].filter((square) => !without.has(square));
    return own.reduce((sum, square) => sum + inks[square]!, 0) / own.length;
  };
  return mean(ours, theirs) / mean(theirs, ours);
}
