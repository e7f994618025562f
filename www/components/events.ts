// What an instrument tells of itself, and what of that an embed's page hears.
import type { EngineKind } from '../engine/types.js';

export interface EmbedEvents {
  ready: { state: string };
  change: { state: string };
  frame: { step: number; steps: number; sigma: number | null };
  error: { code: string; message: string; advice: string };
  enginechange: { kind: EngineKind; description: string; notice: string };
  /** Not for the page: it stands in its place, or cannot. */
  composed: { failed: boolean };
}

export type Tell = <T extends keyof EmbedEvents>(type: T, detail: EmbedEvents[T]) => void;

/** It stays at the embed: a page's own `change` and `error` listeners further out do not mean it. */
export class EmbedEvent<T extends keyof EmbedEvents> extends CustomEvent<EmbedEvents[T]> {}
