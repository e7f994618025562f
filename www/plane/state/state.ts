// What of a state only the plane has.
import { papersTree } from '../../scheme/scheme.js';
import type { Samples } from '../../state/lab.js';
import type { SamplingState, State } from '../../state/state.js';
import type { PlaneTypes } from '../engine/backend.js';
import type { PlaneEngine } from '../engine/engine.js';
import type { LookState } from './look.js';

/** What all panels share: one noise, one clock. */
export interface PlaneSampling extends SamplingState {
  particles: number;
  /** What the data are, by name. */
  distribution: string;
}

export interface PlaneKinds extends PlaneTypes {
  sampling: PlaneSampling;
  look: LookState;
  engine: PlaneEngine;
}

export type PlaneState = State<PlaneKinds>;

/** From so many particles on, points hide each other, and density shows more. */
export const crowded = 8192;
/** Coordinates that a view's middle and the ends of a line can have, either way: far beyond all that there is to see. */
export const farthestPlace = 1000;

export const particles: Samples<PlaneSampling> = {
  one: 'particle',
  many: 'particles',
  choices: [512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072],
  usual: { few: 4096, many: 16_384 },
  fewEnough: 8192,
  mostLit: 48,
  of: ({ particles }) => particles,
  set: (particles) => ({ particles }),
};

export const openingSampling = { seed: 1, particles: particles.usual.few, distribution: papersTree };
