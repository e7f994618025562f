// Draws pictures on a 2-D canvas.
import { type ClassName, type Rings, outlinePicture } from './outlines.js';
import { fitView, type Transform } from './camera.js';
import { between, pathShapes } from './path-shapes.js';
import type { Depiction } from './point-look.js';
import { PointLayer } from './points.js';
import { paint } from '../../drawing/shapes.js';

export class CanvasPainter {
  readonly #context: OffscreenCanvasRenderingContext2D;
  readonly #points = new PointLayer();

  constructor(private readonly canvas: OffscreenCanvas) {
    this.#context = canvas.getContext('2d')!;
  }

  resize(width: number, height: number): void {
    this.canvas.width = width;
    this.canvas.height = height;
    this.#points.resize(width, height);
  }

  /** `steps` are positions by step, at least as many as the picture needs, or none; of the particles a share is drawn. */
  draw(picture: Depiction, outlines: ReadonlyMap<ClassName, Rings>, steps: readonly Float32Array[], share: number): void {
    const { width, height } = this.canvas;
    const { view, pixelRatio, colours } = picture;
    const transform = fitView(view, width, height);
    this.#context.clearRect(0, 0, width, height);
    this.#context.drawImage(outlinePicture({ outlines, transform, width, height, pixelRatio, colours }), 0, 0);
    if (steps.length === 0) return;
    this.#drawPoints(steps, picture, transform, share);
    if (picture.paths > 0)
      paint(
        this.#context,
        pathShapes(steps, picture, transform, () => new Path2D()),
      );
  }

  #drawPoints(steps: readonly Float32Array[], picture: Depiction, transform: Transform, share: number): void {
    const { from, to, fraction } = between(steps, picture.position);
    // The first particles are as random as any.
    const count = 2 * Math.ceil((share * from.length) / 2);
    this.#points.draw(from.subarray(0, count), to.subarray(0, count), fraction, transform, picture);
    this.#context.drawImage(this.#points.canvas, 0, 0);
  }
}
