// Colours of the picture, read from the page's design tokens.
import type { Palette } from './scene.js';

const tokens: Record<keyof Palette, string> = {
  regionA: '--region-a',
  outlineA: '--outline-a',
  regionB: '--region-b',
  outlineB: '--outline-b',
  particle: '--particle',
  dense: '--particle-dense',
  path: '--path',
  pathHead: '--path-head',
};

/** Red, green, blue and opacity, 0 to 1. */
export type Colour = [number, number, number, number];

/** The colours that hold for an element now, in its theme. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const entries = Object.entries(tokens).map(([name, token]) => [name, parseColour(style.getPropertyValue(token))]);
  return Object.fromEntries(entries) as Palette;
}

/** A registered colour token computes to `rgb(r, g, b)` or `rgba(r, g, b, a)`. */
function parseColour(colour: string): Colour {
  const [red = 0, green = 0, blue = 0, opacity = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return [red / 255, green / 255, blue / 255, opacity];
}

/** As a 2-D canvas takes it. */
export function formatColour([red, green, blue, opacity]: Colour): string {
  return `rgb(${255 * red} ${255 * green} ${255 * blue} / ${opacity})`;
}
