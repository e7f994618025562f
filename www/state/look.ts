import type { LookState } from './state.js';

/** How results are looked at in the beginning. */
export const openingLook: LookState = {
  view: null,
  followNoise: true,
  paths: false,
  shading: 'points',
  field: null,
  coverage: false,
  cut: null,
  tool: 'point',
};

/** Particles whose paths are drawn when paths are on. */
export const pathCount = 96;
