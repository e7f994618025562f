// Weights as they are shipped: see weights-plugin.ts.

/** Numbers are multiples of one over this (weights/round.py), and packed as integers. */
export const places = 8192;

/** What was compressed by gzip. */
export async function gunzip(packed: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(packed.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer());
}

/** A file's own bytes, whether it came packed or, from the development server, as it is. */
export async function unpack(file: Response): Promise<Uint8Array> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isPacked) return bytes;
  const packed = await gunzip(new Blob([bytes]).stream());
  const begin = 8 + Number(new DataView(packed.buffer).getBigUint64(0, true));
  const whole = packed.slice();
  const numbers = new DataView(whole.buffer, begin);
  const count = numbers.byteLength / 4;
  for (let i = 0; i < count; i++) {
    let folded = 0;
    for (let plane = 3; plane >= 0; plane--) folded = (folded << 8) | packed[begin + plane * count + i]!;
    numbers.setFloat32(4 * i, ((folded >>> 1) ^ -(folded & 1)) / places, true);
  }
  return whole;
}
