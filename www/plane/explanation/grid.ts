// Places on a picture at which the core is asked.
import type { View } from '../../../pkg/guidance_playground.js';

/** Columns and rows of cells over a part of the plane; rows run downwards. */
export interface Grid {
  view: View;
  columns: number;
  rows: number;
}

/** Around a view, somewhat beyond its edges, so that moving it a little uncovers nothing. */
export function gridOver({ x, y, halfWidth, halfHeight }: View, cells: number): Grid {
  const beyond = 1.15;
  return { view: { x, y, halfWidth: beyond * halfWidth, halfHeight: beyond * halfHeight }, columns: cells, rows: cells };
}

/** The cells' centres, x0, y0, x1, y1, ... */
export function centres({ view, columns, rows }: Grid): Float32Array {
  const points = new Float32Array(2 * columns * rows);
  let place = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      points[place++] = view.x + view.halfWidth * ((2 * column + 1) / columns - 1);
      points[place++] = view.y - view.halfHeight * ((2 * row + 1) / rows - 1);
    }
  }
  return points;
}

/** Rings in cells, as contours are, become rings in data coordinates. */
export function toPlane({ view, columns, rows }: Grid, ring: Float32Array): Float32Array {
  const points = new Float32Array(ring.length);
  for (let place = 0; place < ring.length; place += 2) {
    points[place] = view.x + view.halfWidth * ((2 * ring[place]!) / columns - 1);
    points[place + 1] = view.y - view.halfHeight * ((2 * ring[place + 1]!) / rows - 1);
  }
  return points;
}
