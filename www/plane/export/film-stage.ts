// In a worker: how a film of the plane is drawn.
import { changeOf } from '../drawing/camera.js';
import { CanvasPainter } from '../drawing/canvas-painter.js';
import { litShapes } from '../drawing/lit-shapes.js';
import { depict } from '../drawing/point-look.js';
import { paint } from '../../drawing/shapes.js';
import { toShapes } from '../../drawing/vectors.js';
import type { DrawPanel } from '../../export/film-maker.js';
import { fieldShapes } from '../explanation/draw-field.js';
import type { Film, Frame } from './film-protocol.js';

/** Makes ready for a film. */
export function stage(film: Film): DrawPanel<Frame> {
  const { side } = film.layout;
  const painters = film.panels.map(() => {
    const canvas = new OffscreenCanvas(side, side);
    const painter = new CanvasPainter(canvas);
    painter.resize(side, side);
    return { canvas, painter };
  });
  return (context, panel, frame) => {
    const { canvas, painter } = painters[panel]!;
    drawParticles(film, painter, panel, frame);
    context.drawImage(canvas, 0, 0);
    drawAbove(context, film, panel, frame);
  };
}

function drawParticles(film: Film, painter: CanvasPainter, panel: number, { position, view, magnification, panels }: Frame): void {
  const { side } = film.layout;
  const { particles, ways } = film.panels[panel]!;
  const { from, to } = panels[panel]!;
  const steps: Float32Array[] = [];
  if (from && to) {
    const before = Math.floor(position);
    for (let step = 0; step < before; step++) steps[step] = ways[step] ?? new Float32Array();
    steps[before] = from;
    steps[before + 1] = to;
  }
  const paths = ways.length > 0 ? ways[0]!.length / 2 : 0;
  const scene = { view, magnification, position, paths, shading: film.shading };
  painter.draw(depict(scene, particles, film.colours, side, side, 1), film.outlines, steps, 1);
}

function drawAbove(context: OffscreenCanvasRenderingContext2D, film: Film, panel: number, { position, view, panels }: Frame): void {
  const { side } = film.layout;
  const { lit, laid } = film.panels[panel]!;
  const { field } = panels[panel]!;
  const newPath = () => new Path2D();
  const size = [side, side] as const;
  const change = changeOf(laid, { view, side });
  paint(context, toShapes(laid.under, change));
  if (field) paint(context, fieldShapes(field, view, size, film.quantityColours, newPath));
  paint(context, toShapes(laid.over, change));
  if (lit) paint(context, litShapes(lit, position, view, size, film.litColours, newPath));
}
