// Every way the state changes: pure functions from one state to the next.
import { inTexts, mostPanels, type Chosen } from '../scheme/address.js';
import { alsoChanged } from '../scheme/difference.js';
import type { Scheme } from '../scheme/scheme.js';
import type { Choice } from '../scheme/table.js';
import { openingState, type LabBasis } from './lab.js';
import { levelsOf, type PanelState, type PlaybackState, type SamplingState, type State, type StateTypes } from './state.js';

function withPanel<S extends State>(state: S, id: number, change: (panel: PanelState) => PanelState): S {
  return { ...state, panels: state.panels.map((panel) => (panel.id === id ? change(panel) : panel)) };
}

export function chooseScheme<S extends State>(state: S, panel: number, { id, scheme }: Choice): S {
  return withPanel(state, panel, (old) => ({ id: old.id, choice: id, scheme }));
}

/** What is changed of a scheme that stands for another is changed of that too, unless they differ there. */
export function setScheme<S extends State>(state: S, panel: number, scheme: Scheme): S {
  return withPanel(state, panel, ({ id, choice, scheme: before, standsFor }) => {
    // A model and its condition are one thing: either alone would be of another model.
    const fits = standsFor && alsoChanged(inTexts(standsFor.scheme), inTexts(before), inTexts(scheme));
    const kept = fits && alsoChanged(standsFor.scheme, before, scheme);
    return kept ? { id, choice, scheme, standsFor: { choice: standsFor.choice, scheme: kept } } : { id, choice, scheme };
  });
}

/** What a panel was asked to show: the same as it shows, or what that stands for. */
export function wishOf({ choice, scheme, standsFor }: PanelState): Chosen {
  return standsFor ?? { choice, scheme };
}

/** Another panel after the one numbered `after`, or at the end; as it was where there are as many as can be. */
export function addPanel<S extends State>(
  state: S,
  { choice, scheme, standsFor }: Chosen & Pick<PanelState, 'standsFor'>,
  after?: number,
): S {
  const { panels } = state;
  if (panels.length >= mostPanels) return state;
  const id = Math.max(...panels.map((panel) => panel.id)) + 1;
  const found = panels.findIndex((panel) => panel.id === after);
  const index = found < 0 ? panels.length : found + 1;
  return { ...state, panels: panels.toSpliced(index, 0, { id, choice, scheme, ...(standsFor && { standsFor }) }) };
}

/** A scheme in place of a panel's, or, where none is named, in one more; where there can be no more, in the last. */
export function place<S extends State>(state: S, { choice, scheme }: Chosen, panel: number | null): S {
  if (panel === null && state.panels.length < mostPanels) return addPanel(state, { choice, scheme });
  return withPanel(state, panel ?? state.panels.at(-1)!.id, ({ id }) => ({ id, choice, scheme }));
}

/** Without a panel; the last one stays. */
export function removePanel<S extends State>(state: S, id: number): S {
  return state.panels.length > 1 ? { ...state, panels: state.panels.filter((panel) => panel.id !== id) } : state;
}

/** A panel moved by so many places, as far as there are places. */
export function movePanel<S extends State>(state: S, id: number, by: number): S {
  const from = state.panels.findIndex((panel) => panel.id === id);
  const to = Math.min(Math.max(from + by, 0), state.panels.length - 1);
  return { ...state, panels: state.panels.toSpliced(from, 1).toSpliced(to, 0, state.panels[from]!) };
}

/** What can be done with a panel among the others. */
export type PanelCommand = 'duplicate' | 'move-left' | 'move-right' | 'remove';

export function arrange<S extends State>(state: S, panel: PanelState, command: PanelCommand): S {
  switch (command) {
    case 'duplicate':
      return addPanel(state, panel, panel.id);
    case 'remove':
      return removePanel(state, panel.id);
    default:
      return movePanel(state, panel.id, command === 'move-left' ? -1 : 1);
  }
}

