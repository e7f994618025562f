// The panels as one picture: what each shows at this moment, with its title above and its metrics below. Particles are drawn from
// where they are: the panels' canvases may be a frame late, or show some of them only.
import { closePart, fitView, magnification } from '../plane/drawing/camera.js';
import { CanvasPainter } from '../plane/drawing/canvas-painter.js';
import { withStyle, write } from '../drawing/svg-files.js';
import { formatColour } from '../drawing/colours.js';
import { type Palette, readPalette } from '../plane/drawing/palette.js';
import { between, pathShapes } from '../plane/drawing/path-shapes.js';
import { depict, type Depiction } from '../plane/drawing/point-look.js';
import { element, escapeText, paint, PathText, ring, short, writeShapes, type Shape } from '../drawing/shapes.js';
import { drawLegend, type Legend, writeLegend } from '../drawing/legends.js';
import { drawLayout, placeParts, readPictureStyle, type PictureLayout } from '../drawing/picture-layout.js';
import { drawWords, readShapes, toShapes, unchanged } from '../drawing/vectors.js';
import { AdvisedError } from '../engine/failure.js';
import type { ClassName, Rings } from '../plane/drawing/outlines.js';
import { yieldToPage, footerOf, captionsOf, layersOf, legendsOf, type ExportSource, type ShownPanel } from './export-source.js';
import { writeIntoPng } from './metadata.js';
import { recordOf } from './record.js';
import type { PictureLook } from './request.js';

/** More dots than that make a file that few programs open: they are a raster then. */
const mostDots = 30_000;

/** What is exported, as it is at a moment. */
interface Still extends ExportSource {
  layout: PictureLayout;
  palette: Palette;
  outlines: Map<ClassName, Rings>;
  /** Of each panel: positions by step, as its painter needs them. */
  steps: Float32Array[][];
  /** Of each panel. */
  legends: Legend[][];
  /** Pixels of an image to one of the page. */
  scale: number;
}

async function stillOf(source: ExportSource, options: PictureLook): Promise<Still> {
  const { scale = Math.min(Math.max(devicePixelRatio, 1), 4), transparent = false, captions = true, legend = true } = options;
  // As it is now: it may move on meanwhile.
  const now = { ...source };
  const { element, state, noiseLevels, panels } = now;
  const side = panels[0]!.picture.clientWidth;
  if (side === 0) {
    throw new AdvisedError(
      'hidden',
      'There is no picture of what is not seen: the figure has no width on its page.',
      'Show it, and what it stands in, then try again.',
    );
  }
  const { position } = state.playback;
  const style = { ...readPictureStyle(element), ...(transparent && { page: 'transparent', surface: 'transparent' }) };
  const layout: PictureLayout = {
    panels: captionsOf(now, position >= state.sampling.levels.steps),
    footer: footerOf(state, noiseLevels[Math.round(position)]),
    bare: !captions,
    side,
    style,
  };
  const legends = panels.map((panel) => (legend ? legendsOf(panel) : []));
  const palette = readPalette(element);
  const [outlines, steps] = await Promise.all([outlinesOf(now), Promise.all(panels.map(stepsOf))]);
  return { ...now, layout, palette, outlines, steps, legends, scale };
}

/** How a panel's particles look; null before the core is loaded. */
function depictionOf({ layout, palette, panels }: Still, index: number, scale: number): Depiction | null {
  const { scene } = panels[index]!;
  const side = Math.round(scale * layout.side);
  return scene && depict(scene, scene.run?.config.particles ?? 1, palette, side, side, scale);
}

export async function drawPng(source: ExportSource, options: PictureLook): Promise<Blob> {
  const still = await stillOf(source, options);
  const { layout, panels, scale, legends } = still;
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
    for (const legend of legends[index]!) drawLegend(context, legend, (shapes) => paint(context, shapes));
    context.restore();
  });
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob)
    throw new AdvisedError(
      'too-large',
      'The picture is too large to be saved.',
      'Choose a smaller size, or make the window smaller, then try again.',
    );
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
export async function drawSvg(source: ExportSource, options: PictureLook): Promise<Blob> {
  const still = await stillOf(source, options);
  const { layout, panels, steps, legends } = still;
  // It is as sharp at any size: that of the page, if none is asked for.
  const { scale = 1 } = options;
  const { width, height, squares, lines } = placeParts(layout);
  const { style, side } = layout;
  const dots = steps.reduce((sum, each) => sum + (each.at(-1)?.length ?? 0) / 2, 0);
  const raster = still.state.look.shading === 'density' || dots > mostDots;
  const record = JSON.stringify(recordOf(still));
  const ground = (size: { width: number; height: number }, fill: string) => (options.transparent ? '' : element('rect', { ...size, fill }));
  const outlines = new SharedShapes();
  const parts: string[] = [
    element('title', {}, 'Guidance Playground'),
    element(
      'desc',
      {},
      raster ? 'Particles and outlines are an image in it, since they are too many to be drawn one by one.' : 'All of it is vectors.',
    ),
    element('metadata', { id: 'guidance-playground' }, escapeText(record)),
    ground({ width, height }, style.page),
  ];
  for (const [index, panel] of panels.entries()) {
    await yieldToPage();
    const { x, y } = squares[index]!;
    const content = raster
      ? element('image', { width: side, height: side, href: await readAddress(drawParticles(still, index)) })
      : writeParticles(still, index, outlines);
    const above = layersOf(panel).map((layer) => {
      if (layer.drawing instanceof SVGSVGElement) return write(withStyle(layer.drawing));
      return writeShapes(layer.shapes?.(() => new PathText()) ?? []);
    });
    parts.push(
      element(
        'svg',
        { x, y, width: side, height: side },
        [ground({ width: side, height: side }, style.surface), content, ...above, ...legends[index]!.map(writeLegend)].join(''),
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
  const whole = element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', width: scale * width, height: scale * height, viewBox: `0 0 ${width} ${height}` },
    [outlines.write(), ...parts].join('\n'),
  );
  return new Blob([`<?xml version="1.0" encoding="UTF-8"?>\n${whole}\n`], { type: 'image/svg+xml' });
}

/** Outlines of the part of the plane that is seen, or of all of it. */
export async function outlinesOf({ engine, state, overview, viewAt }: ExportSource, signal?: AbortSignal): Promise<Map<ClassName, Rings>> {
  const view = viewAt(state.playback.position);
  const part = view && closePart(view, magnification(view, overview), []);
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

function writeParticles(still: Still, index: number, outlines: SharedShapes): string {
  const look = depictionOf(still, index, 1);
  if (!look) return '';
  const {
    layout: { side },
    palette,
  } = still;
  const steps = still.steps[index]!;
  const transform = fitView(look.view, side, side);
  const [toX, toY] = [(x: number) => transform.x + transform.scale * x, (y: number) => transform.y - transform.scale * y];
  const regions = (['B', 'A'] as const).map((classes): Shape<PathText> => {
    const path = new PathText();
    for (const each of still.outlines.get(classes) ?? []) {
      const seen = each.some((_, at) => at % 2 === 0 && isInside(toX(each[at]!), side) && isInside(toY(each[at + 1]!), side));
      if (seen) ring(path, each, toX, toY);
    }
    return { path, rule: 'evenodd', fill: formatColour(palette[`region${classes}`]), stroke: formatColour(palette[`outline${classes}`]) };
  });
  const beneath = outlines.use(regions);
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
