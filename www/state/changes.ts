// Every way the state changes: pure functions from one state to the next.
import type { View } from '../../pkg/guidance_playground.js';
import { inTexts, mostPanels, type Chosen } from '../scheme/address.js';
import { alsoChanged } from '../scheme/difference.js';
import { fitTo } from '../scheme/fit.js';
import type { Scheme } from '../scheme/scheme.js';
import type { Choice } from '../scheme/table.js';
import {
  crowded,
  farthestPlace,
  levelsOf,
  mostLinked,
  openingState,
  type PanelState,
  type PlaybackState,
  type SamplingState,
  type State,
} from './state.js';
import type { LookState, Tool } from '../plane/look.js';
import { planeSchemes } from '../plane/schemes.js';

function withPanel(state: State, id: number, change: (panel: PanelState) => PanelState): State {
  return { ...state, panels: state.panels.map((panel) => (panel.id === id ? change(panel) : panel)) };
}

export function chooseScheme(state: State, panel: number, { id, scheme }: Choice): State {
  return withPanel(state, panel, (old) => ({ id: old.id, choice: id, scheme }));
}

/** What is changed of a scheme that stands for another is changed of that too, unless they differ there. */
export function setScheme(state: State, panel: number, scheme: Scheme): State {
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
export function addPanel(state: State, { choice, scheme, standsFor }: Chosen & Pick<PanelState, 'standsFor'>, after?: number): State {
  const { panels } = state;
  if (panels.length >= mostPanels) return state;
  const id = Math.max(...panels.map((panel) => panel.id)) + 1;
  const found = panels.findIndex((panel) => panel.id === after);
  const index = found < 0 ? panels.length : found + 1;
  return { ...state, panels: panels.toSpliced(index, 0, { id, choice, scheme, ...(standsFor && { standsFor }) }) };
}

/** A scheme in place of a panel's, or, where none is named, in one more; where there can be no more, in the last. */
export function place(state: State, { choice, scheme }: Chosen, panel: number | null): State {
  if (panel === null && state.panels.length < mostPanels) return addPanel(state, { choice, scheme });
  return withPanel(state, panel ?? state.panels.at(-1)!.id, ({ id }) => ({ id, choice, scheme }));
}

/** Without a panel; the last one stays. */
export function removePanel(state: State, id: number): State {
  return state.panels.length > 1 ? { ...state, panels: state.panels.filter((panel) => panel.id !== id) } : state;
}

/** A panel moved by so many places, as far as there are places. */
export function movePanel(state: State, id: number, by: number): State {
  const from = state.panels.findIndex((panel) => panel.id === id);
  const to = Math.min(Math.max(from + by, 0), state.panels.length - 1);
  return { ...state, panels: state.panels.toSpliced(from, 1).toSpliced(to, 0, state.panels[from]!) };
}

/** What can be done with a panel among the others. */
export type PanelCommand = 'duplicate' | 'move-left' | 'move-right' | 'remove';

export function arrange(state: State, panel: PanelState, command: PanelCommand): State {
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
export function setSchemes(state: State, chosen: Chosen[], levels = levelsOf(chosen)): State {
  const next = Math.max(...state.panels.map((panel) => panel.id)) + 1;
  const panels = chosen
    .slice(0, mostPanels)
    .map(({ choice, scheme }, index) => ({ id: state.panels[index]?.id ?? next + index, choice, scheme }));
  return setSampling({ ...state, panels }, { levels });
}

export function setPlayback(state: State, change: Partial<PlaybackState>): State {
  return { ...state, playback: { ...state.playback, ...change } };
}

export function setLook(state: State, change: Partial<LookState>): State {
  const look = { ...state.look, ...change };
  const { view, cut } = look;
  if (view) look.view = { ...view, x: within(view.x), y: within(view.y) };
  if (cut) look.cut = { from: [within(cut.from[0]), within(cut.from[1])], to: [within(cut.to[0]), within(cut.to[1])] };
  return { ...state, look };
}

function within(coordinate: number): number {
  return Math.min(Math.max(coordinate, -farthestPlace), farthestPlace);
}

/**
 * What a hand does on the pictures. Who is to cut finds a line across what is seen, since ends can be moved by keys, but no
 * line drawn by them.
 */
export function chooseTool(state: State, tool: Tool, seen: View | null): State {
  if (tool !== 'cut' || state.look.cut || !seen) return setLook(state, { tool });
  const { x, y, halfWidth, halfHeight } = seen;
  const [across, up] = [halfWidth / 2, halfHeight / 2];
  return setLook(state, { tool, cut: { from: [x - across, y - up], to: [x + across, y + up] } });
}

/** Particles to be lit, in place of those that were, or besides them. */
export function link(state: State, particles: number[], besides = false): State {
  const all = [...new Set([...(besides ? state.linked : []), ...particles])];
  return { ...state, linked: all.slice(0, mostLinked) };
}

/** Lights a particle, or puts it out. */
export function toggleLink(state: State, particle: number): State {
  if (!state.linked.includes(particle)) return link(state, [particle], true);
  return { ...state, linked: state.linked.filter((each) => each !== particle) };
}

/** How particles are drawn unless that is chosen: points that begin to hide each other, by density. */
export function usualShading(particles: number): LookState['shading'] {
  return particles >= crowded ? 'density' : 'points';
}

/** As usual where what is usual has changed; it stays as chosen otherwise. */
function shadingFor(before: number, after: number): Partial<LookState> {
  return usualShading(before) === usualShading(after) ? {} : { shading: usualShading(after) };
}

/** Schemes as they can be had for the data: where their networks know only others, exact models stand for those. */
export function fit(state: State): State {
  const { panels, sampling } = state;
  const fitted = panels.map((panel) => fitPanel(panel, sampling.distribution));
  return fitted.every((panel, index) => panel === panels[index]) ? state : { ...state, panels: fitted };
}

function fitPanel(panel: PanelState, distribution: string): PanelState {
  const wish = wishOf(panel);
  const had = fitTo(planeSchemes, wish, distribution);
  if (had === wish) return panel.standsFor ? { id: panel.id, ...wish } : panel;
  // A run goes on where the scheme that it is of stays the same object.
  if (panel.standsFor && had.choice === panel.choice && JSON.stringify(had.scheme) === JSON.stringify(panel.scheme)) return panel;
  return { id: panel.id, choice: had.choice, scheme: had.scheme, standsFor: wish };
}

/** Shared settings; the clock keeps its place when the number of steps changes. */
export function setSampling(state: State, change: Partial<SamplingState>): State {
  const sampling = { ...state.sampling, ...change };
  const [before, after] = [state.sampling.levels.steps, sampling.levels.steps];
  const position = Math.round((state.playback.position / before) * after);
  const linked = state.linked.filter((particle) => particle < sampling.particles);
  const next = setLook({ ...state, sampling, linked }, shadingFor(state.sampling.particles, sampling.particles));
  return before === after ? next : setPlayback(next, { position });
}

/** Another noise for all panels, played from its start where motion is welcome. */
export function newNoise(state: State, seed: number, motion: boolean): State {
  return motion ? playAgain(setSampling(state, { seed })) : setSampling(state, { seed });
}

/** As it was at the beginning, looked at from the end. */
export function reset(state: State): State {
  return setSampling(openingState(false), { particles: state.sampling.particles });
}

/** Played from the noise on. */
export function playAgain(state: State): State {
  return setPlayback(state, { position: 0, playing: true });
}

/** Plays on, or from the start again when at the end. */
export function togglePlay(state: State): State {
  const { position, playing } = state.playback;
  if (playing) return setPlayback(state, { playing: false, position: Math.round(position) });
  return position >= state.sampling.levels.steps ? playAgain(state) : setPlayback(state, { playing: true });
}

export function scrubTo(state: State, position: number): State {
  const inside = Math.min(Math.max(position, 0), state.sampling.levels.steps);
  return setPlayback(state, { playing: false, position: inside });
}
