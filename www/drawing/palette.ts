// Colours of the picture, read from the page's design tokens.
import type { Palette } from './scene.js';

const tokens: Palette = {
  regionA: '--region-a',
  outlineA: '--outline-a',
  regionB: '--region-b',
  outlineB: '--outline-b',
  particle: '--particle',
  path: '--path',
  pathHead: '--path-head',
};

/** The colours that hold for an element now, in its theme. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const entries = Object.entries(tokens).map(([name, token]) => [name, style.getPropertyValue(token)]);
  return Object.fromEntries(entries) as Palette;
}

/** Red, green, blue and opacity, 0 to 1. */
export type Colour = [number, number, number, number];

/** A registered colour token computes to `rgb(r, g, b)` or `rgba(r, g, b, a)`. */
export function parseColour(colour: string): Colour {
  const [red = 0, green = 0, blue = 0, opacity = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return [red / 255, green / 255, blue / 255, opacity];
}
