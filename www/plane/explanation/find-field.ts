// What a field comes to over a part of the plane: asked of the core, cell by cell.
import type { View } from '../../../pkg/guidance_playground.js';
import type { PlaneEngine } from '../engine/engine.js';
import type { RunConfig } from '../../scheme/scheme.js';
import type { FieldName } from './settings.js';
import { arrows, fields, heights, levels, type ArrowField, type ContourField, type Drawing } from './fields.js';
import { centres, gridOver, toPlane, type Grid } from './grid.js';

/** Cells of a contour field's grid to a side: while things move, when they rest, and in the end. */
export const finenesses = [40, 96, 192];
/** Pixels between two arrows, about. */
const arrowSpacing = 24;

/** Cells to a side that arrows stand in, over a picture of this width. */
export function arrowCells(width: number): number {
  return Math.max(Math.round((1.15 * width) / arrowSpacing), 6);
}

export interface Wanted {
  engine: PlaneEngine;
  config: RunConfig;
  step: number;
  view: View;
  field: FieldName;
  fineness: number;
  arrowCells: number;
}

export interface Found extends Drawing {
  field: FieldName;
  /** After so many steps of so many. */
  step: number;
  steps: number;
  /** Sides of the arrows' cells. */
  cell: number;
}

export async function find(wanted: Wanted, signal: AbortSignal): Promise<Found> {
  const field = fields[wanted.field];
  const drawing = field.form === 'arrows' ? await findArrows(field, wanted, signal) : await findContours(field, wanted, signal);
  const { config, step } = wanted;
  return { ...drawing, field: wanted.field, step, steps: config.scheme.levels.steps };
}

/** What is drawn, whatever it is of. */
type Shape = Drawing & Pick<Found, 'cell'>;

async function findArrows(field: ArrowField, wanted: Wanted, signal: AbortSignal): Promise<Shape> {
  const grid = gridOver(wanted.view, wanted.arrowCells);
  const points = centres(grid);
  const explained = await explain(wanted, points, signal);
  const list = arrows(field, points, explained);
  const cell = (2 * grid.view.halfWidth) / grid.columns;
  return { sigma: explained.sigma, contours: [], arrows: { quantity: field.quantity, list }, cell };
}

async function findContours(field: ContourField, wanted: Wanted, signal: AbortSignal): Promise<Shape> {
  const grid = gridOver(wanted.view, finenesses[wanted.fineness]!);
  const explained = await explain(wanted, centres(grid), signal);
  const above = heights(field, explained);
  const thresholds = levels(field, above);
  const contours = await Promise.all(
    field.quantities.map(async (quantity, index) => {
      const values = index === 0 ? above : above.map((height) => -height);
      return { quantity, levels: await trace(wanted, grid, values, thresholds, signal) };
    }),
  );
  return { sigma: explained.sigma, contours, arrows: null, cell: 0 };
}

function explain({ engine, config, step }: Wanted, points: Float32Array, signal: AbortSignal) {
  return engine.ask({ type: 'explain', config, step, points }, signal);
}

async function trace({ engine }: Wanted, grid: Grid, values: Float32Array, thresholds: number[], signal: AbortSignal) {
  const { columns, rows } = grid;
  const contours = await engine.ask({ type: 'contours', values, columns, rows, thresholds }, signal);
  return contours.map((rings, index) => ({ level: thresholds[index]!, rings: rings.map((ring) => toPlane(grid, ring)) }));
}
