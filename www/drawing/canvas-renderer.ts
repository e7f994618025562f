// Draws a panel's scene on a 2-D canvas.
import type { RunRecord } from '../engine/run-record.js';
import { fitView, type Transform } from './camera.js';
import { outlinePicture } from './outlines.js';
import { parseColour } from './palette.js';
import { pointLook } from './point-look.js';
import { PointLayer } from './points.js';
import type { Palette, Renderer, Scene } from './scene.js';

export class CanvasRenderer implements Renderer {
  readonly #context: CanvasRenderingContext2D;
  readonly #points = new PointLayer();
  #pixelRatio = 1;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    /** Positions by step of a run, at least as many as are done. */
    private readonly pathOf: (run: RunRecord) => readonly Float32Array[],
  ) {
    this.#context = canvas.getContext('2d')!;
  }

  resize(width: number, height: number, pixelRatio: number): void {
    this.#pixelRatio = pixelRatio;
    this.canvas.width = Math.round(width * pixelRatio);
    this.canvas.height = Math.round(height * pixelRatio);
    this.#points.resize(this.canvas.width, this.canvas.height);
  }

  draw(scene: Scene, palette: Palette): void {
    const { width, height } = this.canvas;
    const transform = fitView(scene.view, width, height);
    this.#context.clearRect(0, 0, width, height);
    const look = { outlines: scene.outlines, transform, width, height, pixelRatio: this.#pixelRatio, palette };
    this.#context.drawImage(outlinePicture(look), 0, 0);
    const steps = scene.run ? this.pathOf(scene.run) : [];
    if (steps.length === 0) return;
    this.#drawPoints(steps, scene.position, transform, palette.particle);
    if (scene.paths > 0) this.#drawPaths(steps, scene, transform, palette);
  }

  dispose(): void {
    // The page's own memory: it goes with the canvas.
  }

  #drawPoints(steps: readonly Float32Array[], position: number, transform: Transform, colour: string): void {
    const { from, to, fraction } = between(steps, position);
    const { width, height } = this.canvas;
    const { radius, opacity } = pointLook(from.length / 2, width, height, this.#pixelRatio);
    this.#points.draw(from, to, fraction, transform, radius, parseColour(colour), opacity);
    this.#context.drawImage(this.#points.canvas, 0, 0);
  }

  #drawPaths(steps: readonly Float32Array[], { position, paths }: Scene, transform: Transform, palette: Palette): void {
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
      heads.arc(headX, headY, 2.25 * this.#pixelRatio, 0, 2 * Math.PI);
    }
    context.strokeStyle = palette.path;
    context.lineWidth = this.#pixelRatio;
    context.lineJoin = 'round';
    context.stroke();
    context.fillStyle = palette.pathHead;
    context.fill(heads);
  }
}

/** The two steps around a position, and how far it lies from the first to the second. */
function between(steps: readonly Float32Array[], position: number) {
  const before = Math.floor(position);
  const fraction = position - before;
  return { from: steps[before]!, to: steps[fraction > 0 ? before + 1 : before]!, fraction };
}
