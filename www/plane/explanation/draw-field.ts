// A field as lines and areas.
import type { View } from '../../../pkg/guidance_playground.js';
import { fitView } from '../drawing/camera.js';
import { readColours } from '../../drawing/colours.js';
import { ring, type Pen, type Shape } from '../../drawing/shapes.js';
import type { Arrow, Quantity } from './fields.js';
import type { Found } from './find-field.js';

/** Opacity of each of the nested areas: together they grow darker towards the top. */
export const areaOpacity = 0.07;
const lineOpacity = 0.5;

export type QuantityColours = Record<Quantity, string>;

export function readQuantityColours(element: Element): QuantityColours {
  const quantities: Quantity[] = ['main', 'guide', 'difference', 'result', 'data'];
  const colours = readColours(
    element,
    quantities.map((quantity) => `--quantity-${quantity}`),
  );
  return Object.fromEntries(quantities.map((quantity, index) => [quantity, colours[index]!])) as QuantityColours;
}

/** On a picture of this size. */
export function fieldShapes<P extends Pen>(
  { contours, arrows, cell }: Found,
  view: View,
  [width, height]: readonly [number, number],
  colours: QuantityColours,
  newPath: () => P,
): Shape<P>[] {
  const { scale, x, y } = fitView(view, width, height);
  const [toX, toY] = [(dataX: number) => x + scale * dataX, (dataY: number) => y - scale * dataY];
  const areas = contours.flatMap(({ quantity, levels }) =>
    levels.map(({ rings }) => {
      const path = newPath();
      for (const each of rings) ring(path, each, toX, toY);
      const colour = colours[quantity];
      return { path, fill: colour, rule: 'evenodd' as const, stroke: colour, fillOpacity: areaOpacity, strokeOpacity: lineOpacity };
    }),
  );
  if (!arrows) return areas;
  const path = newPath();
  for (const arrow of arrows.list) addArrow(path, toX(arrow.x), toY(arrow.y), 0.92 * scale * cell, arrow.along);
  return [...areas, { path, stroke: colours[arrows.quantity], width: 1.4, cap: 'round' }];
}

/** Around its place, with a head that grows with it. */
function addArrow(path: Pen, x: number, y: number, size: number, [right, up]: Arrow['along']): void {
  const [dx, dy] = [right * size, -up * size];
  if (!Number.isFinite(dx + dy)) return;
  const [tipX, tipY] = [x + dx / 2, y + dy / 2];
  path.moveTo(x - dx / 2, y - dy / 2);
  path.lineTo(tipX, tipY);
  path.moveTo(tipX - 0.32 * dx - 0.18 * dy, tipY - 0.32 * dy + 0.18 * dx);
  path.lineTo(tipX, tipY);
  path.lineTo(tipX - 0.32 * dx + 0.18 * dy, tipY - 0.32 * dy - 0.18 * dx);
}
