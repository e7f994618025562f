// What a panel's picture shows, whatever draws it.
import type { View } from '../../../pkg/guidance_playground.js';
import type { RunConfig } from '../../scheme/scheme.js';
import type { Palette } from './palette.js';

/** Particles as points one over the other, or as how many there are, which dense places need. */
export type Shading = 'points' | 'density';

/** A run as pictures know it. */
export interface DrawnRun {
  /** The page's number for it. */
  readonly id: number;
  readonly config: RunConfig;
}

export interface Scene<Run extends DrawnRun = DrawnRun> {
  view: View;
  /** How much larger things are than in the overview of the data. */
  magnification: number;
  /** Whose outlines are drawn, by content. */
  distribution: string;
  /** Whose particles are shown; null before there are any. */
  run: Run | null;
  /** Steps passed, at most those that are done; the fraction is drawn on the straight line between two steps. */
  position: number;
  /** Particles whose way here is drawn. */
  paths: number;
  shading: Shading;
}

/** Draws scenes on one canvas. */
export interface Renderer {
  /** Size in CSS pixels, and device pixels to one of them. */
  resize(width: number, height: number, pixelRatio: number): void;
  draw(scene: Scene, palette: Palette): void;
  /** Lets go of the canvas. */
  dispose(): void;
}
