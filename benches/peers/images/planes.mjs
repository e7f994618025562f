// Pictures as peers have them: each colour a plane.

/** Of data, rows of pixels of three colours, picture after picture. */
export const planes = (data) => Float32Array.from(data, (_, i) => data[i - (i % 3072) + 3 * (i % 1024) + Math.floor((i % 3072) / 1024)]);

/** What a prompt and a noise level say, for each picture. */
export function feeds(ort, pictures, { data, sigma, words }) {
  return {
    x: new ort.Tensor('float32', planes(data), [pictures, 3, 32, 32]),
    sigma: new ort.Tensor('float32', new Float32Array(pictures).fill(sigma), [pictures]),
    words: new ort.Tensor('int64', BigInt64Array.from(Array(pictures).fill(words).flat(), BigInt), [pictures, words.length]),
  };
}
