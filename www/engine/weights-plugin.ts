// Ships weights packed: few hosts compress files that they do not know, and of numbers without a pattern only signs, exponents
// and the last bytes, which rounding has left empty (weights/round.py), can be compressed. So the numbers' bytes are put in four
// planes, of first bytes, second ones and so on, and compressed here; `unpack` in weights.ts takes them apart.
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

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
  // The header's length, the header, then numbers of four bytes each.
  const numbers = file.subarray(8 + Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true)));
  if (numbers.length % 4 !== 0) throw new Error('Only weights of four bytes each can be packed.');
  const packed = Uint8Array.from(file);
  const planes = packed.subarray(file.length - numbers.length);
  const count = numbers.length / 4;
  for (let place = 0; place < numbers.length; place++) planes[(place % 4) * count + Math.floor(place / 4)] = numbers[place]!;
  return gzipSync(packed, { level: 9 });
}
