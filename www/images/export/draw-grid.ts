// A panel's pictures as they are saved, on the page and in workers that make films: in the panel's grid, each pixel a sharp square.
import type { World } from '../engine/backend.js';
import { extent, gap, gridOf, side, type Grid } from '../picture/grid.js';
import { paintPictures } from '../picture/paint.js';

/** How the lit picture is marked. */
export interface Mark {
  /** Colours. */
  line: string;
  around: string;
  /** Pixels to one of the page. */
  scale: number;
}

/** What is drawn of a panel. */
export interface Drawn {
  /** As data, one after another. */
  data: Float32Array;
  /** The marked one's place among them; null where none is. */
  lit: number | null;
}

/** Pixels of a grid of pictures that is not enlarged: of its longer side. */
export function grainOf(count: number): number {
  const { columns, rows } = gridOf(count);
  return extent(Math.max(columns, rows));
}

/** Into a square of so many pixels at the context's origin. */
export function drawGrid(context: OffscreenCanvasRenderingContext2D, size: number, world: World, { data, lit }: Drawn, mark: Mark): void {
  const count = data.length / world.numbers;
  if (count === 0) return;
  const grid = gridOf(count);
  const enlarged = size / grainOf(count);
  const [across, down] = [extent(grid.columns), extent(grid.rows)];
  const pixels = new OffscreenCanvas(across, down);
  paintPictures(pixels.getContext('2d')!, world, data, grid.columns);
  context.imageSmoothingEnabled = false;
  context.drawImage(pixels, 0, 0, Math.round(enlarged * across), Math.round(enlarged * down));
  if (lit !== null && lit < count) drawMark(context, grid, lit, enlarged, mark);
}

/** As on the page: a frame within the picture, with a line around it. */
function drawMark(context: OffscreenCanvasRenderingContext2D, { columns }: Grid, lit: number, enlarged: number, mark: Mark): void {
  const [x, y] = [lit % columns, Math.floor(lit / columns)].map((at) => enlarged * at * (side + gap)) as [number, number];
  const frame = (colour: string, width: number, inset: number) => {
    context.strokeStyle = colour;
    context.lineWidth = width * mark.scale;
    const [off, length] = [inset * mark.scale, enlarged * side - 2 * inset * mark.scale];
    context.strokeRect(x + off, y + off, length, length);
  };
  frame(mark.around, 1, -0.5);
  frame(mark.line, 2, 1);
}
