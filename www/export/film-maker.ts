// In a worker: draws a film of the panels frame by frame, away from the page's thread and from its canvases, which follow the
// clock.
import { CanvasPainter } from '../plane/drawing/canvas-painter.js';
import { litShapes } from '../plane/drawing/lit-shapes.js';
import { depict } from '../plane/drawing/point-look.js';
import { paint } from '../drawing/shapes.js';
import { drawLayout, placeParts } from '../drawing/picture-layout.js';
import { toShapes } from '../drawing/vectors.js';
import { changeOf } from '../plane/drawing/camera.js';
import { toFailure } from '../engine/failure.js';
import { fieldShapes } from '../plane/explanation/draw-field.js';
import type { Film, FilmOrder, FilmReply, Frame } from './film-protocol.js';

export interface FrameEncoder {
  /** Takes what is on the canvas; for no time at all only its colours. */
  add(milliseconds: number): void | Promise<void>;
  end(): Blob | Promise<Blob>;
}

const send = (reply: FilmReply) => self.postMessage(reply);

let film: Film;
let context: OffscreenCanvasRenderingContext2D;
let painters: { canvas: OffscreenCanvas; painter: CanvasPainter }[] = [];
let encoder: FrameEncoder;

export type OpenEncoder = (context: OffscreenCanvasRenderingContext2D, film: Film) => FrameEncoder | Promise<FrameEncoder>;

/** Makes films as they are ordered. */
export function makeFilms(open: OpenEncoder): void {
  self.onmessage = async ({ data: order }: MessageEvent<FilmOrder>) => {
    try {
      if (order.type === 'end') return send({ type: 'film', film: await encoder.end() });
      if (order.type === 'begin') await begin(order.film, open);
      else await shoot(order.frame);
      send({ type: 'done' });
    } catch (thrown) {
      send({ type: 'failed', failure: toFailure(thrown) });
    }
  };
}

async function begin(given: Film, open: OpenEncoder): Promise<void> {
  film = given;
  const { side } = film.layout;
  const { width, height } = placeParts(film.layout);
  // Videos have even sides.
  const canvas = new OffscreenCanvas(width + (width % 2), height + (height % 2));
  context = canvas.getContext('2d', { willReadFrequently: film.format === 'gif' })!;
  painters = film.panels.map(() => {
    const square = new OffscreenCanvas(side, side);
    const painter = new CanvasPainter(square);
    painter.resize(side, side);
    return { canvas: square, painter };
  });
  encoder = await open(context, film);
}

async function shoot(frame: Frame): Promise<void> {
  const { side, style } = film.layout;
  context.fillStyle = style.page;
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  await drawLayout(context, { ...film.layout, footer: frame.footer }, (panel, { x, y }) => {
    drawPanel(panel, frame);
    context.save();
    context.translate(x, y);
    context.beginPath();
    context.rect(0, 0, side, side);
    context.clip();
    context.drawImage(painters[panel]!.canvas, 0, 0);
    drawAbove(panel, frame);
    context.restore();
  });
  await encoder.add(frame.milliseconds);
}

function drawPanel(panel: number, { position, view, magnification, panels }: Frame): void {
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
  painters[panel]!.painter.draw(depict(scene, particles, film.colours, side, side, 1), film.outlines, steps, 1);
}

function drawAbove(panel: number, { position, view, panels }: Frame): void {
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
