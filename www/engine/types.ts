// What both engines speak of.

/** An error of the core or of loading it: what happened, and what to do. */
export interface Failure {
  code: string;
  message: string;
  advice: string;
}

/** Closed rings of data coordinates, x0, y0, x1, y1, ... */
export type Rings = Float32Array<ArrayBuffer>[];

export type ClassName = 'A' | 'B';

export type EngineKind = 'webgpu' | 'cpu';
