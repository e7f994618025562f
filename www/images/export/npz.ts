// Arrays as NumPy saves several of them: NPY files in a ZIP that packs nothing (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
import { crc } from '../../export/metadata.js';

/** An array of f32 of several dimensions, the last index the fastest, as a NPY file. */
export function npyOf(data: Float32Array, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const description = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  // Numbers begin at a multiple of 64 bytes.
  const begin = 64 * Math.ceil((10 + description.length + 1) / 64);
  const bytes = new Uint8Array(begin + data.byteLength);
  const view = new DataView(bytes.buffer);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0]);
  view.setUint16(8, begin - 10, true);
  bytes.set(new TextEncoder().encode(`${description.padEnd(begin - 11)}\n`), 10);
  // As all machines that run browsers have them.
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), begin);
  return bytes;
}

/** The first of January 1980: when something was saved is nobody's business. */
const date = (1 << 5) | 1;

/** Files in a ZIP, as they are. */
export class Zip {
  readonly #parts: Uint8Array<ArrayBuffer>[] = [];
  readonly #directory: Uint8Array<ArrayBuffer>[] = [];
  #length = 0;

  /** The name is in ASCII. */
  add(name: string, content: Uint8Array<ArrayBuffer>): void {
    const called = new TextEncoder().encode(name);
    // Version 2.0, no flags, not packed, a time and a date, the check, both lengths, that of the name, nothing more.
    const about: [size: 2 | 4, value: number][] = [
      [2, 20],
      [2, 0],
      [2, 0],
      [2, 0],
      [2, date],
      [4, crc(content)],
      [4, content.length],
      [4, content.length],
      [2, called.length],
      [2, 0],
    ];
    const at = this.#length;
    this.#keep(fields([4, 0x04034b50], ...about), called, content);
    // Besides that: a comment, a disk, attributes of two kinds, and where it is.
    this.#directory.push(fields([4, 0x02014b50], [2, 20], ...about, [2, 0], [2, 0], [2, 0], [4, 0], [4, at]), called);
  }

  end(type: string): Blob {
    const [begin, count] = [this.#length, this.#directory.length / 2];
    this.#keep(...this.#directory);
    const length = this.#length - begin;
    this.#keep(fields([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, length], [4, begin], [2, 0]));
    return new Blob(this.#parts, { type });
  }

  #keep(...parts: Uint8Array<ArrayBuffer>[]): void {
    this.#parts.push(...parts);
    this.#length += parts.reduce((sum, { length }) => sum + length, 0);
  }
}

/** Whole numbers of two bytes or four, the lowest first. */
function fields(...numbers: [size: 2 | 4, value: number][]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(numbers.reduce((sum, [size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [size, value] of numbers) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return bytes;
}
