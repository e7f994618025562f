// Keeps the paths of the processor's runs and draws the panels' canvases from them, so that the page's own thread is free.
import type { Picture, View } from '../../../pkg/gpu/guidance_playground.js';
import { closePart, contains } from '../../drawing/camera.js';
import { CanvasPainter } from '../../drawing/canvas-painter.js';
import { Gallery } from '../../drawing/gallery.js';
import { Thinning } from '../../drawing/thinning.js';
import type { KeeperOrder, KeeperReply, Outlines } from './protocol.js';

const send = (reply: KeeperReply, transfer: Transferable[] = []) => self.postMessage(reply, { transfer });

/** Of each run: positions by step, x0, y0, x1, y1, ...; the last steps may be there in part. */
const paths = new Map<number, Float32Array<ArrayBuffer>[]>();
/** Of everything, and of the part that was last looked at closely. */
let outlines: Outlines['rings'] = new Map();
let close: Outlines | null = null;
/** The part that was last asked for. */
let asked: View | null = null;
const thinning = new Thinning(
  () => gallery.redraw(),
  (share) => send({ type: 'thinned', share }),
);
const gallery: Gallery<CanvasPainter> = new Gallery<CanvasPainter>({
  add: (surface) => new CanvasPainter(surface),
  resize: (canvas, width, height) => canvas.resize(width, height),
  remove: () => {},
  draw: (pictures) =>
    thinning.draw((share) => {
      for (const { canvas, picture } of pictures) canvas.draw(picture, outlinesOf(picture), pathOf(picture), share);
    }),
  rest(view) {
    const part = closePart(view, asked);
    if (!part) return;
    asked = part;
    send({ type: 'close', part });
  },
});

self.onmessage = ({ data: order }: MessageEvent<KeeperOrder>) => {
  switch (order.type) {
    case 'begin':
      return void paths.set(order.run, [order.starts]);
    case 'moved':
      return add(order);
    case 'release':
      return void paths.delete(order.run);
    case 'outline':
      if (order.outlines.part) close = order.outlines;
      else outlines = order.outlines.rings;
      return gallery.redraw();
    case 'positions':
      return answer(order.request, paths.get(order.run)?.[order.step]?.slice());
    case 'paths': {
      const path = paths.get(order.run);
      return answer(order.request, path && pick(path, order.particles));
    }
    default:
      gallery.hear(order);
  }
};

function outlinesOf({ view }: Picture): Outlines['rings'] {
  return close?.part && contains(close.part, view) ? close.rings : outlines;
}

function pathOf({ run }: Picture): readonly Float32Array[] {
  return (run !== undefined && paths.get(run)) || [];
}

function answer(request: number, positions: Float32Array<ArrayBuffer> | undefined): void {
  send({ type: 'positions', request, positions: positions ?? null }, positions ? [positions.buffer] : []);
}

function pick(path: readonly Float32Array[], particles: Uint32Array): Float32Array<ArrayBuffer> {
  const picked = new Float32Array(2 * path.length * particles.length);
  let place = 0;
  for (const particle of particles) {
    for (const positions of path) {
      picked.set(positions.subarray(2 * particle, 2 * particle + 2), place);
      place += 2;
    }
  }
  return picked;
}

function add({ run, piece: { first, step, positions }, count }: Extract<KeeperOrder, { type: 'moved' }>): void {
  const path = paths.get(run);
  if (!path) return;
  const size = 2 * count;
  for (let taken = 0; taken < positions.length / size; taken++) {
    const whole = (path[step + 1 + taken] ??= new Float32Array(path[0]!.length));
    whole.set(positions.subarray(taken * size, (taken + 1) * size), 2 * first);
  }
}
