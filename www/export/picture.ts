// The panels as one picture: what each shows at this moment, with its title above and its metrics below. Pictures are drawn anew:
// the panels' canvases may be a frame late, or show less.
import { withStyle, write } from '../drawing/svg-files.js';
import { element, escapeText, paint, PathText, writeShapes } from '../drawing/shapes.js';
import { drawLegend, type Legend, writeLegend } from '../drawing/legends.js';
import { drawLayout, placeParts, readPictureStyle, type PictureLayout } from '../drawing/picture-layout.js';
import { drawWords, readShapes, toShapes, unchanged } from '../drawing/vectors.js';
import { AdvisedError } from '../engine/failure.js';
import type { ExportSource, ShownPanel, Still } from '../lab/lab.js';
import type { PictureLook } from '../lab/request.js';
import { yieldToPage, footerOf, captionsOf, layersOf, legendsOf } from './export-source.js';
import { writeIntoPng } from './metadata.js';
import { recordOf } from './record.js';

/** What is exported, as it is at a moment. */
interface Moment extends ExportSource {
  layout: PictureLayout;
  still: Still;
  /** Of each panel. */
  legends: Legend[][];
  /** Pixels of an image to one of the page. */
  scale: number;
}

async function momentOf(source: ExportSource, options: PictureLook): Promise<Moment> {
  const {
    scale = Math.min(Math.max(devicePixelRatio, 1), source.lab.scales.at(-1)!),
    transparent = false,
    captions = true,
    legend = true,
  } = options;
  // As it is now: it may move on meanwhile.
  const now = { ...source };
  const { element, lab, state, noiseLevels, panels } = now;
  const side = panels[0]!.picture.clientWidth;
  if (side === 0) {
    throw new AdvisedError(
      'hidden',
      'There is no picture of what is not seen: the figure has no width on its page.',
      'Show it, and what it stands in, then try again.',
    );
  }
  const { position } = state.playback;
  const legends = panels.map((panel) => (legend ? legendsOf(panel) : []));
  const style = { ...readPictureStyle(element), ...(transparent && { page: 'transparent', surface: 'transparent' }) };
  const still = await (await lab.exports()).still(now, scale);
  const layout: PictureLayout = {
    panels: captionsOf(now, position >= state.sampling.levels.steps),
    footer: footerOf(now, noiseLevels[still.step]),
    credits: lab.credits ?? '',
    bare: !captions,
    side,
    style,
  };
  return { ...now, layout, still, legends, scale };
}

export async function drawPng(source: ExportSource, options: PictureLook): Promise<Blob> {
  const moment = await momentOf(source, options);
  const { layout, panels, still, scale, legends } = moment;
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
    // Pixel upon pixel, or it would be blurred.
    const whole = (length: number) => Math.round(scale * length) / scale;
    context.translate(whole(x), whole(y));
    context.beginPath();
    context.rect(0, 0, side, side);
    context.clip();
    context.drawImage(still.draw(index, Math.round(scale * side)), 0, 0, whole(side), whole(side));
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
  return writeIntoPng(blob, JSON.stringify(recordOf(moment)));
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

/** An SVG that needs nothing of the page. Pictures are a raster in it where only that will do. */
export async function drawSvg(source: ExportSource, options: PictureLook): Promise<Blob> {
  const moment = await momentOf(source, options);
  const { layout, panels, still, legends } = moment;
  // It is as sharp at any size: that of the page, if none is asked for.
  const { scale = 1 } = options;
  const { width, height, squares, lines } = placeParts(layout);
  const { style, side } = layout;
  const { vectors } = still;
  const record = JSON.stringify(recordOf(moment));
  const ground = (size: { width: number; height: number }, fill: string) => (options.transparent ? '' : element('rect', { ...size, fill }));
  const parts: string[] = [
    element('title', {}, 'Guidance Playground'),
    element('desc', {}, vectors ? 'All of it is vectors.' : still.about),
    element('metadata', { id: 'guidance-playground' }, escapeText(record)),
    ground({ width, height }, style.page),
  ];
  for (const [index, panel] of panels.entries()) {
    await yieldToPage();
    const { x, y } = squares[index]!;
    const content = vectors?.write(index, side) ?? (await writeImage(moment, index));
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
    [vectors?.shared() ?? element('defs', {}, ''), ...parts].join('\n'),
  );
  return new Blob([`<?xml version="1.0" encoding="UTF-8"?>\n${whole}\n`], { type: 'image/svg+xml' });
}

/** A panel's picture as an image. */
async function writeImage({ still, layout: { side }, scale }: Moment, panel: number): Promise<string> {
  const { grain } = still;
  const pixels = grain ? grain * Math.ceil((scale * side) / grain) : Math.round(scale * side);
  return element('image', {
    width: side,
    height: side,
    href: await readAddress(still.draw(panel, pixels)),
    'image-rendering': grain ? 'pixelated' : undefined,
  });
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
