// What an instrument tells of itself, and what of that a figure's page hears.
import type { EngineKind } from '../engine/types.js';

export interface FigureEvents {
  ready: { state: string };
  change: { state: string };
  frame: { step: number; steps: number; sigma: number | null };
  error: { code: string; message: string; advice: string };
  enginechange: { kind: EngineKind; description: string; notice: string };
  /** Not for the page: it stands in its place, or cannot. */
  composed: { failed: boolean };
}

export type Tell = <T extends keyof FigureEvents>(type: T, detail: FigureEvents[T]) => void;

/** It stays at the figure: a page's own `change` and `error` listeners further out do not mean it. */
export class FigureEvent<T extends keyof FigureEvents> extends CustomEvent<FigureEvents[T]> {}
