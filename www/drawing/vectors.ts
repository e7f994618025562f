// Vector drawings of the page on a canvas, by their shapes: an image made of them would need an address that a strict policy
// forbids.
import type { Shape } from './shapes.js';

/** A shape by the words of an SVG, which can be sent to a worker. */
export interface WrittenShape extends Omit<Shape<string>, 'cap' | 'join'> {
  cap: CanvasLineCap;
  join: CanvasLineJoin;
  /** From where its path is written to the picture. */
  matrix: [number, number, number, number, number, number];
}

/** What of a drawing is lines and areas: paths, lines, circles and polygons, as the page's style sheets have them look. */
export function readShapes(drawing: SVGSVGElement): WrittenShape[] {
  return [...drawing.querySelectorAll<SVGGeometryElement>('path, line, circle, polygon')].flatMap((part) => {
    const path = outlineOf(part);
    const matrix = part.getCTM();
    if (!path || !matrix) return [];
    const style = getComputedStyle(part);
    const opacity = Number(style.opacity);
    const paintOf = (colour: string) => (colour === 'none' ? undefined : colour);
    return {
      path,
      matrix: [matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f],
      fill: paintOf(style.fill),
      stroke: paintOf(style.stroke),
      width: parseFloat(style.strokeWidth),
      dash: style.strokeDasharray === 'none' ? [] : style.strokeDasharray.split(/[ ,]+/).map(parseFloat),
      cap: style.strokeLinecap as CanvasLineCap,
      join: style.strokeLinejoin as CanvasLineJoin,
      fillOpacity: opacity * Number(style.fillOpacity),
      strokeOpacity: opacity * Number(style.strokeOpacity),
    };
  });
}

function outlineOf(part: SVGGeometryElement): string | null {
  const number = (name: string) => Number(part.getAttribute(name));
  switch (part.localName) {
    case 'path':
      return part.getAttribute('d');
    case 'line':
      return `M${number('x1')} ${number('y1')}L${number('x2')} ${number('y2')}`;
    case 'circle': {
      const [x, y, r] = [number('cx'), number('cy'), number('r')];
      return `M${x + r} ${y}A${r} ${r} 0 0 1 ${x - r} ${y}A${r} ${r} 0 0 1 ${x + r} ${y}Z`;
    }
    default:
      return `M${part.getAttribute('points')}Z`;
  }
}

/** From a drawing to the same on a picture of another size, or elsewhere on it. */
export interface Change {
  scale: number;
  x: number;
  y: number;
}

export const unchanged: Change = { scale: 1, x: 0, y: 0 };

/** As a canvas takes them: lines keep their width. */
export function toShapes(written: readonly WrittenShape[], { scale, x, y }: Change): Shape[] {
  return written.map(({ path, matrix: [a, b, c, d, e, f], ...look }) => {
    const placed = new Path2D();
    placed.addPath(new Path2D(path), {
      a: scale * a,
      b: scale * b,
      c: scale * c,
      d: scale * d,
      e: scale * e + x,
      f: scale * f + y,
    });
    return { ...look, path: placed };
  });
}

/** The words of a drawing, letter by letter, since parts of a word can stand higher or lower. */
export function drawWords(context: CanvasRenderingContext2D, drawing: SVGSVGElement): void {
  for (const words of drawing.querySelectorAll<SVGTextElement>('text')) {
    let place = 0;
    const walker = document.createTreeWalker(words, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const style = getComputedStyle(node.parentElement!);
      context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
      context.textBaseline = 'middle';
      context.lineJoin = 'round';
      for (const letter of node.nodeValue ?? '') {
        if (place >= words.getNumberOfChars()) break;
        const { x, y } = words.getStartPositionOfChar(place);
        place += 1;
        context.strokeStyle = style.stroke;
        context.lineWidth = parseFloat(style.strokeWidth);
        context.fillStyle = style.fill;
        if (style.stroke !== 'none') context.strokeText(letter, x, y);
        context.fillText(letter, x, y);
      }
    }
  }
  context.textBaseline = 'alphabetic';
}
