// Lines and areas that are drawn on a canvas, or written into an SVG: what draws them does not know which. What is lines and
// areas on a panel is a list of them.

/** What a path is drawn with. */
export type Pen = Pick<Path2D, 'moveTo' | 'lineTo' | 'closePath' | 'arc'>;

/** A path and its look, in pixels of the picture. */
export interface Shape<P = Path2D> {
  path: P;
  fill?: string;
  /** Which areas are inside where lines cross. */
  rule?: CanvasFillRule;
  stroke?: string;
  width?: number;
  dash?: number[];
  cap?: CanvasLineCap;
  join?: CanvasLineJoin;
  fillOpacity?: number;
  strokeOpacity?: number;
}

/** A path as the `d` of an SVG. */
export class PathText implements Pen {
  d = '';

  moveTo(x: number, y: number): void {
    this.d += `M${short(x)} ${short(y)}`;
  }

  lineTo(x: number, y: number): void {
    this.d += `L${short(x)} ${short(y)}`;
  }

  closePath(): void {
    this.d += 'Z';
  }

  /** Whole circles only, from their right. */
  arc(x: number, y: number, radius: number): void {
    const r = short(radius);
    const half = (to: number) => `A${r} ${r} 0 0 1 ${short(to)} ${short(y)}`;
    this.d += half(x - radius) + half(x + radius);
  }
}

/** A hundredth of a pixel is as much as can be seen. */
export function short(value: number): string {
  return String(Math.round(100 * value) / 100);
}

/** A disc, by itself or one of several in a path. */
export function disc(path: Pen, x: number, y: number, radius: number): void {
  path.moveTo(x + radius, y);
  path.arc(x, y, radius, 0, 2 * Math.PI);
}

/** A closed line x0, y0, x1, y1, ... after a change of coordinates. */
export function ring(path: Pen, points: Float32Array, toX: (x: number) => number, toY: (y: number) => number): void {
  for (let at = 0; at < points.length; at += 2) {
    const [x, y] = [toX(points[at]!), toY(points[at + 1]!)];
    if (at === 0) path.moveTo(x, y);
    else path.lineTo(x, y);
  }
  path.closePath();
}

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** First filled, then stroked, one after the other. */
export function paint(context: Context, shapes: readonly Shape[]): void {
  for (const {
    path,
    fill,
    rule,
    stroke,
    width = 1,
    dash = [],
    cap = 'butt',
    join = 'miter',
    fillOpacity = 1,
    strokeOpacity = 1,
  } of shapes) {
    if (fill) {
      context.globalAlpha = fillOpacity;
      context.fillStyle = fill;
      context.fill(path, rule);
    }
    if (!stroke) continue;
    context.globalAlpha = strokeOpacity;
    context.strokeStyle = stroke;
    context.lineWidth = width;
    context.lineCap = cap;
    context.lineJoin = join;
    context.setLineDash(dash);
    context.stroke(path);
  }
  context.globalAlpha = 1;
  context.setLineDash([]);
}

/** Lines and areas as elements of an SVG. */
export function writeShapes(shapes: readonly Shape<Pick<PathText, 'd'>>[]): string {
  return shapes
    .map(({ path, fill = 'none', rule, stroke, width = 1, dash, cap, join, fillOpacity, strokeOpacity }) =>
      element('path', {
        d: path.d,
        fill,
        'fill-rule': rule,
        'fill-opacity': fillOpacity,
        stroke,
        'stroke-width': stroke && width,
        'stroke-dasharray': dash?.join(' '),
        'stroke-linecap': cap,
        'stroke-linejoin': join,
        'stroke-opacity': strokeOpacity,
      }),
    )
    .join('');
}

/** An element of an SVG in writing; attributes that are undefined are left out. */
export function element(name: string, attributes: Record<string, string | number | undefined>, content = ''): string {
  const written = Object.entries(attributes).map(([name, value]) => (value === undefined ? '' : ` ${name}="${escapeText(String(value))}"`));
  return `<${name}${written.join('')}${content ? `>${content}</${name}>` : '/>'}`;
}

export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** Also of a text that another program has escaped. */
export function unescapeText(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
