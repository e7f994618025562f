// Frames as a GIF, with one palette for all of them, of which only what changes is stored.
import { applyPalette, GIFEncoder, quantize, type Palette } from 'gifenc/dist/gifenc.esm.js';
import type { FrameEncoder } from './film-maker.js';
import { writeIntoGif } from './metadata.js';

/** Of 256, the last one is what has not changed. */
const mostColours = 255;
/** Pixels whose colours are looked at, of each frame that lends them: every third. */
const stride = 3;

export class GifEncoder implements FrameEncoder {
  readonly #gif = GIFEncoder();
  readonly #samples: Uint8Array[] = [];
  #palette: Palette | null = null;
  #last: Uint8Array | null = null;

  constructor(
    private readonly context: OffscreenCanvasRenderingContext2D,
    private readonly text: string,
  ) {}

  add(milliseconds: number): void {
    const { width, height } = this.context.canvas;
    const pixels = this.context.getImageData(0, 0, width, height).data;
    if (milliseconds === 0) return this.#sample(pixels);
    const palette = (this.#palette ??= this.#choose());
    const colours = applyPalette(pixels, palette, 'rgb565');
    const last = this.#last;
    this.#last = colours;
    const shown = last ? colours.map((colour, at) => (colour === last[at] ? mostColours : colour)) : colours;
    this.#gif.writeFrame(shown, width, height, {
      palette: last ? undefined : palette,
      delay: milliseconds,
      repeat: 0,
      ...(last ? { transparent: true, transparentIndex: mostColours, dispose: 1 } : { dispose: 1 }),
    });
  }

  end(): Blob {
    this.#gif.finish();
    return writeIntoGif(this.#gif.bytes(), this.text);
  }

  #sample(pixels: Uint8ClampedArray): void {
    const words = new Uint32Array(pixels.buffer);
    this.#samples.push(new Uint8Array(words.filter((_, at) => at % stride === 0).buffer));
  }

  #choose(): Palette {
    const all = new Uint8Array(this.#samples.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const sample of this.#samples.splice(0)) {
      all.set(sample, at);
      at += sample.length;
    }
    const palette = quantize(all, mostColours, { format: 'rgb565' });
    // So many are written, whichever were found.
    while (palette.length <= mostColours) palette.push([0, 0, 0]);
    return palette;
  }
}
