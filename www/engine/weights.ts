// Weights as they are shipped: see weights-plugin.ts.

/** A file's own bytes, whether it came packed or, from the development server, as it is. */
export async function unpack(file: Response): Promise<Uint8Array> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isPacked) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  const packed = new Uint8Array(await new Response(stream).arrayBuffer());
  const begin = 8 + Number(new DataView(packed.buffer).getBigUint64(0, true));
  const whole = packed.slice();
  const count = (packed.length - begin) / 4;
  for (let place = 0; place < 4 * count; place++) whole[begin + place] = packed[begin + (place % 4) * count + Math.floor(place / 4)]!;
  return whole;
}
