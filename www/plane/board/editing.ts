// What a pen, an eraser and a mirror do to strokes.
import { farthest, sizes, type Corner, type Stroke } from './strokes.js';

/** How far from the line a corner may be that is left out, in units of drawings. */
const tolerance = 0.75;

/** A corner that a drawing can have. */
export function corner(x: number, y: number, size: number): Corner {
  const within = (value: number, least: number, greatest: number) => Math.min(Math.max(Math.round(value), least), greatest);
  return [within(x, -farthest, farthest), within(y, -farthest, farthest), within(size, ...sizes)];
}

/** Without corners that differ little from the line between those that stay (Ramer, Douglas and Peucker). */
export function straightened(corners: readonly Corner[]): Corner[] {
  const [first, last] = [corners[0]!, corners.at(-1)!];
  if (corners.length < 3) return same(first, last) ? [first] : [first, last];
  let [most, farthestAt] = [0, 0];
  corners.forEach((each, index) => {
    const off = distance(each, first, last);
    if (off > most) [most, farthestAt] = [off, index];
  });
  if (most < tolerance) return same(first, last) ? [first] : [first, last];
  return [...straightened(corners.slice(0, farthestAt + 1)).slice(0, -1), ...straightened(corners.slice(farthestAt))];
}

function same(one: Corner, other: Corner): boolean {
  return one[0] === other[0] && one[1] === other[1];
}

/** From a corner to a line between two others, or by how much its size differs from the line's there. */
function distance([x, y, size]: Corner, [x0, y0, from]: Corner, [x1, y1, to]: Corner): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const share = Math.min(Math.max(((x - x0) * dx + (y - y0) * dy) / Math.max(dx * dx + dy * dy, 1), 0), 1);
  return Math.max(Math.hypot(x - x0 - share * dx, y - y0 - share * dy), Math.abs(size - from - share * (to - from)));
}

/** What an eraser leaves that is moved from one place to another: strokes without what is within reach of it. */
export function erased(strokes: readonly Stroke[], [from, to]: readonly [Corner, Corner], reach: number): Stroke[] {
  return strokes.flatMap((stroke) => {
    const dense = resampled(stroke.corners);
    const kept = dense.map((each) => distance([each[0], each[1], 0], [from[0], from[1], 0], [to[0], to[1], 0]) > reach + each[2] / 2);
    if (kept.every(Boolean)) return [stroke];
    const parts: Corner[][] = [];
    dense.forEach((each, index) => {
      if (!kept[index]) return;
      if (kept[index - 1]) parts.at(-1)!.push(each);
      else parts.push([each]);
    });
    // What is shorter than the pen is broad would be left as specks.
    const long = (part: Corner[]) => Math.hypot(part.at(-1)![0] - part[0]![0], part.at(-1)![1] - part[0]![1]) >= part[0]![2];
    return parts.filter(long).map((corners) => ({ class: stroke.class, corners: straightened(corners) }));
  });
}

/** With corners so close together that an eraser finds its edge. */
function resampled(corners: readonly Corner[]): Corner[] {
  return corners.flatMap((each, index) => {
    const next = corners[index + 1];
    if (!next) return [each];
    const parts = Math.max(Math.ceil(Math.hypot(next[0] - each[0], next[1] - each[1]) / 3), 1);
    const between = (axis: 0 | 1 | 2, part: number) => Math.round(each[axis] + ((next[axis] - each[axis]) * part) / parts);
    return Array.from({ length: parts }, (_, part): Corner => [between(0, part), between(1, part), between(2, part)]);
  });
}

/** A stroke as seen in a mirror that stands upright at `axis`. */
export function mirrored({ class: of, corners }: Stroke, axis: number): Stroke {
  return { class: of, corners: corners.map(([x, y, size]) => corner(2 * axis - x, y, size)) };
}
