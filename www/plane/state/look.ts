// How results are looked at: nothing of them depends on it.
import type { View } from '../../../pkg/guidance_playground.js';
import type { Cut, FieldName } from '../explanation/settings.js';

/** What pressing and pointing on a picture does. */
export type Tool = 'point' | 'lasso' | 'move' | 'cut';

export interface LookState {
  /** The part of the plane that all panels show; null is the overview. */
  view: View | null;
  /** Whether the overview widens with the noise. */
  followNoise: boolean;
  paths: boolean;
  shading: 'points' | 'density';
  field: FieldName | null;
  /** Branches coloured by how often they are visited. */
  coverage: boolean;
  cut: Cut | null;
  tool: Tool;
}

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
