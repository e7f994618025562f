// Every way the state changes: pure functions from one state to the next.
import type { Choice } from '../scheme/catalogue.js';
import type { Scheme } from '../scheme/scheme.js';
import type { PanelState, PlaybackState, SamplingState, State } from './state.js';

function withPanel(state: State, id: number, change: (panel: PanelState) => PanelState): State {
  return { ...state, panels: state.panels.map((panel) => (panel.id === id ? change(panel) : panel)) };
}

export function chooseScheme(state: State, panel: number, { id, scheme }: Choice): State {
  return withPanel(state, panel, (old) => ({ ...old, choice: id, scheme }));
}

export function setScheme(state: State, panel: number, scheme: Scheme): State {
  return withPanel(state, panel, (old) => ({ ...old, scheme }));
}

export function setPlayback(state: State, change: Partial<PlaybackState>): State {
  return { ...state, playback: { ...state.playback, ...change } };
}

/** Shared settings; the clock keeps its place when the number of steps changes. */
export function setSampling(state: State, change: Partial<SamplingState>): State {
  const sampling = { ...state.sampling, ...change };
  const [before, after] = [state.sampling.levels.steps, sampling.levels.steps];
  const position = Math.round((state.playback.position / before) * after);
  return before === after ? { ...state, sampling } : setPlayback({ ...state, sampling }, { position });
}

/** Another noise for all panels, played from its start where motion is welcome. */
export function newNoise(state: State, seed: number, motion: boolean): State {
  const next = setSampling(state, { seed });
  return motion ? setPlayback(next, { position: 0, playing: true }) : next;
}

/** Plays on, or from the start again when at the end. */
export function togglePlay(state: State): State {
  const { position, playing } = state.playback;
  if (playing) return setPlayback(state, { playing: false, position: Math.round(position) });
  return setPlayback(state, { playing: true, position: position >= state.sampling.levels.steps ? 0 : position });
}

export function scrubTo(state: State, position: number): State {
  const inside = Math.min(Math.max(position, 0), state.sampling.levels.steps);
  return setPlayback(state, { playing: false, position: inside });
}
