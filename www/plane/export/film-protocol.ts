// Films of the plane.
import type { Picture, View } from '../../../pkg/gpu/guidance_playground.js';
import type { Lit, LitColours } from '../drawing/lit-shapes.js';
import type { Shading } from '../drawing/scene.js';
import type * as shared from '../../export/film-protocol.js';
import type { WrittenShape } from '../../drawing/vectors.js';
import type { ClassName, Rings } from '../drawing/outlines.js';
import type { QuantityColours } from '../explanation/draw-field.js';
import type { Found } from '../explanation/find-field.js';

/** What of a panel stays the same. */
export interface PanelOfFilm {
  particles: number;
  /** Positions by step of those whose ways are drawn. */
  ways: Float32Array[];
  lit: Lit | null;
  /** Laid over the picture of a view, on a square of a side: under a field, and over it. */
  laid: { view: View; side: number; under: WrittenShape[]; over: WrittenShape[] };
}

export interface Film extends shared.Film {
  panels: PanelOfFilm[];
  outlines: ReadonlyMap<ClassName, Rings>;
  shading: Shading;
  colours: Picture['colours'];
  litColours: LitColours;
  quantityColours: QuantityColours;
}

export interface PanelOfFrame {
  /** Positions after the last step that is passed; null where a panel has no particles. */
  from: Float32Array | null;
  /** Positions after the next step; those of `from` where the frame shows just that step. */
  to: Float32Array | null;
  field: Found | null;
}

export interface Frame extends shared.Frame {
  position: number;
  view: View;
  /** See `Scene`. */
  magnification: number;
  panels: PanelOfFrame[];
}
