// The panels as one picture: what each shows at this moment, with its title above and its metrics below. Particles are drawn from
// where they are: the panels' canvases may be a frame late, or show some of them only.
import { closePart, fitView } from '../drawing/camera.js';
import { CanvasPainter } from '../drawing/canvas-painter.js';
import { withStyle, write } from '../drawing/svg-files.js';
import { formatColour, readPalette } from '../drawing/palette.js';
import { between, pathShapes } from '../drawing/path-shapes.js';
import { depict, type Depiction } from '../drawing/point-look.js';
import type { Palette } from '../drawing/scene.js';
import { element, escapeText, paint, PathText, ring, short, writeShapes, type Shape } from '../drawing/shapes.js';
import { drawLayout, placeParts, readPictureStyle, type PictureLayout } from '../drawing/picture-layout.js';
import { drawWords, readShapes, toShapes, unchanged } from '../drawing/vectors.js';
import { AdvisedError } from '../engine/failure.js';
import type { ClassName, Rings } from '../engine/types.js';
import { yieldToPage, footerOf, layersOf, type ExportSource, type ShownPanel } from './export-source.js';
import { writeIntoPng } from './metadata.js';
import { recordOf } from './record.js';

/** More dots than that make a file that few programs open: they are a raster then. */
const mostDots = 30_000;

/** What is exported, as it is at a moment. */
interface Still extends ExportSource {
  layout: PictureLayout;
  palette: Palette;
  outlines: Map<ClassName, Rings>;
  /** Of each panel: positions by step, as its painter needs them. */
  steps: Float32Array[][];
  /** Pixels of an image to one of the page. */
  scale: number;
}

async function stillOf(source: ExportSource): Promise<Still> {
  // As it is now: it may move on meanwhile.
  const now = { ...source };
  const { element, state, noiseLevels, panels } = now;
  const side = panels[0]!.picture.clientWidth;
  const layout = {
    panels,
    footer: footerOf(state, noiseLevels[Math.round(state.playback.position)]),
    side,
    style: readPictureStyle(element),
  };
  const palette = readPalette(element);
  const [outlines, steps] = await Promise.all([outlinesOf(now), Promise.all(panels.map(stepsOf))]);
  return { ...now, layout, palette, outlines, steps, scale: Math.max(devicePixelRatio, 1) };
}

/** How a panel's particles look; null before the core is loaded. */
function depictionOf({ layout, palette, panels }: Still, index: number, scale: number): Depiction | null {
  const { scene } = panels[index]!;
  const side = Math.round(scale * layout.side);
  return scene && depict(scene, scene.run?.config.particles ?? 1, palette, side, side, scale);
}

/** A PNG at the screen's own resolution. */
export async function drawPng(source: ExportSource): Promise<Blob> {
  const still = await stillOf(source);
  const { layout, panels, scale } = still;
  const { width, height } = placeParts(layout);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(scale * width);
  canvas.height = Math.round(scale * height);
  const context = canvas.getContext('2d')!;
  context.scale(scale, scale);
  await drawLayout(context, layout, async (index, { x, y }) => {
    await yieldToPage();
    const { side } = layout;
    context.save();
    context.translate(x, y);
    context.beginPath();
    context.rect(0, 0, side, side);
    context.clip();
    context.drawImage(drawParticles(still, index), 0, 0, side, side);
    drawLayers(context, panels[index]!, side);
    context.restore();
  });
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new AdvisedError('too-large', 'The picture is too large to be saved.', 'Make the window smaller, then try again.');
  return writeIntoPng(blob, JSON.stringify(recordOf(still)));
}

/** A panel's particles with the outlines beneath them. */
function drawParticles(still: Still, index: number): OffscreenCanvas {
  const side = Math.round(still.scale * still.layout.side);
  const canvas = new OffscreenCanvas(side, side);
  const depiction = depictionOf(still, index, still.scale);
  if (!depiction) return canvas;
  const painter = new CanvasPainter(canvas);
  painter.resize(side, side);
  painter.draw(depiction, still.outlines, still.steps[index]!, 1);
  return canvas;
}

function drawLayers(context: CanvasRenderingContext2D, panel: ShownPanel, side: number): void {
  for (const { drawing, shapes } of layersOf(panel)) {
    if (shapes) {
      // Its canvas may be a frame late.
      paint(
        context,
        shapes(() => new Path2D()),
      );
    } else if (drawing instanceof SVGSVGElement) {
      paint(context, toShapes(readShapes(drawing), unchanged));
      drawWords(context, drawing);
    } else if (drawing.width > 0) {
      context.drawImage(drawing, 0, 0, side, side);
    }
  }
}

