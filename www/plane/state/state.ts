// What of a state only the plane has.
import type { Samples } from '../../state/lab.js';
import { papersTree, type RunConfig } from '../../scheme/scheme.js';
import type { SamplingState, State, StateTypes } from '../../state/state.js';
import type { LookState } from './look.js';

/** What all panels share: one noise, one clock. */
export interface PlaneSampling extends SamplingState {
  particles: number;
  /** What the data are, by name. */
  distribution: string;
}

/** Apart from what runs, so that the types of embeds do not speak of engines. */
interface PlaneStateTypes extends StateTypes {
  config: RunConfig;
  sampling: PlaneSampling;
  look: LookState;
}

export type PlaneState = State<PlaneStateTypes>;

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
