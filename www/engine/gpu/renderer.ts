// Describes scenes to the device's worker, which draws them.
import type { Picture } from '../../../pkg/gpu/guidance_playground.js';
import { parseColour, type Colour } from '../../drawing/palette.js';
import { pointLook } from '../../drawing/point-look.js';
import type { Palette, Renderer, Scene } from '../../drawing/scene.js';
import type { Order } from './protocol.js';

export class GpuRenderer implements Renderer {
  #width = 1;
  #height = 1;
  #pixelRatio = 1;

  constructor(
    private readonly canvas: number,
    private readonly send: (order: Order) => void,
    private readonly show: (picture: Picture) => void,
  ) {}

  resize(width: number, height: number, pixelRatio: number): void {
    this.#pixelRatio = pixelRatio;
    const pixels = (length: number) => Math.max(Math.round(length * pixelRatio), 1);
    this.#width = pixels(width);
    this.#height = pixels(height);
    this.send({ type: 'resize-canvas', canvas: this.canvas, width: this.#width, height: this.#height });
  }

  draw({ view, run, position, paths }: Scene, palette: Palette): void {
    const { radius, opacity } = pointLook(run?.config.particles ?? 1, this.#width, this.#height, this.#pixelRatio);
    const colours = Object.fromEntries(
      Object.entries(palette).map(([name, colour]) => [name, parseColour(colour)]),
    ) as Record<keyof Palette, Colour>;
    colours.particle[3] = opacity;
    this.show({
      canvas: this.canvas,
      run: run?.id,
      position,
      view,
      paths,
      pixelRatio: this.#pixelRatio,
      radius,
      colours,
    });
  }

  dispose(): void {
    this.send({ type: 'remove-canvas', canvas: this.canvas });
  }
}
