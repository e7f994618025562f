// Particles as small anti-aliased discs, written straight into pixels: thousands cost about a millisecond.
import type { Transform } from './camera.js';

/** Sub-pixel positions along an axis for which a disc is prepared. */
const phases = 4;

/** Coverage of a disc, 0 to 1, in a square of `size` pixels, for every sub-pixel offset of its centre. */
function discs(radius: number): { size: number; stamps: Float32Array[] } {
  const size = Math.ceil(2 * radius) + 2;
  const stamps: Float32Array[] = [];
  for (let phase = 0; phase < phases * phases; phase++) {
    const centreX = size / 2 + ((phase % phases) + 0.5) / phases - 0.5;
    const centreY = size / 2 + (Math.floor(phase / phases) + 0.5) / phases - 0.5;
    const stamp = new Float32Array(size * size);
    for (let pixel = 0; pixel < stamp.length; pixel++) {
      const distance = Math.hypot((pixel % size) + 0.5 - centreX, Math.floor(pixel / size) + 0.5 - centreY);
      stamp[pixel] = Math.min(Math.max(radius + 0.5 - distance, 0), 1);
    }
    stamps.push(stamp);
  }
  return { size, stamps };
}

export class PointLayer {
  readonly canvas = new OffscreenCanvas(1, 1);
  #image = new ImageData(1, 1);
  #radius = 0;
  #discs = discs(1);

  resize(width: number, height: number): void {
    if (this.canvas.width === width && this.canvas.height === height) return;
    this.canvas.width = width;
    this.canvas.height = height;
    this.#image = new ImageData(width, height);
  }

  /** Draws points between two steps, `fraction` of the way; `colour` is opaque RGB, `opacity` that of one point. */
  draw(
    from: Float32Array,
    to: Float32Array,
    fraction: number,
    { scale, x, y }: Transform,
    radius: number,
    colour: [number, number, number],
    opacity: number,
  ): void {
    if (radius !== this.#radius) {
      this.#radius = radius;
      this.#discs = discs(radius);
    }
    const { width, height, data } = this.#image;
    const [red, green, blue] = colour;
    // Only alpha differs between pixels, so that overlapping points add up to solid ink.
    new Uint32Array(data.buffer).fill((blue << 16) | (green << 8) | red);
    const { size, stamps } = this.#discs;
    for (let index = 0; index < from.length; index += 2) {
      const dataX = from[index]! + fraction * (to[index]! - from[index]!);
      const dataY = from[index + 1]! + fraction * (to[index + 1]! - from[index + 1]!);
      const left = x + scale * dataX - size / 2 + 0.5;
      const top = y - scale * dataY - size / 2 + 0.5;
      const column = Math.floor(left);
      const row = Math.floor(top);
      // Also leaves out what is not a number.
      if (!(column >= 0 && row >= 0 && column + size <= width && row + size <= height)) continue;
      const phase = Math.floor((left - column) * phases) + phases * Math.floor((top - row) * phases);
      const stamp = stamps[phase]!;
      for (let line = 0; line < size; line++) {
        let alpha = 4 * ((row + line) * width + column) + 3;
        for (let pixel = line * size; pixel < (line + 1) * size; pixel++, alpha += 4) {
          data[alpha] = data[alpha]! + (255 - data[alpha]!) * opacity * stamp[pixel]!;
        }
      }
    }
    this.canvas.getContext('2d')!.putImageData(this.#image, 0, 0);
  }
}
