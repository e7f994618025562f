// The panels as one picture, to be saved: what each shows at this moment, with its title above and its figures below.

export interface Framed {
  title: string;
  /** A line or two below the picture. */
  caption: string;
  /** What is laid on one another, from below: canvases and vector drawings, with the square that all fill. */
  layers: (HTMLCanvasElement | SVGSVGElement)[];
  side: number;
}

const margin = 16;
const titleHeight = 28;
const lineHeight = 18;
/** Panels in a row. */
const mostColumns = 3;

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

/** A PNG, in the colours and the font of an element, at the screen's own resolution. */
export async function compose(panels: Framed[], footer: string, like: Element): Promise<Blob> {
  const style = getComputedStyle(like);
  const colour = (token: string) => style.getPropertyValue(token) || style.color;
  const { side } = panels[0]!;
  const columns = Math.min(panels.length, mostColumns);
  const rows = Math.ceil(panels.length / columns);
  const captions = panels.map(({ caption }) => caption.split('\n'));
  const cell = { width: side + margin, height: titleHeight + side + lineHeight * Math.max(...captions.map(({ length }) => length)) + margin };
  const scale = Math.max(devicePixelRatio, 1);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(scale * (columns * cell.width + margin));
  canvas.height = Math.round(scale * (rows * cell.height + margin + lineHeight));
  const context = canvas.getContext('2d')!;
  context.scale(scale, scale);
  context.fillStyle = colour('--page');
  context.fillRect(0, 0, canvas.width, canvas.height);
  for (const [index, { title, layers }] of panels.entries()) {
    const [x, y] = [margin + (index % columns) * cell.width, margin + Math.floor(index / columns) * cell.height];
    context.fillStyle = colour('--ink');
    context.font = `600 16px ${style.fontFamily}`;
    context.fillText(title, x, y + 16, side);
    context.fillStyle = colour('--surface');
    context.fillRect(x, y + titleHeight, side, side);
    for (const layer of layers) {
      const image = layer instanceof HTMLCanvasElement ? layer : await toImage(layer);
      context.drawImage(image, x, y + titleHeight, side, side);
    }
    context.strokeStyle = colour('--line');
    context.strokeRect(x, y + titleHeight, side, side);
    context.fillStyle = colour('--ink-soft');
    context.font = `13px ${style.fontFamily}`;
    captions[index]!.forEach((line, below) => context.fillText(line, x, y + titleHeight + side + lineHeight * (below + 1), side));
  }
  context.font = `12px ${style.fontFamily}`;
  context.fillText(footer, margin, rows * cell.height + margin + lineHeight / 2, columns * cell.width - margin);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The picture is too large to be saved.'))), 'image/png');
  });
}

/** A vector drawing as an image. */
async function toImage(drawing: SVGSVGElement): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(write(withStyle(drawing)))}`;
  await image.decode();
  return image;
}

/** Vector drawings as one, each where it stands within an element: an SVG that needs nothing of the page. */
export function composeVectors(drawings: SVGSVGElement[], within: Element): string {
  const whole = document.createElementNS(namespace, 'svg');
  const frame = within.getBoundingClientRect();
  whole.setAttribute('width', String(frame.width));
  whole.setAttribute('height', String(frame.height));
  const background = document.createElementNS(namespace, 'rect');
  background.setAttribute('width', '100%');
  background.setAttribute('height', '100%');
  background.setAttribute('fill', getComputedStyle(within).getPropertyValue('--page'));
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

const namespace = 'http://www.w3.org/2000/svg';

/** A copy with the style that the page gives it written into it, and its size. */
function withStyle(drawing: SVGSVGElement): SVGSVGElement {
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

function write(drawing: SVGSVGElement): string {
  drawing.setAttribute('xmlns', namespace);
  return new XMLSerializer().serializeToString(drawing);
}
