// Particles as small anti-aliased discs, written straight into pixels: 16,384 cost about a millisecond.
//
// A pixel's ink is kept as what it lets through, one byte: each disc multiplies it by what the disc lets through there,
// a table's integer. Only then are colours written, four bytes at a time.
import type { Transform } from './camera.js';
import type { Colour } from './palette.js';

/** Sub-pixel positions along an axis for which a disc is prepared. */
const phases = 4;
/** One in the table's fixed point. */
const unit = 256;

/** A disc at every sub-pixel offset of its centre, in a square of `size` pixels; pixels it does not touch are left out. */
interface Discs {
  size: number;
  /** Where the pixels of each phase begin in the two tables. */
  begins: Int32Array;
  /** Of a touched pixel, from the square's upper left corner in the picture. */
  offsets: Int32Array;
  /** What it lets through, 0 to `unit`. */
  passes: Int32Array;
}

/** `opacity` is that of one disc where it covers a pixel wholly; `width` is the picture's. */
function makeDiscs(radius: number, opacity: number, width: number): Discs {
  const size = Math.ceil(2 * radius) + 2;
  const begins: number[] = [];
  const offsets: number[] = [];
  const passes: number[] = [];
  for (let phase = 0; phase < phases * phases; phase++) {
    begins.push(offsets.length);
    const centreX = size / 2 + ((phase % phases) + 0.5) / phases - 0.5;
    const centreY = size / 2 + (Math.floor(phase / phases) + 0.5) / phases - 0.5;
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const distance = Math.hypot(column + 0.5 - centreX, row + 0.5 - centreY);
        const coverage = Math.min(Math.max(radius + 0.5 - distance, 0), 1);
        const pass = Math.round(unit * (1 - opacity * coverage));
        if (pass === unit) continue;
        offsets.push(row * width + column);
        passes.push(pass);
      }
    }
  }
  begins.push(offsets.length);
  return {
    size,
    begins: Int32Array.from(begins),
    offsets: Int32Array.from(offsets),
    passes: Int32Array.from(passes),
  };
}

export class PointLayer {
  readonly canvas = new OffscreenCanvas(1, 1);
  #image = new ImageData(1, 1);
  /** What each pixel lets through, 0 to 255. */
  #through = new Uint8Array(1);
  #discs: Discs | null = null;
  /** What the discs were made for. */
  #made = '';

  resize(width: number, height: number): void {
    if (this.canvas.width === width && this.canvas.height === height) return;
    this.canvas.width = width;
    this.canvas.height = height;
    this.#image = new ImageData(width, height);
    this.#through = new Uint8Array(width * height);
  }

  /** Draws points between two steps, `fraction` of the way; `opacity` is that of one point, and all that counts of `colour` is its hue. */
  draw(
    from: Float32Array,
    to: Float32Array,
    fraction: number,
    { scale, x, y }: Transform,
    radius: number,
    colour: Colour,
    opacity: number,
  ): void {
    const { width, height, data } = this.#image;
    const wanted = `${radius}/${opacity}/${width}`;
    if (wanted !== this.#made) {
      this.#discs = makeDiscs(radius, opacity, width);
      this.#made = wanted;
    }
    const { size, begins, offsets, passes } = this.#discs!;
    const through = this.#through.fill(255);
    const right = width - size;
    const bottom = height - size;
    const left = x - size / 2 + 0.5;
    const top = y - size / 2 + 0.5;
    for (let index = 0; index < from.length; index += 2) {
      const dataX = from[index]!;
      const dataY = from[index + 1]!;
      const column = left + scale * (dataX + fraction * (to[index]! - dataX));
      const row = top - scale * (dataY + fraction * (to[index + 1]! - dataY));
      // Also leaves out what is not a number.
      if (!(column >= 0 && row >= 0 && column <= right && row <= bottom)) continue;
      const corner = (row | 0) * width + (column | 0);
      const phase = (((row * phases) & (phases - 1)) * phases) | ((column * phases) & (phases - 1));
      const end = begins[phase + 1]!;
      for (let pixel = begins[phase]!; pixel < end; pixel++) {
        const at = corner + offsets[pixel]!;
        through[at] = (through[at]! * passes[pixel]! + unit / 2) >> 8;
      }
    }
    this.#ink(through, new Uint32Array(data.buffer), colour);
    this.canvas.getContext('2d')!.putImageData(this.#image, 0, 0);
  }

  /** Only alpha differs between pixels, so that overlapping points add up to solid ink. */
  #ink(through: Uint8Array, pixels: Uint32Array, [red, green, blue]: Colour): void {
    const ink = ((255 * blue) << 16) | ((255 * green) << 8) | (255 * red);
    for (let pixel = 0; pixel < pixels.length; pixel++) pixels[pixel] = ((255 - through[pixel]!) << 24) | ink;
  }
}
