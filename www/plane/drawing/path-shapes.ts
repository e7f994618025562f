// The ways of a run's first particles, and where they have got to.
import type { Picture } from '../../../pkg/gpu/guidance_playground.js';
import type { Transform } from './camera.js';
import { formatColour } from '../../drawing/colours.js';
import { disc, type Pen, type Shape } from '../../drawing/shapes.js';

/** `steps` are positions by step, at least as many as the position needs. */
export function pathShapes<P extends Pen>(
  steps: readonly Float32Array[],
  { position, paths, pixelRatio, colours }: Pick<Picture, 'position' | 'paths' | 'pixelRatio' | 'colours'>,
  { scale, x, y }: Transform,
  newPath: () => P,
): Shape<P>[] {
  const { from, to, fraction } = between(steps, position);
  const passed = Math.floor(position);
  const count = Math.min(paths, from.length / 2);
  const [ways, heads] = [newPath(), newPath()];
  for (let particle = 0; particle < count; particle++) {
    const at = 2 * particle;
    ways.moveTo(x + scale * steps[0]![at]!, y - scale * steps[0]![at + 1]!);
    for (let step = 1; step <= passed; step++) {
      ways.lineTo(x + scale * steps[step]![at]!, y - scale * steps[step]![at + 1]!);
    }
    const headX = x + scale * (from[at]! + fraction * (to[at]! - from[at]!));
    const headY = y - scale * (from[at + 1]! + fraction * (to[at + 1]! - from[at + 1]!));
    ways.lineTo(headX, headY);
    disc(heads, headX, headY, 2.25 * pixelRatio);
  }
  return [
    { path: ways, stroke: formatColour(colours.path), width: pixelRatio, join: 'round' },
    { path: heads, fill: formatColour(colours.pathHead) },
  ];
}

/** The two steps around a position, and how far it lies from the first to the second. */
export function between(steps: readonly Float32Array[], position: number) {
  const before = Math.floor(position);
  const fraction = position - before;
  return { from: steps[before]!, to: steps[fraction > 0 ? before + 1 : before]!, fraction };
}
