// All that a visitor can set: plain data, so that it can be saved and shared. Views are functions of it.
import type { Chosen } from '../scheme/address.js';
import { catalogue, choiceOf } from '../scheme/catalogue.js';
import type { NoiseLevels, RunConfig, Scheme } from '../scheme/scheme.js';

export interface PanelState {
  /** Stays the same while the panel lives. */
  id: number;
  /** The kind of guide or the preset that was chosen: what may since have been changed of it is in `scheme`. */
  choice: string;
  /** Its noise levels are those of all panels: `SamplingState` has them. */
  scheme: Scheme;
}

/** What all panels share: one noise, one clock. */
export interface SamplingState {
  seed: number;
  particles: number;
  levels: NoiseLevels;
}

export interface PlaybackState {
  /** Noise levels passed, 0 (noise) to the number of steps (data); fractions lie between two levels. */
  position: number;
  playing: boolean;
  /** 1 is the usual pace. */
  speed: number;
}

export interface State {
  panels: PanelState[];
  sampling: SamplingState;
  playback: PlaybackState;
  paths: boolean;
  followNoise: boolean;
}

const openingChoices = ['none', 'classifier-free', 'autoguidance'];

/**
 * The opening view: three schemes on one noise, played once, or ended at once where motion is unwelcome. Schemes that were
 * chosen beforehand take the first panels, and noise levels of theirs are those of all.
 */
export function openingState(motion: boolean, chosen: Chosen[] = []): State {
  const usual = catalogue.schemes[0]!.scheme.levels;
  const levels = chosen.map(({ scheme }) => scheme.levels).find((each) => !isEqual(each, usual)) ?? usual;
  const opening = openingChoices.map((choice) => ({ choice, scheme: choiceOf(choice).scheme }));
  return {
    panels: opening.map((panel, id) => ({ id, ...(chosen[id] ?? panel) })),
    sampling: { seed: 1, particles: 4096, levels },
    playback: { position: motion ? 0 : levels.steps, playing: motion, speed: 1 },
    paths: false,
    followNoise: true,
  };
}

function isEqual(one: NoiseLevels, other: NoiseLevels): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

export function runConfig({ scheme }: PanelState, { seed, particles, levels }: SamplingState): RunConfig {
  return { scheme: { ...scheme, levels }, seed, particles };
}
