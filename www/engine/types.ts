// What both engines speak of.

/** An error of the core or of loading it: what happened, and what to do. */
export interface Failure {
  code: string;
  message: string;
  advice: string;
}

export type EngineKind = 'webgpu' | 'cpu';

/** Which engine an embed asks for: one of them, the faster that is at hand, or the best of a device even in software. */
export type EngineWish = EngineKind | 'auto' | 'best';
