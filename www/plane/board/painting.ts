// What is painted of strokes on the board: lines of SVG.
import type { Corner } from './strokes.js';

/** Parts of a line that the pen grows or shrinks along, as it is painted. */
const mostParts = 16;

/** What is painted of a stroke: one line, or several where the pen was pressed, each as broad as that is in its middle. */
export function linesOf(corners: readonly Corner[]): { d: string; size: number }[] {
  const size = corners[0]![2];
  const path = (part: readonly Corner[]) => `M${part.map(([x, y]) => `${x} ${y}`).join('L')}${part.length === 1 ? 'h0' : ''}`;
  if (corners.every((each) => each[2] === size)) return [{ d: path(corners), size }];
  return corners.slice(1).flatMap((to, index) => {
    const from = corners[index]!;
    const at = (share: number) => from.map((each, axis) => each + share * (to[axis]! - each)) as unknown as Corner;
    const parts = Math.min(Math.max(Math.abs(to[2] - from[2]), 1), mostParts);
    return Array.from({ length: parts }, (_, part) => ({
      d: path([at(part / parts), at((part + 1) / parts)]),
      size: at((part + 0.5) / parts)[2],
    }));
  });
}

/** Where keys have moved a pen of a size. */
export function cross([x, y]: readonly [number, number], size: number): string {
  const arm = 4 * size;
  return `M${x - arm} ${y}h${2 * arm}M${x} ${y - arm}v${2 * arm}`;
}
