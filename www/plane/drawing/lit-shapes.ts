// Lit particles with their ways, and dashed the ways that they would have gone unguided.
import type { View } from '../../../pkg/guidance_playground.js';

import { fitView } from './camera.js';
import { disc, type Pen, type Shape } from '../../drawing/shapes.js';

/** What is known of the lit particles in one panel. */
export interface Lit {
  /** Their numbers, in the order of all that follows. */
  particles: number[];
  /** Of each, a point for the start and one after every step: x0, y0, x1, y1, ... */
  paths: Float32Array;
  /** The paths that they would have gone without guidance, written alike; null where nothing guides. */
  ghosts: Float32Array | null;
  /** At the end: log-density, branch and depth of each. */
  facts: Float32Array;
}

/** Radius of the mark where a particle is, and of the one where it would be unguided. */
const mark = 3.5;
/** More ways than that are drawn fainter, to be seen through each other. */
const crowd = 8;

export interface LitColours {
  ink: string;
  halo: string;
}

/** On a picture of this size, at a position of the clock; a fraction lies between two steps. */
export function litShapes<P extends Pen>(
  lit: Lit,
  position: number,
  view: View,
  [width, height]: readonly [number, number],
  { ink, halo }: LitColours,
  newPath: () => P,
): Shape<P>[] {
  const { scale, x, y } = fitView(view, width, height);
  const length = lit.paths.length / lit.particles.length;
  const passed = Math.floor(position);
  const fraction = position - passed;
  /** One particle's way so far; where it has got to. */
  const trace = (line: P, paths: Float32Array, particle: number): [number, number] => {
    const begin = particle * length;
    const at = (step: number): [number, number] => [x + scale * paths[begin + 2 * step]!, y - scale * paths[begin + 2 * step + 1]!];
    line.moveTo(...at(0));
    for (let step = 1; step <= passed; step++) line.lineTo(...at(step));
    const [from, to] = [at(passed), at(Math.min(passed + 1, length / 2 - 1))];
    const here: [number, number] = [from[0] + fraction * (to[0] - from[0]), from[1] + fraction * (to[1] - from[1])];
    line.lineTo(...here);
    return here;
  };
  const [ways, heads, ghosts, ghostHeads] = [newPath(), newPath(), newPath(), newPath()];
  lit.particles.forEach((_, index) => {
    if (lit.ghosts) disc(ghostHeads, ...trace(ghosts, lit.ghosts, index), mark);
    disc(heads, ...trace(ways, lit.paths, index), mark);
  });
  const strokeOpacity = lit.particles.length > crowd ? 0.45 : 1;
  return [
    ...(lit.ghosts ? [{ path: ghosts, stroke: ink, dash: [3, 3], join: 'round' as const, strokeOpacity }] : []),
    { path: ways, stroke: ink, width: 1.5, join: 'round', strokeOpacity },
    ...(lit.ghosts ? [{ path: ghostHeads, fill: halo, stroke: ink }] : []),
    { path: heads, fill: ink, stroke: halo },
  ];
}