/** Other schemes in place of all panels; those that stay the same keep their runs. */
export function setSchemes<Of extends StateTypes>(
  lab: LabBasis<Of>,
  state: State<Of>,
  chosen: readonly Chosen[],
  levels = levelsOf(lab.schemes, chosen),
): State<Of> {
  const next = Math.max(...state.panels.map((panel) => panel.id)) + 1;
  const panels = chosen
    .slice(0, mostPanels)
    .map(({ choice, scheme }, index) => ({ id: state.panels[index]?.id ?? next + index, choice, scheme }));
  return setSampling(lab, { ...state, panels }, { levels });
}

export function setPlayback<S extends State>(state: S, change: Partial<PlaybackState>): S {
  return { ...state, playback: { ...state.playback, ...change } };
}

export function setLook<Of extends StateTypes>(lab: LabBasis<Of>, state: State<Of>, change: Partial<Of['look']>): State<Of> {
  return { ...state, look: lab.bound({ ...state.look, ...change }) };
}

/** Samples to be lit, in place of those that were, or besides them. */
export function link<S extends State>({ samples }: LabBasis, state: S, lit: number[], besides = false): S {
  const all = [...new Set([...(besides ? state.linked : []), ...lit])];
  return { ...state, linked: all.slice(0, samples.mostLit) };
}

/** Lights a sample, or puts it out. */
export function toggleLink<S extends State>(lab: LabBasis, state: S, sample: number): S {
  if (!state.linked.includes(sample)) return link(lab, state, [sample], true);
  return { ...state, linked: state.linked.filter((each) => each !== sample) };
}

/** Schemes as they can be had for the data: where their networks know only others, something stands for those. */
export function fit<S extends State>(lab: LabBasis, state: S): S {
  const { panels, sampling } = state;
  const fitted = panels.map((panel) => fitPanel(lab, panel, sampling));
  return fitted.every((panel, index) => panel === panels[index]) ? state : { ...state, panels: fitted };
}

function fitPanel(lab: LabBasis, panel: PanelState, sampling: SamplingState): PanelState {
  const wish = wishOf(panel);
  const had = lab.fit(wish, sampling);
  if (had === wish) return panel.standsFor ? { id: panel.id, ...wish } : panel;
  // A run goes on where the scheme that it is of stays the same object.
  if (panel.standsFor && had.choice === panel.choice && JSON.stringify(had.scheme) === JSON.stringify(panel.scheme)) return panel;
  return { id: panel.id, choice: had.choice, scheme: had.scheme, standsFor: wish };
}

/** Shared settings; the clock keeps its place when the number of steps changes. */
export function setSampling<Of extends StateTypes>(
  lab: LabBasis<Of>,
  state: State<Of>,
  change: Partial<Of['sampling']> | Partial<SamplingState>,
): State<Of> {
  const sampling = { ...state.sampling, ...change };
  const [before, after] = [state.sampling.levels.steps, sampling.levels.steps];
  const position = Math.round((state.playback.position / before) * after);
  const linked = state.linked.filter((sample) => sample < lab.samples.of(sampling));
  const next = setLook(lab, { ...state, sampling, linked }, lab.lookAfter(state.sampling, sampling));
  return before === after ? next : setPlayback(next, { position });
}

/** Another noise for all panels, played from its start where motion is welcome. */
export function newNoise<Of extends StateTypes>(lab: LabBasis<Of>, state: State<Of>, seed: number, motion: boolean): State<Of> {
  const next = setSampling(lab, state, { seed });
  return motion ? playAgain(next) : next;
}

/** As it was at the beginning, looked at from the end. */
export function reset<Of extends StateTypes>(lab: LabBasis<Of>, state: State<Of>): State<Of> {
  return setSampling(lab, openingState(lab, false), lab.samples.set(lab.samples.of(state.sampling)));
}

/** Played from the noise on. */
export function playAgain<S extends State>(state: S): S {
  return setPlayback(state, { position: 0, playing: true });
}

/** Plays on, or from the start again when at the end. */
export function togglePlay<S extends State>(state: S): S {
  const { position, playing } = state.playback;
  if (playing) return setPlayback(state, { playing: false, position: Math.round(position) });
  return position >= state.sampling.levels.steps ? playAgain(state) : setPlayback(state, { playing: true });
}

export function scrubTo<S extends State>(state: S, position: number): S {
  const inside = Math.min(Math.max(position, 0), state.sampling.levels.steps);
  return setPlayback(state, { playing: false, position: inside });
}
