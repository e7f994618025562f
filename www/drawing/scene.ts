// What a panel's picture shows, whatever draws it.
import type { View } from '../../pkg/guidance_playground.js';
import type { RunRecord } from '../engine/run-record.js';
import type { ClassName, Rings } from '../engine/types.js';

export interface Scene {
  view: View;
  outlines: ReadonlyMap<ClassName, Rings>;
  /** Whose particles are shown; null before there are any. */
  run: RunRecord | null;
  /** Steps passed, at most those that are done; the fraction is drawn on the straight line between two steps. */
  position: number;
  /** Particles whose way here is drawn. */
  paths: number;
}

/** Draws scenes on one canvas. */
export interface Renderer {
  /** Size in CSS pixels, and device pixels to one of them. */
  resize(width: number, height: number, pixelRatio: number): void;
  draw(scene: Scene, palette: Palette): void;
  /** Lets go of the canvas. */
  dispose(): void;
}

export type Palette = Record<'regionA' | 'outlineA' | 'regionB' | 'outlineB' | 'particle' | 'path' | 'pathHead', string>;
