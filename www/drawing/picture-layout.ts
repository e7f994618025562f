// Several panels as one picture: where each has its place, and what stands around it.
import { readColours } from './colours.js';

export interface Captioned {
  title: string;
  /** What is said below the picture, in pieces; lines have as many of them as fit. */
  caption: readonly string[];
}

export interface PictureStyle {
  /** `transparent` where what stands behind is to be seen. */
  page: string;
  surface: string;
  line: string;
  ink: string;
  inkSoft: string;
  /** A font family. */
  font: string;
}

export interface PictureLayout {
  panels: Captioned[];
  footer: string;
  /** Whose works are in the panels' squares; empty where they are nobody's. */
  credits: string;
  /** Whether all this is left out, so that there are squares only. */
  bare?: boolean;
  /** Of a panel's square, in pixels. */
  side: number;
  style: PictureStyle;
}

const margin = 16;
const titleHeight = 28;
const lineHeight = 18;
const captionSize = 13;
const creditSize = 11;
/** Of most letters in most fonts, to their size: what is wider is drawn narrower. */
const letterWidth = 0.55;
/** Panels in a row. */
const mostColumns = 3;

/** The colours and the font of an element. */
export function readPictureStyle(element: Element): PictureStyle {
  const [page = '', surface = '', line = '', ink = '', inkSoft = ''] = readColours(element, [
    '--page',
    '--surface',
    '--line',
    '--ink',
    '--ink-soft',
  ]);
  return { page, surface, line, ink, inkSoft, font: getComputedStyle(element).fontFamily };
}

/** Sides of the squares of so many panels that are to fit into a width. */
export function sideWithin(width: number, panels: number, most: number): number {
  const columns = Math.min(panels, mostColumns);
  return Math.min(Math.floor((width - margin) / columns) - margin, most);
}

export interface Place {
  x: number;
  y: number;
}

export interface Line extends Place {
  text: string;
  size: number;
  bold: boolean;
  soft: boolean;
  /** It is drawn narrower where it is longer. */
  most: number;
}

/** The size of a layout, the upper left corners of the panels' squares, and what is written. */
export function placeParts({ panels, footer, credits, side, bare = false }: PictureLayout): {
  width: number;
  height: number;
  squares: Place[];
  lines: Line[];
} {
  const columns = Math.min(panels.length, mostColumns);
  if (bare) return placeSquares(panels.length, columns, side);
  const captions = panels.map(({ caption }) => linesOf(caption, ', ', side, captionSize));
  const below = lineHeight * Math.max(...captions.map(({ length }) => length));
  const cell = { width: side + margin, height: titleHeight + side + below + margin };
  const bottom = Math.ceil(panels.length / columns) * cell.height + margin;
  const width = columns * cell.width + margin;
  const squares = panels.map((_, index) => ({
    x: margin + (index % columns) * cell.width,
    y: margin + Math.floor(index / columns) * cell.height + titleHeight,
  }));
  const lines = squares.flatMap(({ x, y }, index): Line[] => [
    { text: panels[index]!.title, x, y: y - 12, size: 16, bold: true, soft: false, most: side },
    ...captions[index]!.map((text, line) => ({
      text,
      x,
      y: y + side + lineHeight * (line + 1),
      size: captionSize,
      bold: false,
      soft: true,
      most: side,
    })),
  ]);
  const most = width - 2 * margin;
  const atFoot = { x: margin, bold: false, soft: true, most };
  lines.push({ ...atFoot, text: footer, y: bottom + lineHeight / 2, size: 12 });
  const credited = linesOf(credits.split(' ').filter(Boolean), ' ', most, creditSize);
  for (const [line, text] of credited.entries()) {
    lines.push({ ...atFoot, text, y: bottom + lineHeight * (line + 1.5), size: creditSize });
  }
  return { width, height: bottom + lineHeight * (credited.length + 1), squares, lines };
}

/** Pieces in lines that are about so wide, none broken. */
function linesOf(pieces: readonly string[], between: string, width: number, size: number): string[] {
  const letters = width / (letterWidth * size);
  const lines: string[] = [];
  for (const piece of pieces) {
    const longer = lines.length > 0 ? `${lines.at(-1)}${between}${piece}` : piece;
    if (lines.length === 0 || longer.length > letters) lines.push(piece);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

function placeSquares(count: number, columns: number, side: number): ReturnType<typeof placeParts> {
  const cell = side + margin;
  const squares = Array.from({ length: count }, (_, index) => ({
    x: margin + (index % columns) * cell,
    y: margin + Math.floor(index / columns) * cell,
  }));
  return { width: columns * cell + margin, height: Math.ceil(count / columns) * cell + margin, squares, lines: [] };
}

/** What stands around the panels' pictures, which `fill` draws, each in its square. */
export async function drawLayout(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  layout: PictureLayout,
  fill: (panel: number, place: Place) => void | Promise<void>,
): Promise<void> {
  const { side, style } = layout;
  const { width, height, squares, lines } = placeParts(layout);
  context.fillStyle = style.page;
  context.fillRect(0, 0, width, height);
  for (const [index, place] of squares.entries()) {
    const { x, y } = place;
    context.fillStyle = style.surface;
    context.fillRect(x, y, side, side);
    await fill(index, place);
    context.strokeStyle = style.line;
    context.lineWidth = 1;
    context.strokeRect(x, y, side, side);
  }
  for (const { text, x, y, size, bold, soft, most } of lines) {
    context.fillStyle = soft ? style.inkSoft : style.ink;
    context.font = `${bold ? '600 ' : ''}${size}px ${style.font}`;
    context.fillText(text, x, y, most);
  }
}
