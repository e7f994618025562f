// In a worker: draws a film of the panels frame by frame, away from the page's thread and from its canvases, which follow the
// clock.
import { drawLayout, placeParts } from '../drawing/picture-layout.js';
import { toFailure } from '../engine/failure.js';
import type { Film, FilmOrder, FilmReply, Frame } from './film-protocol.js';

export interface FrameEncoder {
  /** Takes what is on the canvas; for no time at all only its colours. */
  add(milliseconds: number): void | Promise<void>;
  end(): Blob | Promise<Blob>;
}

export type OpenEncoder = (context: OffscreenCanvasRenderingContext2D, film: Film) => FrameEncoder | Promise<FrameEncoder>;

/** Draws a panel's square of a frame, at the context's origin. */
export type DrawPanel<R extends Frame> = (context: OffscreenCanvasRenderingContext2D, panel: number, frame: R) => void;

const send = (reply: FilmReply) => self.postMessage(reply);

/** Makes films as they are ordered; `stage` makes ready for one. */
export function makeFilms<F extends Film, R extends Frame>(open: OpenEncoder, stage: (film: F) => DrawPanel<R>): void {
  let film: F;
  let context: OffscreenCanvasRenderingContext2D;
  let encoder: FrameEncoder;
  let drawPanel: DrawPanel<R>;

  async function begin(given: F): Promise<void> {
    film = given;
    const { width, height } = placeParts(film.layout);
    // Videos have even sides.
    const canvas = new OffscreenCanvas(width + (width % 2), height + (height % 2));
    context = canvas.getContext('2d', { willReadFrequently: film.format === 'gif' })!;
    drawPanel = stage(film);
    encoder = await open(context, film);
  }

  async function shoot(frame: R): Promise<void> {
    const { side, style } = film.layout;
    context.fillStyle = style.page;
    context.fillRect(0, 0, context.canvas.width, context.canvas.height);
    await drawLayout(context, { ...film.layout, footer: frame.footer }, (panel, { x, y }) => {
      context.save();
      context.translate(x, y);
      context.beginPath();
      context.rect(0, 0, side, side);
      context.clip();
      drawPanel(context, panel, frame);
      context.restore();
    });
    await encoder.add(frame.milliseconds);
  }

  self.onmessage = async ({ data: order }: MessageEvent<FilmOrder<F, R>>) => {
    try {
      if (order.type === 'end') return send({ type: 'film', film: await encoder.end() });
      if (order.type === 'begin') await begin(order.film);
      else await shoot(order.frame);
      send({ type: 'done' });
    } catch (thrown) {
      send({ type: 'failed', failure: toFailure(thrown) });
    }
  };
}
