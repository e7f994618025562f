// Particles as small anti-aliased discs, written straight into pixels: 16,384 cost about a millisecond.
//
// Of each pixel is kept what the discs there let through, which each multiplies, or how many cover it, which each adds
// to: integers, from a table of one disc. Only then are colours written, four bytes at a time.
import type { Picture } from '../../../pkg/gpu/guidance_playground.js';
import type { Transform } from './camera.js';
import type { Colour } from '../../drawing/colours.js';

/** Sub-pixel positions along an axis for which a disc is prepared. */
const phases = 4;
/** One in the tables' fixed point. */
const unit = 256;
/** All of a pixel's ink. */
const solid = 255;

/** A disc at every sub-pixel offset of its centre, in a square of `size` pixels; pixels it does not touch are left out. */
interface Discs {
  size: number;
  /** Where the pixels of each phase begin in the two tables. */
  begins: Int32Array;
  /** Of a touched pixel, from the square's upper left corner in the picture. */
  offsets: Int32Array;
  /** How much of it is covered, 0 to `unit`. */
  coverages: Int32Array;
}

/** `width` is the picture's. */
function makeDiscs(radius: number, width: number): Discs {
  const size = Math.ceil(2 * radius) + 2;
  const begins: number[] = [];
  const offsets: number[] = [];
  const coverages: number[] = [];
  for (let phase = 0; phase < phases * phases; phase++) {
    begins.push(offsets.length);
    const centreX = size / 2 + ((phase % phases) + 0.5) / phases - 0.5;
    const centreY = size / 2 + (Math.floor(phase / phases) + 0.5) / phases - 0.5;
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const distance = Math.hypot(column + 0.5 - centreX, row + 0.5 - centreY);
        const coverage = Math.round(unit * Math.min(Math.max(radius + 0.5 - distance, 0), 1));
        if (coverage === 0) continue;
        offsets.push(row * width + column);
        coverages.push(coverage);
      }
    }
  }
  begins.push(offsets.length);
  return {
    size,
    begins: Int32Array.from(begins),
    offsets: Int32Array.from(offsets),
    coverages: Int32Array.from(coverages),
  };
}

type Look = Pick<Picture, 'radius' | 'tone' | 'colours'>;

/** A pixel by what of it is inked, 0 to `solid`: only its opacity differs. */
function inkOf(opacity: number, [red, green, blue]: Colour): number {
  const byte = (part: number) => Math.round(255 * part);
  return ((opacity << 24) | (byte(blue) << 16) | (byte(green) << 8) | byte(red)) >>> 0;
}

/** The tone map of `PointLook`, which tone_map.wgsl has too, for every count up to where it no longer changes. */
function makeTones(tone: number, { particle, dense }: Look['colours']): Uint32Array {
  const counts = Math.ceil(unit * Math.expm1(2 / tone));
  return Uint32Array.from({ length: counts + 1 }, (_, count) => {
    const ink = tone * Math.log1p(count / unit);
    const share = Math.min(Math.max(ink - 1, 0), 1);
    const colour = particle.map((part, index) => part + share * (dense[index]! - part)) as Colour;
    return inkOf(Math.round(solid * Math.min(ink, 1)), colour);
  });
}

/** What was made for an earlier picture, until another needs something else. */
class Memo<T> {
  #key = '';
  #value: T | null = null;

  get(key: string, make: () => T): T {
    if (key !== this.#key || this.#value === null) this.#value = make();
    this.#key = key;
    return this.#value;
  }
}

export class PointLayer {
  readonly canvas = new OffscreenCanvas(1, 1);
  // Pixels are written and never drawn: they are best kept where they are written.
  readonly #context = this.canvas.getContext('2d', { willReadFrequently: true })!;
  #image = new ImageData(1, 1);
  #pixels = new Uint32Array(this.#image.data.buffer);
  /** Of each pixel: what it lets through, 0 to `solid`, or how much covers it, in `unit`s. */
  #sums = new Uint32Array(1);
  readonly #discs = new Memo<Discs>();
  readonly #passes = new Memo<Int32Array>();
  readonly #tones = new Memo<Uint32Array>();

  resize(width: number, height: number): void {
    if (this.canvas.width === width && this.canvas.height === height) return;
    this.canvas.width = width;
    this.canvas.height = height;
    this.#image = new ImageData(width, height);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
    this.#sums = new Uint32Array(width * height);
  }

  /** Draws points between two steps, `fraction` of the way. */
  draw(from: Float32Array, to: Float32Array, fraction: number, transform: Transform, look: Look): void {
    const { radius, tone, colours } = look;
    const { width } = this.#image;
    const discs = this.#discs.get(`${radius}/${width}`, () => makeDiscs(radius, width));
    if (tone === undefined) {
      const opacity = colours.particle[3];
      const passes = this.#passes.get(`${radius}/${width}/${opacity}`, () =>
        discs.coverages.map((coverage) => Math.round(unit - opacity * coverage)),
      );
      this.#sums.fill(solid);
      this.#stamp(from, to, fraction, transform, discs, passes, true);
      this.#ink(colours.particle);
    } else {
      const tones = this.#tones.get(`${tone}/${colours.particle}/${colours.dense}`, () => makeTones(tone, colours));
      this.#sums.fill(0);
      this.#stamp(from, to, fraction, transform, discs, discs.coverages, false);
      this.#map(tones);
    }
    this.#context.putImageData(this.#image, 0, 0);
  }

  /** Multiplies what is let through, or adds. */
  #stamp(
    from: Float32Array,
    to: Float32Array,
    fraction: number,
    { scale, x, y }: Transform,
    { size, begins, offsets }: Discs,
    values: Int32Array,
    multiply: boolean,
  ): void {
    const { width, height } = this.#image;
    const sums = this.#sums;
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
      if (multiply) {
        for (let pixel = begins[phase]!; pixel < end; pixel++) {
          const at = corner + offsets[pixel]!;
          sums[at] = (sums[at]! * values[pixel]! + unit / 2) >> 8;
        }
      } else {
        for (let pixel = begins[phase]!; pixel < end; pixel++) sums[corner + offsets[pixel]!]! += values[pixel]!;
      }
    }
  }

  /** Only opacity differs between pixels, so that overlapping points add up to solid ink. */
  #ink(colour: Colour): void {
    const pixels = this.#pixels;
    const sums = this.#sums;
    const ink = inkOf(0, colour);
    for (let pixel = 0; pixel < pixels.length; pixel++) pixels[pixel] = ((solid - sums[pixel]!) << 24) | ink;
  }

  #map(tones: Uint32Array): void {
    const pixels = this.#pixels;
    const sums = this.#sums;
    const last = tones.length - 1;
    for (let pixel = 0; pixel < pixels.length; pixel++) pixels[pixel] = tones[Math.min(sums[pixel]!, last)]!;
  }
}
