// In a worker: how a film of pictures is drawn.
import type { DrawPanel } from '../../export/film-maker.js';
import { drawGrid } from './draw-grid.js';
import type { Film, Frame } from './film-protocol.js';

/** Makes ready for a film. */
export function stage({ layout: { side }, world, mark }: Film): DrawPanel<Frame> {
  return (context, panel, { panels }) => {
    const drawn = panels[panel];
    if (drawn) drawGrid(context, side, world, drawn, mark);
  };
}
