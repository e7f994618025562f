// What the page's main thread and the worker that makes films say to each other, whatever they show.
import type { PictureLayout } from '../drawing/picture-layout.js';
import type { Failure } from '../engine/types.js';
import type { FilmFormat } from '../lab/request.js';

export interface Film {
  format: FilmFormat;
  layout: PictureLayout;
  /** Written into the file. */
  text: string;
}

export interface Frame {
  footer: string;
  /** How long it is seen; a frame that is not only lends its colours to the others. */
  milliseconds: number;
}

export type FilmOrder<F extends Film = Film, R extends Frame = Frame> =
  | { type: 'begin'; film: F }
  | { type: 'frame'; frame: R }
  | { type: 'end' };

export type FilmReply = { type: 'done' } | { type: 'film'; film: Blob } | { type: 'failed'; failure: Failure };
