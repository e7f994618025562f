// Settings that show something: what a paragraph of the article, or a point of a plot, sets the instrument to.
import { mostPanels, choose, type Chosen } from '../scheme/address.js';
import { papersTree } from '../scheme/scheme.js';
import { link, place, playAgain, setLook, setPlayback, setSampling, setSchemes } from './changes.js';
import type { SamplingState, State } from './state.js';
import type { LookState } from '../plane/look.js';
import { planeSchemes } from '../plane/schemes.js';

export interface Demonstration {
  /** One to `mostPanels`: names of the catalogue, or descriptions in which fields may be left out. */
  schemes?: (string | object)[];
  /** One scheme, beside those that are there: in the panel with this number of its own, or in one more. */
  place?: { panel: number | null; chosen: Chosen };
  sampling?: Partial<SamplingState>;
  look?: Partial<LookState>;
  /** Particles to light. */
  linked?: number[];
  /** Pauses at the noise level nearest to this; without it, and without playing, the end is shown. */
  sigma?: number;
  /** Unfolds a section below the panels, and goes there. */
  open?: 'sweep' | 'tried';
  /** Plays from the noise on, where motion is welcome. */
  play?: boolean;
}

/** The state that a demonstration asks for; throws a sentence where there is none. */
export function demonstrate(state: State, asked: Demonstration, motion: boolean): State {
  const { schemes, sampling, look, linked, play } = asked;
  if (schemes && (schemes.length === 0 || schemes.length > mostPanels)) {
    throw new Error(`One to ${mostPanels} schemes can be shown, not ${schemes.length}.`);
  }
  let next = schemes
    ? setSchemes(
        state,
        schemes.map((scheme) => choose(planeSchemes, scheme)),
      )
    : state;
  if (asked.place) next = place(next, asked.place.chosen, asked.place.panel);
  // What is shown of named schemes is shown on the paper's tree.
  if (schemes) next = setSampling(next, { distribution: papersTree });
  if (sampling) next = setSampling(next, sampling);
  if (look) next = setLook(next, look);
  if (linked) next = link(next, linked);
  return play && motion ? playAgain(next) : setPlayback(next, { position: next.sampling.levels.steps, playing: false });
}
