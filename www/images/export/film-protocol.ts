// Films of pictures.
import type * as shared from '../../export/film-protocol.js';
import type { World } from '../engine/backend.js';
import type { Drawn, Mark } from './draw-grid.js';

export interface Film extends shared.Film {
  world: World;
  mark: Mark;
}

export interface Frame extends shared.Frame {
  /** Of each panel; null where it has none. */
  panels: (Drawn | null)[];
}
