// Colours of pictures, read from the design tokens. A probe reads them: a registered property would be the whole page's.

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

/** Red, green, blue and opacity, 0 to 1. */
export type Colour = [number, number, number, number];

/** What a panel's picture is drawn in. */
export type Palette = Record<keyof typeof tokens, Colour>;

/** The colours that hold for an element now, in its theme. */
export function readPalette(element: Element): Palette {
  const colours = readColours(element, Object.values(tokens));
  return Object.fromEntries(Object.keys(tokens).map((name, index) => [name, parseColour(colours[index]!)])) as Palette;
}

/** Colour tokens as they hold inside of an element now, each as `rgb(r, g, b)` or `rgba(r, g, b, a)`. */
export function readColours(element: Element, names: readonly string[]): string[] {
  // Only a colour that something has is computed: a token stays what was written, with all its cases.
  const probe = document.createElement('i');
  probe.hidden = true;
  (element.shadowRoot ?? element).append(probe);
  const style = getComputedStyle(probe);
  const colours = names.map((name) => {
    probe.style.color = `var(${name})`;
    return style.color;
  });
  probe.remove();
  return colours;
}

function parseColour(colour: string): Colour {
  const [red = 0, green = 0, blue = 0, opacity = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return [red / 255, green / 255, blue / 255, opacity];
}

/** As a 2-D canvas takes it. */
export function formatColour([red, green, blue, opacity]: Colour): string {
  return `rgb(${255 * red} ${255 * green} ${255 * blue} / ${opacity})`;
}
