// What the page's main thread and the worker that owns the graphics device say to each other besides what is the same in every lab.

/** What a worker is opened with. */
export interface Opening {
  core: WebAssembly.Module;
  sprites: Uint8Array;
  software: boolean;
}

export type Order = { type: 'load' } & Opening;

/** All pictures of a run after a step, told before it is said that the run has come so far. */
export interface Reply {
  type: 'frame';
  run: number;
  step: number;
  data: Float32Array;
  estimates: Float32Array;
}
