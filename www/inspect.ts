// What scripts and tests may look at, without a way to change anything.
import type { GuidancePlayground } from './elements/guidance-playground.js';

export interface Inspection {
  /** All settings now. */
  state(): unknown;
  /** Positions of a panel (counted from 0) at a step, x0, y0, x1, y1, ..., or null if it is not there yet. */
  positions(panel: number, step: number): Float32Array | null;
}

declare global {
  interface Window {
    guidancePlayground: Inspection;
  }
}

export function exposeInspection(playground: GuidancePlayground): void {
  window.guidancePlayground = Object.freeze({
    state: () => structuredClone(playground.currentState),
    positions: (panel: number, step: number) => playground.positions(panel, step),
  });
}