/** An SVG that needs nothing of the page. Particles are a raster in it where they are many, or shown as density. */
export async function drawSvg(source: ExportSource): Promise<Blob> {
  const still = await stillOf(source);
  const { layout, panels, steps } = still;
  const { width, height, squares, lines } = placeParts(layout);
  const { style, side } = layout;
  const dots = steps.reduce((sum, each) => sum + (each.at(-1)?.length ?? 0) / 2, 0);
  const raster = still.state.look.shading === 'density' || dots > mostDots;
  const record = JSON.stringify(recordOf(still));
  const parts: string[] = [
    element('title', {}, 'Guidance Playground'),
    element(
      'desc',
      {},
      raster ? 'Particles and outlines are an image in it, since they are too many to be drawn one by one.' : 'All of it is vectors.',
    ),
    element('metadata', { id: 'guidance-playground' }, escapeText(record)),
    element('rect', { width, height, fill: style.page }),
  ];
  for (const [index, panel] of panels.entries()) {
    await yieldToPage();
    const { x, y } = squares[index]!;
    const content = raster
      ? element('image', { width: side, height: side, href: await readAddress(drawParticles(still, index)) })
      : writeParticles(still, index);
    const above = layersOf(panel).map((layer) => {
      if (layer.drawing instanceof SVGSVGElement) return write(withStyle(layer.drawing));
      return writeShapes(layer.shapes?.(() => new PathText()) ?? []);
    });
    parts.push(
      element(
        'svg',
        { x, y, width: side, height: side },
        element('rect', { width: side, height: side, fill: style.surface }) + content + above.join(''),
      ),
      element('rect', { x, y, width: side, height: side, fill: 'none', stroke: style.line }),
    );
  }
  const measure = new OffscreenCanvas(1, 1).getContext('2d')!;
  for (const { text, x, y, size, bold, soft, most } of lines) {
    measure.font = `${bold ? '600 ' : ''}${size}px ${style.font}`;
    const long = measure.measureText(text).width > most;
    parts.push(
      element(
        'text',
        {
          x,
          y,
          'font-family': style.font,
          'font-size': size,
          'font-weight': bold ? 600 : undefined,
          fill: soft ? style.inkSoft : style.ink,
          textLength: long ? most : undefined,
          lengthAdjust: long ? 'spacingAndGlyphs' : undefined,
        },
        escapeText(text),
      ),
    );
  }
  const whole = element('svg', { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}` }, parts.join('\n'));
  return new Blob([`<?xml version="1.0" encoding="UTF-8"?>\n${whole}\n`], { type: 'image/svg+xml' });
}

/** Outlines of the part of the plane that is seen, or of all of it. */
export async function outlinesOf({ engine, state, viewAt }: ExportSource, signal?: AbortSignal): Promise<Map<ClassName, Rings>> {
  const view = viewAt(state.playback.position);
  const part = view && closePart(view, []);
  const classes: ClassName[] = ['A', 'B'];
  const rings = await Promise.all(
    classes.map((of) => engine.ask({ type: 'outline', distribution: state.sampling.distribution, classes: of, part }, signal)),
  );
  return new Map(classes.map((of, index) => [of, rings[index]!]));
}

/** Where a panel's particles are: at whole steps around its position, and those with paths at all before; nothing without any. */
async function stepsOf({ scene }: ShownPanel): Promise<Float32Array[]> {
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

function writeParticles(still: Still, index: number): string {
  const look = depictionOf(still, index, 1);
  if (!look) return '';
  const {
    layout: { side },
    outlines,
    palette,
  } = still;
  const steps = still.steps[index]!;
  const transform = fitView(look.view, side, side);
  const [toX, toY] = [(x: number) => transform.x + transform.scale * x, (y: number) => transform.y - transform.scale * y];
  const regions = (['B', 'A'] as const).map((classes): Shape<PathText> => {
    const path = new PathText();
    for (const each of outlines.get(classes) ?? []) {
      const seen = each.some((_, at) => at % 2 === 0 && isInside(toX(each[at]!), side) && isInside(toY(each[at + 1]!), side));
      if (seen) ring(path, each, toX, toY);
    }
    return { path, rule: 'evenodd', fill: formatColour(palette[`region${classes}`]), stroke: formatColour(palette[`outline${classes}`]) };
  });
  if (steps.length === 0) return writeShapes(regions);
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
  return writeShapes(regions) + dots + ways;
}

function isInside(at: number, side: number): boolean {
  return at > -4 && at < side + 4;
}

/** A canvas as an address that holds all of it. */
async function readAddress(canvas: OffscreenCanvas): Promise<string> {
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
