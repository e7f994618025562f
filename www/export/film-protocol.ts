// What the page's main thread and the worker that makes films say to each other.
import type { Picture, View } from '../../pkg/gpu/guidance_playground.js';
import type { Lit, LitColours } from '../plane/drawing/lit-shapes.js';
import type { Shading } from '../plane/drawing/scene.js';
import type { PictureLayout } from '../drawing/picture-layout.js';
import type { WrittenShape } from '../drawing/vectors.js';
import type { Failure } from '../engine/types.js';
import type { ClassName, Rings } from '../plane/drawing/outlines.js';
import type { QuantityColours } from '../plane/explanation/draw-field.js';
import type { Found } from '../plane/explanation/find-field.js';
import type { FilmFormat } from './request.js';

/** What of a panel stays the same. */
export interface PanelOfFilm {
  particles: number;
  /** Positions by step of those whose ways are drawn. */
  ways: Float32Array[];
  lit: Lit | null;
  /** Laid over the picture of a view, on a square of a side: under a field, and over it. */
  laid: { view: View; side: number; under: WrittenShape[]; over: WrittenShape[] };
}

export interface Film {
  format: FilmFormat;
  layout: PictureLayout;
  panels: PanelOfFilm[];
  outlines: ReadonlyMap<ClassName, Rings>;
  shading: Shading;
  colours: Picture['colours'];
  litColours: LitColours;
  quantityColours: QuantityColours;
  /** Written into the file. */
  text: string;
}

export interface PanelOfFrame {
  /** Positions after the last step that is passed; null where a panel has no particles. */
  from: Float32Array | null;
  /** Positions after the next step; those of `from` where the frame shows just that step. */
  to: Float32Array | null;
  field: Found | null;
}

export interface Frame {
  position: number;
  view: View;
  /** See `Scene`. */
  magnification: number;
  footer: string;
  panels: PanelOfFrame[];
  /** How long it is seen; a frame that is not only lends its colours to the others. */
  milliseconds: number;
}

export type FilmOrder = { type: 'begin'; film: Film } | { type: 'frame'; frame: Frame } | { type: 'end' };

export type FilmReply =
  /** Ready for the next order. */
  { type: 'done' } | { type: 'film'; film: Blob } | { type: 'failed'; failure: Failure };
