// Pictures pixel for pixel, on the page and in workers.
import { pixelsOf, type World } from '../engine/backend.js';
import { gap, side } from './grid.js';

/** Puts pictures, as data one after another, into their places of a grid. */
export function paintPictures(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  world: World,
  data: Float32Array,
  columns: number,
): void {
  for (let place = 0; (place + 1) * world.numbers <= data.length; place++) {
    const pixels = pixelsOf(world, data.subarray(place * world.numbers, (place + 1) * world.numbers));
    const [x, y] = [(place % columns) * (side + gap), Math.floor(place / columns) * (side + gap)];
    context.putImageData(new ImageData(pixels, side, side), x, y);
  }
}
