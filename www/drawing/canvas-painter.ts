// Draws pictures on a 2-D canvas.
import type { Picture } from '../../pkg/gpu/guidance_playground.js';
import type { ClassName, Rings } from '../engine/types.js';
import { fitView, type Transform } from './camera.js';
import { outlinePicture } from './outlines.js';
import { formatColour } from './palette.js';
import { PointLayer } from './points.js';

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
  draw(picture: Picture, outlines: ReadonlyMap<ClassName, Rings>, steps: readonly Float32Array[], share: number): void {
    const { width, height } = this.canvas;
    const { view, pixelRatio, colours } = picture;
    const transform = fitView(view, width, height);
    this.#context.clearRect(0, 0, width, height);
    this.#context.drawImage(outlinePicture({ outlines, transform, width, height, pixelRatio, colours }), 0, 0);
    if (steps.length === 0) return;
    this.#drawPoints(steps, picture, transform, share);
    if (picture.paths > 0) this.#drawPaths(steps, picture, transform);
  }

  #drawPoints(steps: readonly Float32Array[], picture: Picture, transform: Transform, share: number): void {
    const { from, to, fraction } = between(steps, picture.position);
    // The first particles are as random as any.
    const count = 2 * Math.ceil((share * from.length) / 2);
    this.#points.draw(from.subarray(0, count), to.subarray(0, count), fraction, transform, picture);
    this.#context.drawImage(this.#points.canvas, 0, 0);
  }

  #drawPaths(steps: readonly Float32Array[], picture: Picture, transform: Transform): void {
    const { position, paths, pixelRatio, colours } = picture;
    const { from, to, fraction } = between(steps, position);
    const passed = Math.floor(position);
    const count = Math.min(paths, from.length / 2);
    const toX = (dataX: number) => transform.x + transform.scale * dataX;
    const toY = (dataY: number) => transform.y - transform.scale * dataY;
    const context = this.#context;
    const heads = new Path2D();
    context.beginPath();
    for (let particle = 0; particle < count; particle++) {
      const at = 2 * particle;
      context.moveTo(toX(steps[0]![at]!), toY(steps[0]![at + 1]!));
      for (let step = 1; step <= passed; step++) {
        context.lineTo(toX(steps[step]![at]!), toY(steps[step]![at + 1]!));
      }
      const headX = toX(from[at]! + fraction * (to[at]! - from[at]!));
      const headY = toY(from[at + 1]! + fraction * (to[at + 1]! - from[at + 1]!));
      context.lineTo(headX, headY);
      heads.moveTo(headX, headY);
      heads.arc(headX, headY, 2.25 * pixelRatio, 0, 2 * Math.PI);
    }
    context.strokeStyle = formatColour(colours.path);
    context.lineWidth = pixelRatio;
    context.lineJoin = 'round';
    context.stroke();
    context.fillStyle = formatColour(colours.pathHead);
    context.fill(heads);
  }
}

/** The two steps around a position, and how far it lies from the first to the second. */
function between(steps: readonly Float32Array[], position: number) {
  const before = Math.floor(position);
  const fraction = position - before;
  return { from: steps[before]!, to: steps[fraction > 0 ? before + 1 : before]!, fraction };
}
