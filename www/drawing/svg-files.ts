// Vector drawings of the page as files.
import { readColours } from './palette.js';

/** What a vector drawing has from style sheets, which do not go with it. */
const styled = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-opacity',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'font',
  'paint-order',
  'text-anchor',
  'dominant-baseline',
  'vector-effect',
];

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

/** A copy with the style that the page gives it written into it, and its size. */
export function withStyle(drawing: SVGSVGElement): SVGSVGElement {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const [parts, copies] = [drawing.querySelectorAll('*'), copy.querySelectorAll('*')];
  parts.forEach((part, index) => {
    const style = getComputedStyle(part);
    for (const name of styled) (copies[index] as SVGElement).style.setProperty(name, style.getPropertyValue(name));
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
