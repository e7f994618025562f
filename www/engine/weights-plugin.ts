// Ships weights packed: few hosts compress files that they do not know, and of numbers without a pattern only what says how large
// they are can be compressed. So they are taken as the integers that they are multiples of (weights/round.py), the sign in the
// lowest bit, their bytes put in four planes, of the lowest bytes, the next and so on, and compressed here; `unpack` in weights.ts
// takes them apart. Networks of pictures are of numbers of two bytes, without such a pattern, and compressed as they are.
import { constants, deflateRawSync, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';
import { places } from './weights.js';

const weights = /\.safetensors$/;

export function packedWeights(): Plugin {
  return {
    name: 'packed-weights',
    apply: 'build',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'asset' || !file.names.some((name) => weights.test(name))) continue;
        file.source = pack(file.source as Uint8Array);
      }
    },
  };
}

/** What is packed is no safetensors file any more, and no text that a server might unpack on the way. */
export function packedName({ names }: { names: readonly string[] }): string {
  return names.some((name) => weights.test(name)) ? 'assets/[name]-[hash].weights' : 'assets/[name]-[hash][extname]';
}

function pack(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  // The header's length, the header, then numbers of four bytes each.
  const begin = 8 + Number(view.getBigUint64(0, true));
  if (new TextDecoder().decode(file.subarray(8, begin)).includes('"F16"')) return gzipSync(file, { level: 9 });
  const count = (file.length - begin) / 4;
  const packed = Uint8Array.from(file);
  for (let i = 0; i < count; i++) {
    const whole = view.getFloat32(begin + 4 * i, true) * places;
    if ((whole | 0) !== whole) throw new Error(`Only multiples of 1/${places} can be packed: round them by weights/round.py.`);
    const folded = (whole << 1) ^ (whole >> 31);
    for (let plane = 0; plane < 4; plane++) packed[begin + plane * count + i] = folded >>> (8 * plane);
  }
  return gzipInPieces(packed, [begin, begin + count, begin + 2 * count]);
}

/** Each piece with a code of its own, since one for a header, noise and zeros together fits none of them; to be read as one file. */
function gzipInPieces(bytes: Uint8Array, ends: number[]): Uint8Array {
  // Its head, and at the end the sum and length of all bytes.
  const whole = gzipSync(bytes);
  const pieces = [...ends, bytes.length].map((end, index, all) =>
    deflateRawSync(bytes.subarray(all[index - 1] ?? 0, end), {
      level: 9,
      finishFlush: end === bytes.length ? constants.Z_FINISH : constants.Z_SYNC_FLUSH,
    }),
  );
  return Buffer.concat([whole.subarray(0, 10), ...pieces, whole.subarray(-8)]);
}
