// Vector drawings of the page as files.
import { readColours } from './colours.js';

/** What a vector drawing has from style sheets, which do not go with it: what its parts take from what they stand in, */
const inherited = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-opacity',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'font',
  'paint-order',
  'text-anchor',
  'dominant-baseline',
];

/** and what they do not, with what it is of itself. */
const single = { opacity: '1', 'vector-effect': 'none' };

/** Vector drawings as one, each where it stands within an element: an SVG that needs nothing of the page. */
export function composeVectors(drawings: SVGSVGElement[], within: Element): string {
  const whole = document.createElementNS(namespace, 'svg');
  const frame = within.getBoundingClientRect();
  whole.setAttribute('width', String(frame.width));
  whole.setAttribute('height', String(frame.height));
  const background = document.createElementNS(namespace, 'rect');
  background.setAttribute('width', '100%');
  background.setAttribute('height', '100%');
  background.setAttribute('fill', readColours(within, ['--page'])[0]!);
  whole.append(background);
  for (const drawing of drawings) {
    const box = drawing.getBoundingClientRect();
    const copy = withStyle(drawing);
    copy.setAttribute('x', String(box.x - frame.x));
    copy.setAttribute('y', String(box.y - frame.y));
    whole.append(copy);
  }
  return write(whole);
}

export const namespace = 'http://www.w3.org/2000/svg';

/** A copy with the style that the page gives it written into it, each value where it begins to hold, and its size. */
export function withStyle(drawing: SVGSVGElement): SVGSVGElement {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const partsOf = (whole: SVGSVGElement) => [whole, ...whole.querySelectorAll<SVGElement>('*')];
  const copies = partsOf(copy);
  partsOf(drawing).forEach((part, index) => {
    const style = getComputedStyle(part);
    const around = part === drawing ? null : getComputedStyle(part.parentElement!);
    const copyOf = (name: string, known: string | undefined) => {
      const value = style.getPropertyValue(name);
      // Its own attribute would hold again.
      if (value !== known || part.hasAttribute(name)) copies[index]!.style.setProperty(name, value);
    };
    for (const name of inherited) copyOf(name, around?.getPropertyValue(name));
    for (const [name, value] of Object.entries(single)) copyOf(name, value);
  });
  const { width, height } = drawing.getBoundingClientRect();
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  return copy;
}

export function write(drawing: SVGSVGElement): string {
  drawing.setAttribute('xmlns', namespace);
  return new XMLSerializer().serializeToString(drawing);
}
