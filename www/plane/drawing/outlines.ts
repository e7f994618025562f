// The data's regions with their outlines. An instrument's panels look at the same part of the plane at the same moment, so
// that one picture of it serves them all: tracing thousands of edges costs more than all the points.
import type { Picture } from '../../../pkg/gpu/guidance_playground.js';

import type { Transform } from './camera.js';
import { formatColour } from '../../drawing/colours.js';

/** Closed rings of data coordinates, x0, y0, x1, y1, ... */
export type Rings = Float32Array<ArrayBuffer>[];

export type ClassName = 'A' | 'B';

export interface OutlineLook {
  outlines: ReadonlyMap<ClassName, Rings>;
  transform: Transform;
  width: number;
  height: number;
  pixelRatio: number;
  colours: Picture['colours'];
}

/** As many instruments as are likely in sight at once. */
const mostPictures = 4;

/** Outlines as paths in data coordinates, made once. */
const paths = new WeakMap<Rings, Path2D>();
/** The latest pictures, the last one last. */
const pictures: { look: OutlineLook; canvas: OffscreenCanvas }[] = [];

/** The regions as they look so, ready to be copied. */
export function outlinePicture(look: OutlineLook): OffscreenCanvas {
  const place = pictures.findIndex((picture) => sameLook(look, picture.look));
  let picture = place < 0 ? undefined : pictures.splice(place, 1)[0];
  if (!picture) {
    const canvas = pictures.length < mostPictures ? new OffscreenCanvas(1, 1) : pictures.shift()!.canvas;
    draw(look, canvas);
    picture = { look, canvas };
  }
  pictures.push(picture);
  return picture.canvas;
}

function sameLook(a: OutlineLook, b: OutlineLook): boolean {
  return (
    a.outlines === b.outlines &&
    a.transform.scale === b.transform.scale &&
    a.transform.x === b.transform.x &&
    a.transform.y === b.transform.y &&
    a.width === b.width &&
    a.height === b.height &&
    a.pixelRatio === b.pixelRatio &&
    (['regionA', 'outlineA', 'regionB', 'outlineB'] as const).every(
      (name) => formatColour(a.colours[name]) === formatColour(b.colours[name]),
    )
  );
}

function draw(look: OutlineLook, canvas: OffscreenCanvas): void {
  const { outlines, transform, width, height, pixelRatio, colours } = look;
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext('2d')!;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  const lines = Math.max(Math.round(pixelRatio), 1);
  // A hair less than a pixel, lest rounding make it more.
  context.lineWidth = (0.99 * pixelRatio) / lines / transform.scale;
  for (const classes of ['B', 'A'] as const) {
    const rings = outlines.get(classes);
    if (!rings) continue;
    const path = toPath(rings);
    const { scale, x, y } = transform;
    context.setTransform(scale, 0, 0, -scale, x, y);
    context.fillStyle = formatColour(colours[`region${classes}`]);
    context.fill(path, 'evenodd');
    context.strokeStyle = formatColour(colours[`outline${classes}`]);
    // Lines a pixel wide, side by side: browsers draw them ten times faster than one that is wider.
    for (let line = 0; line < lines * lines; line++) {
      const right = (line % lines) - (lines - 1) / 2;
      const down = Math.floor(line / lines) - (lines - 1) / 2;
      context.setTransform(scale, 0, 0, -scale, x + right, y + down);
      context.stroke(path);
    }
  }
}

function toPath(rings: Rings): Path2D {
  let path = paths.get(rings);
  if (path) return path;
  path = new Path2D();
  for (const ring of rings) {
    for (let index = 0; index < ring.length; index += 2) {
      if (index === 0) path.moveTo(ring[0]!, ring[1]!);
      else path.lineTo(ring[index]!, ring[index + 1]!);
    }
    path.closePath();
  }
  paths.set(rings, path);
  return path;
}
