// What pictures of the plane are drawn in.
import { type Colour, parseColour, readColours } from '../../drawing/colours.js';

const tokens = {
  regionA: '--region-a',
  outlineA: '--outline-a',
  regionB: '--region-b',
  outlineB: '--outline-b',
  particle: '--particle',
  dense: '--particle-dense',
  path: '--path',
  pathHead: '--path-head',
} as const;

/** What a panel's picture is drawn in. */
export type Palette = Record<keyof typeof tokens, Colour>;

/** The colours that hold for an element now, in its theme. */
export function readPalette(element: Element): Palette {
  const colours = readColours(element, Object.values(tokens));
  return Object.fromEntries(Object.keys(tokens).map((name, index) => [name, parseColour(colours[index]!)])) as Palette;
}
