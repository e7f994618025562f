// The build with pictures, and the sprites that its world is made of: fetched when pictures are first asked for.
import { relaxedSimd } from 'wasm-feature-detect';
import plain from '../../../pkg/images/guidance_playground_bg.wasm?url';
import relaxed from '../../../pkg/images-relaxed/guidance_playground_bg.wasm?url';
import sprites from '../../../sprites/sprites.safetensors.gz?url';
import { compileFrom } from '../../engine/core.js';
import { AdvisedError } from '../../engine/failure.js';
import { fetchFile } from '../../engine/fetch-file.js';
import { unpackInTurns } from '../downloads.js';

/** The processor's build, with relaxed SIMD where the browser has it. */
export async function compileImagesCore(): Promise<WebAssembly.Module> {
  return compileFrom((await relaxedSimd()) ? relaxed : plain);
}

/** The sprites, unpacked. */
export async function fetchSprites(): Promise<Uint8Array> {
  const unavailable = (reason: string) =>
    new AdvisedError(
      'sprites-unavailable',
      `The sprites that pictures are made of could not be loaded (${reason}).`,
      'Check the connection, then try again.',
    );
  const file = new Uint8Array(await (await fetchFile(sprites, unavailable)).arrayBuffer());
  return unpackInTurns(file).catch((error: Error) => {
    throw unavailable(error.message);
  });
}
