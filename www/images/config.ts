// What a run of pictures does.
import type * as core from '../../pkg/images/guidance_playground.js';
import { hosted } from '../engine/rules/host.js';
import type { PictureScheme } from './schemes.js';

export interface ImagesConfig extends Omit<core.ImagesRunConfig, 'scheme'> {
  scheme: PictureScheme;
}

/** The same for the core, whose types say undefined where JSON, which is what crosses, says null. */
export function forImagesCore({ scheme, prompt, pictures, seed }: ImagesConfig): core.ImagesRunConfig {
  return { scheme: hosted(scheme) as core.ImagesScheme, prompt, pictures, seed };
}
