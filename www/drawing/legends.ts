// Legends of the page in saved pictures: boxes, samples of colours and lines, and words, each where the page has it.
import { element, escapeText, short, writeShapes, type Shape } from './shapes.js';
import { readShapes, toShapes, unchanged, type WrittenShape } from './vectors.js';

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
  fill: string;
}

interface Word {
  text: string;
  x: number;
  y: number;
  fill: string;
  /** As a canvas takes it, and as an SVG does. */
  font: string;
  style: { 'font-family': string; 'font-size': string; 'font-weight': string };
}

export interface Legend {
  boxes: Box[];
  lines: { x: number; y: number; shapes: WrittenShape[] }[];
  words: Word[];
}

/** What a legend shows, in pixels from the upper left corner of a picture. */
export function readLegend(legend: Element, picture: Element): Legend {
  const frame = picture.getBoundingClientRect();
  const place = ({ x, y, width, height }: DOMRect) => ({
    x: x - frame.x - picture.clientLeft,
    y: y - frame.y - picture.clientTop,
    width,
    height,
  });
  const read: Legend = { boxes: [], lines: [], words: [] };
  for (const part of [legend, ...legend.querySelectorAll('*')]) {
    if (part instanceof SVGSVGElement) {
      const { x, y } = place(part.getBoundingClientRect());
      read.lines.push({ x, y, shapes: readShapes(part) });
    } else if (part instanceof HTMLElement) {
      const fill = getComputedStyle(part).backgroundColor;
      if (!/^rgba\(.*, 0\)$|^transparent$/.test(fill)) read.boxes.push({ ...place(part.getBoundingClientRect()), fill });
      for (const node of part.childNodes) if (node instanceof Text) read.words.push(...wordsOf(node, part, place));
    }
  }
  return read;
}

/** The words of a text, those of each line together. */
function wordsOf(node: Text, part: Element, place: (box: DOMRect) => Omit<Box, 'fill'>): Word[] {
  const range = document.createRange();
  const measure = new OffscreenCanvas(1, 1).getContext('2d')!;
  const { fontFamily, fontSize, fontWeight, fontStyle, color } = getComputedStyle(part);
  const font = `${fontStyle} ${fontWeight} ${fontSize} ${fontFamily}`;
  measure.font = font;
  const style = { 'font-family': fontFamily, 'font-size': fontSize, 'font-weight': fontWeight };
  const words: Word[] = [];
  for (const { 0: text, index } of node.data.matchAll(/\S+/g)) {
    range.setStart(node, index);
    range.setEnd(node, index + text.length);
    const { x, y, height, width } = place(range.getBoundingClientRect());
    if (width === 0) continue;
    const { fontBoundingBoxAscent: above, fontBoundingBoxDescent: below } = measure.measureText(text);
    words.push({ text, x, y: y + (height + above - below) / 2, fill: color, font, style });
  }
  return words;
}

export function drawLegend(context: CanvasRenderingContext2D, { boxes, lines, words }: Legend, draw: (shapes: Shape[]) => void): void {
  for (const { x, y, width, height, fill } of boxes) {
    context.fillStyle = fill;
    context.fillRect(x, y, width, height);
  }
  for (const { x, y, shapes } of lines) draw(toShapes(shapes, { ...unchanged, x, y }));
  for (const { text, x, y, fill, font } of words) {
    context.fillStyle = fill;
    context.font = font;
    context.fillText(text, x, y);
  }
}

/** A legend as elements of an SVG. */
export function writeLegend({ boxes, lines, words }: Legend): string {
  const drawn = lines.flatMap(({ x, y, shapes }) =>
    shapes.map(({ path, matrix: [a, b, c, d, e, f], ...look }) =>
      element(
        'g',
        { transform: `matrix(${[a, b, c, d, e + x, f + y].map(short).join(' ')})` },
        writeShapes([{ ...look, path: { d: path } }]),
      ),
    ),
  );
  return [
    ...boxes.map(({ x, y, width, height, fill }) =>
      element('rect', { x: short(x), y: short(y), width: short(width), height: short(height), fill }),
    ),
    ...drawn,
    ...words.map(({ text, x, y, fill, style }) => element('text', { x: short(x), y: short(y), fill, ...style }, escapeText(text))),
  ].join('');
}
