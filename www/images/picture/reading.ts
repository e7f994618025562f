// What a picture is read as, in words.
import type { ImagesPicture, ImagesReading } from '../../../pkg/images/guidance_playground.js';
import { formatDecimal } from '../../text/format.js';

/** “twemoji rocket on a night background”. */
export function wordsOf({ style, subject, background }: ImagesPicture): string {
  return `${style} ${subject} on a ${background} background`;
}

/** How near that is, from black to white; a picture of the world has 0. */
export function distanceOf({ distance }: ImagesReading): string {
  return `${formatDecimal(distance, 3)} away`;
}
