// Drawings as data: strokes, and the text that is a drawing's name (src/plane/distribution/drawing.rs, which it is kept like).

/** A corner of a stroke: x, y, and the size of the pen there, in units of drawings. */
export type Corner = readonly [x: number, y: number, size: number];

/** A movement of the pen in straight lines: at least one corner. */
export interface Stroke {
  /** 0 for A, 1 for B. */
  class: 0 | 1;
  corners: Corner[];
}

/** Units of drawings in one unit of the plane. */
export const units = 128;
/** The farthest coordinate, either way, in such units. */
export const farthest = 512;
/** The least and the greatest size of a pen, in such units. */
export const sizes = [2, 32] as const;
const mostGaussians = 2032;
/** How far apart Gaussians stand at most, in their size. */
const spacing = 2;

const prefix = 'drawing-';
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const wrong = 'a drawing is made of whole numbers, each written in one way';

/** Reads numbers from a place in a text to its end; throws where there is none, or one that is not written as it should be. */
class Numbers {
  constructor(
    private readonly text: string,
    private at: number,
  ) {}

  get more(): boolean {
    return this.at < this.text.length;
  }

  next(): number {
    for (let number = 0, shift = 0; shift < 30; shift += 5) {
      const bits = letters.indexOf(this.text[this.at++] ?? ' ');
      if (bits < 0 || (bits === 0 && shift > 0)) break;
      number |= (bits & 31) << shift;
      if (bits < 32) return number;
    }
    throw new Error(wrong);
  }

  signed(): number {
    const number = this.next();
    if (number === 1) throw new Error(wrong);
    return number & 1 ? -(number >> 1) : number >> 1;
  }
}

function vlq(number: number): string {
  const more = number >> 5;
  return letters[(number & 31) | (more > 0 ? 32 : 0)]! + (more > 0 ? vlq(more) : '');
}

/** The text of strokes, which is read back by `readDrawing` where `check` passes. */
export function writeDrawing(strokes: readonly Stroke[]): string {
  let text = prefix;
  for (const { class: of, corners } of strokes) {
    const size = corners[0]![2];
    const pressed = corners.some((corner) => corner[2] !== size);
    text += vlq((corners.length << 2) | (pressed ? 2 : 0) | of) + vlq(size);
    let before: Corner = [0, 0, size];
    corners.forEach((corner, index) => {
      for (let axis = 0; axis < (pressed && index > 0 ? 3 : 2); axis++) {
        const step = corner[axis]! - before[axis]!;
        text += vlq((Math.abs(step) << 1) | (step < 0 ? 1 : 0));
      }
      before = corner;
    });
  }
  return text;
}

/** The strokes of a drawing's text; throws a sentence where there is no such drawing. */
export function readDrawing(text: string): Stroke[] {
  const strokes: Stroke[] = [];
  const numbers = new Numbers(text, prefix.length);
  while (numbers.more) {
    const head = numbers.next();
    let [x, y, size] = [0, 0, numbers.next()];
    const corners: Corner[] = [];
    for (let index = 0; index < head >> 2; index++) {
      x += numbers.signed();
      y += numbers.signed();
      if (head & 2 && index > 0) size += numbers.signed();
      corners.push([x, y, size]);
    }
    // Where the pen is as broad all along, its size stands once.
    if (head & 2 && corners.every((corner) => corner[2] === size)) throw new Error('a drawing’s pen that is not pressed has one size');
    strokes.push({ class: (head & 1) as 0 | 1, corners });
  }
  const wrong = fault(strokes);
  if (wrong) throw new Error(wrong);
  return strokes;
}

/** What keeps strokes from being a drawing, in a sentence; null where nothing does. */
export function fault(strokes: readonly Stroke[]): string | null {
  const all = strokes.flatMap(({ corners }) => corners);
  const inside = ([x, y, size]: Corner) => Math.abs(x) <= farthest && Math.abs(y) <= farthest && size >= sizes[0] && size <= sizes[1];
  if (!all.every(inside) || strokes.some(({ corners }) => corners.length === 0)) {
    return 'a drawing has strokes within 4 of the origin, by pens of sizes from 1/64 to 1/4';
  }
  if (new Set(strokes.map((stroke) => stroke.class)).size < 2)
    return 'a drawing has strokes of both classes: guidance tells one from the other';
  const gaussians = strokes.reduce((sum, stroke) => sum + gaussiansOf(stroke), 0);
  if (gaussians > mostGaussians)
    return `a drawing has at most ${mostGaussians} Gaussians, and this has ${gaussians}: a broader pen needs fewer`;
  return null;
}

/** Gaussians along a stroke. */
function gaussiansOf({ corners }: Stroke): number {
  let length = 0;
  for (let index = 1; index < corners.length; index++) {
    const [[x0, y0, from], [x1, y1, to]] = [corners[index - 1]!, corners[index]!];
    length += Math.hypot(x1 - x0, y1 - y0) / (from === to ? from : (to - from) / Math.log(to / from));
  }
  return Math.max(Math.ceil(length / spacing), 1);
}
