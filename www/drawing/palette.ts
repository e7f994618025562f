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

/** Red, green and blue of a registered colour token, which computes to `rgb(r, g, b)`. */
export function parseColour(colour: string): [number, number, number] {
  const [red, green, blue] = colour.match(/\d+/g) ?? [];
  return [Number(red), Number(green), Number(blue)];
}
