// Moving about the plane: views made from views.
import type { View } from '../../../pkg/guidance_playground.js';
import { fitView } from './camera.js';

export type Point = [number, number];

/** Half-widths that can be seen: closer there is nothing, farther neither. */
const closest = 0.002;
const farthest = 40;

/** The paper's close-up, into which its overview's figures are enlarged (Karras et al. 2024, the public toy example). */
export const closeUp: View = { x: 0.45, y: 1.22, halfWidth: 0.3, halfHeight: 0.3 };

/** Data coordinates of a place on a picture of this size, in pixels from its upper left corner. */
export function toData(view: View, [width, height]: Point, [x, y]: Point): Point {
  const transform = fitView(view, width, height);
  return [(x - transform.x) / transform.scale, (transform.y - y) / transform.scale];
}

/** Where data coordinates lie on a picture of this size. */
export function toPicture(view: View, [width, height]: Point, [x, y]: Point): Point {
  const transform = fitView(view, width, height);
  return [transform.x + transform.scale * x, transform.y - transform.scale * y];
}

/** Enlarged by a factor, with a point of the plane kept in place. */
export function zoom(view: View, factor: number, [x, y]: Point = [view.x, view.y]): View {
  const halfWidth = Math.min(Math.max(view.halfWidth / factor, closest), farthest);
  const shrinking = halfWidth / view.halfWidth;
  return {
    x: x + shrinking * (view.x - x),
    y: y + shrinking * (view.y - y),
    halfWidth,
    halfHeight: view.halfHeight * shrinking,
  };
}

/** Moved by a vector of the plane. */
export function pan(view: View, [x, y]: Point): View {
  return { ...view, x: view.x + x, y: view.y + y };
}
