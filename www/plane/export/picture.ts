// The panels' pictures of the plane as they are saved. Particles are drawn from where they are: the panels' canvases may be a frame
// late, or show some of them only.
import { element, PathText, ring, short, writeShapes, type Shape } from '../../drawing/shapes.js';
import { formatColour } from '../../drawing/colours.js';
import type { Still } from '../../lab/lab.js';
import { closePart, fitView, magnification } from '../drawing/camera.js';
import { CanvasPainter } from '../drawing/canvas-painter.js';
import type { ClassName, Rings } from '../drawing/outlines.js';
import { type Palette, readPalette } from '../drawing/palette.js';
import { between, pathShapes } from '../drawing/path-shapes.js';
import { depict, type Depiction } from '../drawing/point-look.js';
import type { Scene } from '../drawing/scene.js';
import type { PlaneRecord } from '../engine/backend.js';
import { sceneOf } from '../picture/seen.js';
import type { PlaneSource } from './source.js';

/** More dots than that make a file that few programs open: they are a raster then. */
const mostDots = 30_000;

/** What is exported, as it is at a moment. */
interface Moment {
  scenes: (Scene<PlaneRecord> | null)[];
  palette: Palette;
  outlines: Map<ClassName, Rings>;
  /** Of each panel: positions by step, as its painter needs them. */
  steps: Float32Array[][];
}

export async function still(source: PlaneSource, scale: number): Promise<Still> {
  const { element, state, panels } = source;
  const scenes = panels.map(({ run, seen, position }) => sceneOf(run, state, seen.view, seen.overview, position));
  const palette = readPalette(element);
  const [outlines, steps] = await Promise.all([outlinesOf(source), Promise.all(scenes.map(stepsOf))]);
  const moment = { scenes, palette, outlines, steps };
  const dots = steps.reduce((sum, each) => sum + (each.at(-1)?.length ?? 0) / 2, 0);
  const raster = state.look.shading === 'density' || dots > mostDots;
  const shared = new SharedShapes();
  return {
    draw: (panel, side) => drawParticles(moment, panel, side, scale),
    vectors: raster ? null : { write: (panel, side) => writeParticles(moment, panel, side, shared), shared: () => shared.write() },
    about: 'Particles and outlines are an image in it, since they are too many to be drawn one by one.',
    step: Math.round(state.playback.position),
    grain: null,
  };
}

/** How a panel's particles look; null before the core is loaded. */
function depictionOf({ palette, scenes }: Moment, index: number, side: number, scale: number): Depiction | null {
  const scene = scenes[index]!;
  return scene && depict(scene, scene.run?.config.particles ?? 1, palette, side, side, scale);
}

/** A panel's particles with the outlines beneath them. */
function drawParticles(moment: Moment, index: number, side: number, scale: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(side, side);
  const depiction = depictionOf(moment, index, side, scale);
  if (!depiction) return canvas;
  const painter = new CanvasPainter(canvas);
  painter.resize(side, side);
  painter.draw(depiction, moment.outlines, moment.steps[index]!, 1);
  return canvas;
}

/** Outlines of the part of the plane that is seen, or of all of it. */
export async function outlinesOf({ engine, state, view: { parts } }: PlaneSource, signal?: AbortSignal): Promise<Map<ClassName, Rings>> {
  const view = parts.viewAt(state.playback.position);
  const part = view && closePart(view, magnification(view, parts.overview!), []);
  const classes: ClassName[] = ['A', 'B'];
  const rings = await Promise.all(
    classes.map((of) => engine.ask({ type: 'outline', distribution: state.sampling.distribution, classes: of, part }, signal)),
  );
  return new Map(classes.map((of, index) => [of, rings[index]!]));
}

/** Where a panel's particles are: at whole steps around its position, and those with paths at all before; nothing without any. */
async function stepsOf(scene: Scene<PlaneRecord> | null): Promise<Float32Array[]> {
  if (!scene?.run) return [];
  const { run, position, paths } = scene;
  const before = Math.floor(position);
  const steps: Float32Array[] = [];
  for (let step = paths > 0 ? 0 : before; step <= Math.ceil(position); step++) {
    const positions = await run.backend.positions(run, step);
    if (!positions) return [];
    steps[step] = step < before ? positions.slice(0, 2 * paths) : positions;
  }
  return steps;
}

/** Shapes that panels have in common, which are written once. */
class SharedShapes {
  readonly #names = new Map<string, string>();

  /** Elements that show them. */
  use(shapes: readonly Shape<PathText>[]): string {
    const written = writeShapes(shapes);
    const name = this.#names.get(written) ?? `shared-${this.#names.size + 1}`;
    this.#names.set(written, name);
    return element('use', { href: `#${name}` });
  }

  write(): string {
    return element('defs', {}, [...this.#names].map(([written, id]) => element('g', { id }, written)).join(''));
  }
}

function writeParticles(moment: Moment, index: number, side: number, shared: SharedShapes): string {
  const look = depictionOf(moment, index, side, 1);
  if (!look) return '';
  const { palette } = moment;
  const steps = moment.steps[index]!;
  const transform = fitView(look.view, side, side);
  const [toX, toY] = [(x: number) => transform.x + transform.scale * x, (y: number) => transform.y - transform.scale * y];
  const regions = (['B', 'A'] as const).map((classes): Shape<PathText> => {
    const path = new PathText();
    for (const each of moment.outlines.get(classes) ?? []) {
      const seen = each.some((_, at) => at % 2 === 0 && isInside(toX(each[at]!), side) && isInside(toY(each[at + 1]!), side));
      if (seen) ring(path, each, toX, toY);
    }
    return { path, rule: 'evenodd', fill: formatColour(palette[`region${classes}`]), stroke: formatColour(palette[`outline${classes}`]) };
  });
  const beneath = shared.use(regions);
  if (steps.length === 0) return beneath;
  const { from, to, fraction } = between(steps, look.position);
  let d = '';
  for (let at = 0; at < from.length; at += 2) {
    const x = toX(from[at]! + fraction * (to[at]! - from[at]!));
    const y = toY(from[at + 1]! + fraction * (to[at + 1]! - from[at + 1]!));
    // Also leaves out what is not a number.
    if (isInside(x, side) && isInside(y, side)) d += `M${short(x)} ${short(y)}h0`;
  }
  const [red, green, blue, opacity] = look.colours.particle;
  const dots = element('path', {
    d,
    fill: 'none',
    stroke: formatColour([red, green, blue, 1]),
    'stroke-opacity': opacity,
    'stroke-width': short(2 * look.radius),
    'stroke-linecap': 'round',
  });
  const ways = look.paths > 0 ? writeShapes(pathShapes(steps, look, transform, () => new PathText())) : '';
  return beneath + dots + ways;
}

function isInside(at: number, side: number): boolean {
  return at > -4 && at < side + 4;
}
