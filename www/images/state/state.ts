// What of a state only pictures have.
import type { Samples } from '../../state/lab.js';
import type { SamplingState, State, StateTypes } from '../../state/state.js';
import type { ImagesConfig } from '../config.js';
import type { ImagesLook } from './look.js';

/** What all panels share: one noise, one clock, one prompt. */
export interface ImagesSampling extends SamplingState {
  pictures: number;
  /** As it was typed: what is not known of it is left out (prompt/prompt.ts). */
  prompt: string;
}

/** Apart from what runs, so that the types of embeds do not speak of engines. */
interface ImagesStateTypes extends StateTypes {
  config: ImagesConfig;
  sampling: ImagesSampling;
  look: ImagesLook;
}

export type ImagesState = State<ImagesStateTypes>;

export const pictures: Samples<ImagesSampling> = {
  one: 'picture',
  many: 'pictures',
  choices: [4, 9, 16, 36, 64],
  usual: { few: 16, many: 16 },
  fewEnough: 64,
  // Whoever compares looks at one picture at a time.
  mostLit: 1,
  of: ({ pictures }) => pictures,
  set: (pictures) => ({ pictures }),
};

export const openingSampling = { seed: 1, pictures: pictures.usual.few, prompt: 'an astronaut riding a horse' };
