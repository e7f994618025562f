// Describes scenes to the device's worker, which draws them.
import { parseColour } from '../../drawing/palette.js';
import type { Palette, Renderer, Scene } from '../../drawing/scene.js';
import type { Order, Picture } from './protocol.js';

export class GpuRenderer implements Renderer {
  #pixelRatio = 1;

  constructor(
    private readonly canvas: number,
    private readonly send: (order: Order) => void,
    private readonly show: (picture: Picture) => void,
  ) {}

  resize(width: number, height: number, pixelRatio: number): void {
    this.#pixelRatio = pixelRatio;
    const pixels = (length: number) => Math.max(Math.round(length * pixelRatio), 1);
    this.send({ type: 'resize-canvas', canvas: this.canvas, width: pixels(width), height: pixels(height) });
  }

  draw({ view, run, position, paths }: Scene, palette: Palette): void {
    this.show({
      canvas: this.canvas,
      run: run?.id ?? null,
      position,
      view,
      paths,
      pixelRatio: this.#pixelRatio,
      colours: Object.fromEntries(
        Object.entries(palette).map(([name, colour]) => [name, parseColour(colour)]),
      ) as Picture['colours'],
    });
  }

  dispose(): void {
    this.send({ type: 'remove-canvas', canvas: this.canvas });
  }
}
