// What scripts and tests may look at, without a way to change anything that a visitor has set.
import type { Answer, Question } from './plane/engine/questions/questions.js';
import type { EngineKind } from './engine/types.js';
import type { PlaneEngine } from './plane/engine/engine.js';
import type { PlaneState } from './plane/state/state.js';

export interface Inspection {
  /** All settings now. */
  state(): PlaneState;
  /** What samples now, or null while that is being chosen. */
  engine(): { kind: EngineKind; description: string; pace: number } | null;
  /** Positions of a panel (counted from 0) at a step, x0, y0, x1, y1, ..., or null if it is not there yet. */
  positions(panel: number, step: number): Promise<Float32Array | null>;
  /** Whole paths of some of a panel's particles, particle by particle, or null where its run is not at its end. */
  paths(panel: number, particles: Uint32Array): Promise<Float32Array | null>;
  /** What the core answers; null without an engine. */
  ask<Q extends Question>(question: Q, signal?: AbortSignal): Promise<Answer<Q> | null>;
  /** Loses the graphics device, if there is one, as a crash of its driver would: what comes then can be tested. */
  loseDevice(): void;
}

declare global {
  interface Window {
    guidancePlayground: Inspection;
  }
}

/** Of the first figure that the page has whenever it is asked. */
export function exposeInspection(): void {
  // There since before its first run: whoever looks on waits for that.
  const instrument = () => document.querySelector('guidance-playground')!.instrument!;
  const engine = () => instrument().engine as PlaneEngine | null;
  const at = (panel: number) => instrument().currentState.panels[panel]?.id ?? NaN;
  window.guidancePlayground = Object.freeze({
    state: () => structuredClone<unknown>(instrument().currentState) as PlaneState,
    engine: () => {
      const backend = instrument().engine?.backend;
      return backend ? { kind: backend.kind, description: backend.description, pace: backend.pace } : null;
    },
    positions: async (panel: number, step: number) => (await engine()?.positions(at(panel), step)) ?? null,
    paths: async (panel: number, particles: Uint32Array) => (await engine()?.paths(at(panel), particles)) ?? null,
    ask: async <Q extends Question>(question: Q, signal?: AbortSignal) => (await engine()?.ask(question, signal)) ?? null,
    loseDevice: () => instrument().engine?.loseDevice(),
  });
}
