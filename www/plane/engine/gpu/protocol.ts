// What the page's main thread and the worker that owns the graphics device say to each other besides what is the same in every lab.
import type { DataOrder } from '../../../engine/data-supply.js';
import type { CanvasOrder } from '../../drawing/remote-canvases.js';

export type Order =
  | CanvasOrder
  | DataOrder
  | { type: 'load'; core: WebAssembly.Module; software: boolean }
  | { type: 'positions'; request: number; run: number; step: number }
  | { type: 'paths'; request: number; run: number; particles: Uint32Array };

export type Reply =
  /** Of a step, or of whole paths. */
  | { type: 'positions'; request: number; positions: Float32Array | null }
  /** This share of the particles is drawn while pictures move. */
  | { type: 'thinned'; share: number };
