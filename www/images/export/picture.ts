// The panels' pictures as they are saved.
import { readColours } from '../../drawing/colours.js';
import type { Still } from '../../lab/lab.js';
import { drawGrid, grainOf, type Mark } from './draw-grid.js';
import { countOf, seenOf, stepOf } from './seen.js';
import type { ImagesSource } from './source.js';

/** How the lit picture is marked on the page; `scale` pixels stand for one of it. */
export function markOf({ element }: ImagesSource, scale: number): Mark {
  const [line = '', around = ''] = readColours(element, ['--accent', '--surface']);
  return { line, around, scale };
}

export async function still(source: ImagesSource, scale: number): Promise<Still> {
  const { engine, panels } = source;
  const mark = markOf(source, scale);
  const { world } = engine;
  const shown = await Promise.all(panels.map((panel) => seenOf(source, panel, stepOf(panel))));
  return {
    draw(panel, side) {
      const canvas = new OffscreenCanvas(side, side);
      const drawn = shown[panel];
      if (world && drawn) drawGrid(canvas.getContext('2d')!, side, world, drawn, mark);
      return canvas;
    },
    vectors: null,
    step: Math.min(...panels.map(stepOf)),
    about: 'Pictures are an image in it, since they are made of pixels.',
    grain: grainOf(countOf(source)),
  };
}
