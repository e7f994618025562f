// Colours of pictures, read from the design tokens. A probe reads them: a registered property would be the whole page's.

/** Red, green, blue and opacity, 0 to 1. */
export type Colour = [number, number, number, number];

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

/** Of what `readColours` gives. */
export function parseColour(colour: string): Colour {
  const [red = 0, green = 0, blue = 0, opacity = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return [red / 255, green / 255, blue / 255, opacity];
}

/** As a 2-D canvas takes it. */
export function formatColour([red, green, blue, opacity]: Colour): string {
  return `rgb(${255 * red} ${255 * green} ${255 * blue} / ${opacity})`;
}
