// How large and how solid particles are drawn, the same on every engine. Density is counts of discs on each pixel through one
// tone map, whose number is worked out here and whose two lines stand in points.ts and tone_map.wgsl. A native test holds the
// device's picture to counts made in f64, a Playwright test both engines' pictures to each other.
import type { Picture } from '../../../pkg/gpu/guidance_playground.js';
import type { Colour } from '../../drawing/colours.js';
import type { Palette } from './palette.js';
import type { Scene } from './scene.js';

export interface PointLook {
  /** Pixels of the canvas. */
  radius: number;
  /** Of one point, where they are drawn one over the other. */
  opacity: number;
  /**
   * Density's tone map: a pixel that `count` discs cover has the ink `tone * log(1 + count)`, where 1 is the colour of a
   * particle, solid, and 2 the colour of the densest places.
   */
  tone: number;
}

/** How much denser than an even spread over the whole picture the densest places are. */
const concentration = 40;
/** A particle by itself is at most solid. */
const fewest = 3;

/** Points keep their share of the picture, larger where they are few or looked at closely, but never vanish nor blot. */
export function pointLook(particles: number, magnification: number, width: number, height: number, pixelRatio: number): PointLook {
  const side = Math.min(width, height);
  const sparseness = Math.min(Math.max((4096 / particles) ** 0.25, 0.75), 1.5);
  const usual = Math.min(Math.max((sparseness * side) / 420, 0.75 * pixelRatio), 1.8 * pixelRatio);
  const closeness = Math.max(magnification, 1);
  const radius = usual * Math.min(closeness ** 0.25, 2);
  // Closer, a pixel holds fewer. All of the data, or the noise that it comes from, fills the picture alike.
  const even = (particles * Math.PI * radius ** 2) / (side * side * closeness ** 2);
  const densest = Math.max(concentration * even, fewest);
  return { radius, opacity: particles > 8192 ? 0.6 : 0.85, tone: 2 / Math.log1p(densest) };
}

/** How a picture looks, whichever canvas it is on and whosever particles and outlines it shows. */
export type Depiction = Pick<Picture, 'view' | 'position' | 'paths' | 'pixelRatio' | 'radius' | 'tone' | 'colours'>;

/** A scene of so many particles on a canvas of so many pixels. */
export function depict(
  { view, magnification, position, paths, shading }: Pick<Scene, 'view' | 'magnification' | 'position' | 'paths' | 'shading'>,
  particles: number,
  palette: Palette,
  width: number,
  height: number,
  pixelRatio: number,
): Depiction {
  const { radius, opacity, tone } = pointLook(particles, magnification, width, height, pixelRatio);
  const [red, green, blue] = palette.particle;
  const colours = { ...palette, particle: [red, green, blue, opacity] as Colour };
  return { view, position, paths, pixelRatio, radius, tone: shading === 'density' ? tone : undefined, colours };
}
