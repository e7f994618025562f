// Keeps the paths of the processor's runs and draws the panels' canvases from them, so that the page's own thread is free.
import type { Picture, View } from '../../../pkg/gpu/guidance_playground.js';
import { closePart, contains, isSameView } from '../../drawing/camera.js';
import { CanvasPainter } from '../../drawing/canvas-painter.js';
import { Gallery } from '../../drawing/gallery.js';
import { Thinning } from '../../drawing/thinning.js';
import type { KeeperOrder, KeeperReply, Outlines } from './protocol.js';

interface CloseUp {
  part: View;
  rings: Outlines['rings'] | null;
}

const send = (reply: KeeperReply, transfer: Transferable[] = []) => self.postMessage(reply, { transfer });

/** Of each run: positions by step, x0, y0, x1, y1, ...; the last steps may be there in part. */
const paths = new Map<number, Float32Array<ArrayBuffer>[]>();
/** Of everything. */
let outlines: Outlines['rings'] = new Map();
/** Of parts that are looked at closely, the latest last; without rings while they are being traced. */
let closeUps: CloseUp[] = [];
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
    const part = closePart(
      view,
      closeUps.map((closeUp) => closeUp.part),
    );
    if (!part) return;
    // What no picture needs any more is let go, but for the latest, which is soon looked at again.
    const { views } = gallery;
    const latest = closeUps.at(-1);
    closeUps = closeUps.filter((each) => each === latest || views.some((seen) => contains(each.part, seen)));
    closeUps.push({ part, rings: null });
    send({ type: 'close', parts: closeUps.filter(({ rings }) => !rings).map(({ part }) => part) });
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
      keep(order.outlines);
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

function keep({ part, rings }: Outlines): void {
  if (!part) {
    outlines = rings;
    return;
  }
  const closeUp = closeUps.find((each) => isSameView(each.part, part));
  if (closeUp) closeUp.rings = rings;
}

/** The closest that there are. */
function outlinesOf({ view }: Picture): Outlines['rings'] {
  let best: CloseUp | null = null;
  for (const closeUp of closeUps) {
    if (!closeUp.rings || !contains(closeUp.part, view)) continue;
    if (!best || closeUp.part.halfWidth <= best.part.halfWidth) best = closeUp;
  }
  return best?.rings ?? outlines;
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
