// Keeps the trajectories of the processor's runs and draws the panels' canvases from them, so that the page's own thread is free.
import type { Picture } from '../../../../pkg/gpu/guidance_playground.js';
import { closePart, contains } from '../../drawing/camera.js';
import { CanvasPainter } from '../../drawing/canvas-painter.js';
import { CanvasRenderer } from '../../drawing/canvas-renderer.js';
import { Thinning } from '../../drawing/thinning.js';
import type { DataId } from '../../../scheme/data.js';
import { isSameSite, type Site } from '../outline.js';
import type { TrajectoryOrder, TrajectoryReply, Outlines } from './protocol.js';

/** Outlines of a place; without rings while they are being traced. */
interface Outlined {
  site: Site;
  rings: Outlines['rings'] | null;
}

const send = (reply: TrajectoryReply, transfer: Transferable[] = []) => self.postMessage(reply, { transfer });

/** Of each run: positions by step, x0, y0, x1, y1, ...; the last steps may be there in part. */
const paths = new Map<number, Float32Array<ArrayBuffer>[]>();
/** What is looked at, or was: the latest last. */
let outlined: Outlined[] = [];
const thinning = new Thinning(
  () => renderer.redraw(),
  (share) => send({ type: 'thinned', share }),
);
const renderer: CanvasRenderer<CanvasPainter> = new CanvasRenderer<CanvasPainter>({
  add: (surface) => new CanvasPainter(surface),
  resize: (canvas, width, height) => canvas.resize(width, height),
  remove: () => {},
  draw(pictures, moved) {
    for (const { picture } of pictures) need({ distribution: picture.distribution as DataId, part: null });
    return thinning.draw(moved, (share) => {
      for (const { canvas, picture } of pictures) canvas.draw(picture, outlinesOf(picture), pathOf(picture), share);
    });
  },
  rest({ distribution, view }, magnification) {
    const closeUps = outlined.flatMap(({ site: { part, distribution: of } }) => (part && of === distribution ? [part] : []));
    const part = closePart(view, magnification, closeUps);
    if (part) need({ distribution: distribution as DataId, part });
  },
});

/** Has a place outlined, unless it is. */
function need(site: Site): void {
  if (outlined.some((each) => isSameSite(each.site, site))) return;
  // What no picture needs any more is let go, but for the latest, which is soon looked at again.
  const latest = outlined.at(-1);
  outlined = outlined.filter((each) => each === latest || renderer.pictures.some((seen) => shows(each.site, seen)));
  outlined.push({ site, rings: null });
  const lacking = outlined.filter(({ rings }) => !rings).map(({ site }) => site);
  // Everything first.
  send({ type: 'lacking', sites: lacking.toSorted((one, other) => Number(other.part !== null) - Number(one.part !== null)) });
}

/** Whether a picture lies in a place that is outlined. */
function shows({ distribution, part }: Site, picture: Picture): boolean {
  return distribution === picture.distribution && (part === null || contains(part, picture.view));
}

self.onmessage = ({ data: order }: MessageEvent<TrajectoryOrder>) => {
  switch (order.type) {
    case 'begin':
      return void paths.set(order.run, [order.starts]);
    case 'moved':
      return add(order);
    case 'release':
      return void paths.delete(order.run);
    case 'outline':
      keep(order.outlines);
      return renderer.redraw();
    case 'positions':
      return answer(order.request, paths.get(order.run)?.[order.step]?.slice());
    case 'paths': {
      const path = paths.get(order.run);
      return answer(order.request, path && pick(path, order.particles));
    }
    default:
      renderer.hear(order);
  }
};

function keep({ site, rings }: Outlines): void {
  const place = outlined.find((each) => isSameSite(each.site, site));
  if (place) place.rings = rings;
  // Found before the first picture of it.
  else outlined.push({ site, rings });
}

/** The closest that there are. */
function outlinesOf(picture: Picture): Outlines['rings'] {
  const side = ({ site: { part } }: Outlined) => part?.halfWidth ?? Infinity;
  const found = outlined.filter(({ site, rings }) => rings && shows(site, picture));
  return found.reduce<Outlined | null>((best, each) => (best && side(best) < side(each) ? best : each), null)?.rings ?? new Map();
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

function add({ run, piece: { first, step, positions }, count }: Extract<TrajectoryOrder, { type: 'moved' }>): void {
  const path = paths.get(run);
  if (!path) return;
  const size = 2 * count;
  for (let taken = 0; taken < positions.length / size; taken++) {
    const whole = (path[step + 1 + taken] ??= new Float32Array(path[0]!.length));
    whole.set(positions.subarray(taken * size, (taken + 1) * size), 2 * first);
  }
}
