// Sets the instrument to show something.
import { mostPanels, choose } from '../scheme/address.js';
import { link, place, playAgain, setLook, setPlayback, setSampling, setSchemes } from './changes.js';
import type { Demonstration, LabBasis } from './lab.js';
import type { State, StateTypes } from './state.js';

/** The state that a demonstration asks for; throws a sentence where there is none. */
export function demonstrate<Of extends StateTypes>(
  lab: LabBasis<Of>,
  state: State<Of>,
  asked: Demonstration<Of>,
  motion: boolean,
): State<Of> {
  const { schemes, sampling, look, linked, play } = asked;
  if (schemes && (schemes.length === 0 || schemes.length > mostPanels)) {
    throw new Error(`One to ${mostPanels} schemes can be shown, not ${schemes.length}.`);
  }
  let next = state;
  if (schemes) {
    const chosen = schemes.map((scheme) => choose(lab.schemes, scheme));
    next = setSchemes(lab, next, chosen);
  }
  if (asked.place) next = place(next, asked.place.chosen, asked.place.panel);
  if (schemes) next = setSampling(lab, next, lab.shownOn);
  if (sampling) next = setSampling(lab, next, sampling);
  if (look) next = setLook(lab, next, look);
  if (linked) next = link(lab, next, linked);
  return play && motion ? playAgain(next) : setPlayback(next, { position: next.sampling.levels.steps, playing: false });
}
