// Where the data is: the contour of a class's density, traced by d3-contour from the core's log-density. It is traced once for
// each distribution that pictures show, that of a close view when a canvas has come to rest on it: the processor keeps those of
// all views that are looked at, the device the latest of each distribution.
import { contours } from 'd3-contour';
import type { Core, View } from '../../../pkg/guidance_playground.js';
import { isSameView } from '../drawing/camera.js';
import type { DataId } from '../../scheme/data.js';
import type { ClassName, Rings } from '../drawing/outlines.js';

/** Where something is outlined: in a part of the plane or, where that is null, in all of it. */
export interface Site {
  distribution: DataId;
  part: View | null;
}

export function isSameSite(one: Site, other: Site): boolean {
  if (one.distribution !== other.distribution) return false;
  return one.part && other.part ? isSameView(one.part, other.part) : one.part === other.part;
}

const tiles = 64;
/** Cells along a tile's side; of a sketch fewer, for data that a hand is changing. */
const closely = 12;
const roughly = 4;
const farBelow = -60;
/** Below the contour's level, in nats of the smoothed density. */
const margin = 4;

/** The work of outlining both classes. */
export class Outlining {
  readonly rings = new Map<ClassName, Rings>();
  readonly #tracings: { classes: ClassName; tracing: Generator<void, Rings> }[];

  constructor(
    coreOf: () => Core,
    private readonly site: Site,
    private readonly sketch: boolean,
  ) {
    const trace = (classes: ClassName) => ({ classes, tracing: traceOutline(coreOf, classes, site.part, sketch) });
    this.#tracings = (['A', 'B'] as const).map(trace);
  }

  get done(): boolean {
    return this.#tracings.length === 0;
  }

  isOf(site: Site, sketch: boolean): boolean {
    return isSameSite(this.site, site) && this.sketch === sketch;
  }

  /** A slice of the work. */
  advance(): void {
    const { classes, tracing } = this.#tracings[0]!;
    const { done, value } = tracing.next();
    if (!done) return;
    this.#tracings.shift();
    this.rings.set(classes, value);
  }
}

/**
 * Traces a class's outline in a square, or in all of the plane that has any, yielding between slices of work. The core is asked for
 * in each: meanwhile others can have taken its place.
 *
 * A density smoothed by half a tile says which tiles the contour can cross; only those are evaluated in full. With
 * this margin the tree's outline is, to the last point, that of the full grid.
 */
export function* traceOutline(coreOf: () => Core, classes: ClassName, part: View | null, sketch = false): Generator<void, Rings> {
  const cellsPerTile = sketch ? roughly : closely;
  const cells = tiles * cellsPerTile;
  const reach = coreOf().reach();
  const region = part ?? { x: 0, y: 0, halfWidth: reach, halfHeight: reach };
  const level = coreOf().outlineLevel(classes);
  const smoothed = coreOf().logDensity(classes, region.halfWidth / tiles, region, tiles, tiles);
  yield;
  const values = new Float32Array(cells * cells).fill(farBelow);
  for (let row = 0; row < tiles; row++) {
    const crossed = (column: number) => smoothed[row * tiles + column]! >= level - margin;
    // Tiles side by side at once: the core evaluates many points for little more than few.
    for (let first = 0; first < tiles; first++) {
      let end = first;
      while (end < tiles && crossed(end)) end++;
      if (end === first) continue;
      fillTiles(coreOf(), classes, region, values, cellsPerTile, row, first, end);
      first = end;
      yield;
    }
  }
  // Only indexed, and a copy of half a million numbers costs as much as the contour.
  const { coordinates } = contours()
    .size([cells, cells])
    .contour(values as unknown as number[], level);
  return coordinates.flat().map((ring) => toDataCoordinates(ring, region, cells));
}

function fillTiles(
  core: Core,
  classes: ClassName,
  region: View,
  values: Float32Array,
  cellsPerTile: number,
  row: number,
  first: number,
  end: number,
): void {
  const cells = tiles * cellsPerTile;
  const tileHalf = region.halfWidth / tiles;
  const count = end - first;
  const view = {
    x: region.x - region.halfWidth + (first + end) * tileHalf,
    y: region.y + region.halfHeight - (2 * row + 1) * tileHalf,
    halfWidth: count * tileHalf,
    halfHeight: tileHalf,
  };
  const columns = count * cellsPerTile;
  const found = core.logDensity(classes, 0, view, columns, cellsPerTile);
  for (let line = 0; line < cellsPerTile; line++) {
    const start = (row * cellsPerTile + line) * cells + first * cellsPerTile;
    values.set(found.subarray(line * columns, (line + 1) * columns), start);
  }
}

function toDataCoordinates(ring: number[][], region: View, cells: number): Float32Array<ArrayBuffer> {
  const points = new Float32Array(2 * ring.length);
  const cell = (2 * region.halfWidth) / cells;
  ring.forEach(([column, row], index) => {
    points[2 * index] = region.x - region.halfWidth + column! * cell;
    points[2 * index + 1] = region.y + region.halfHeight - row! * cell;
  });
  return points;
}
