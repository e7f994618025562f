// All that a visitor can set: plain data, so that it can be saved and shared. Views are functions of it. Elements show it and
// send events; only `Session` changes it. All panels share seed, particles, noise levels and data, hence one clock; everything
// else of a scheme is its panel's own.
import type { Chosen } from '../scheme/address.js';
import { type NoiseLevels, papersTree, type RunConfig, type Scheme } from '../scheme/scheme.js';
import { type LookState, openingLook } from '../plane/look.js';
import { planeSchemes } from '../plane/schemes.js';

export interface PanelState {
  /** Stays the same while the panel lives. */
  id: number;
  /** The kind of guide or the preset that was chosen: what may since have been changed of it is in `scheme`. */
  choice: string;
  /** Its noise levels are those of all panels: `SamplingState` has them. */
  scheme: Scheme;
  /** What was asked for, where its networks do not know the data: choice and scheme then stand for it. */
  standsFor?: Chosen;
}

/** What all panels share: one noise, one clock. */
export interface SamplingState {
  seed: number;
  particles: number;
  levels: NoiseLevels;
  /** What the data are, by name. */
  distribution: string;
}

export interface PlaybackState {
  /** Noise levels passed, 0 (noise) to the number of steps (data); fractions lie between two levels. */
  position: number;
  playing: boolean;
  /** 1 is the usual pace. */
  speed: number;
}

export interface State {
  /** One to `mostPanels` of them. */
  panels: PanelState[];
  sampling: SamplingState;
  playback: PlaybackState;
  look: LookState;
  /** Particles that are lit in all panels, by number. */
  linked: number[];
}

export const particleChoices = [512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536, 131_072];
/** Particles at the beginning, and where a graphics processor moves them. */
export const usualParticles = { few: 4096, many: 16_384 };
/** From so many on, points hide each other, and density shows more. */
export const crowded = 8192;
/** Coordinates that a view's middle and the ends of a line can have, either way: far beyond all that there is to see. */
export const farthestPlace = 1000;
/** More paths than that hide each other. */
export const mostLinked = 48;

const openingChoices = ['none', 'classifier-free', 'autoguidance'];

/** The opening view: three schemes on one noise, played once, or ended at once where motion is unwelcome. */
export function openingState(motion: boolean): State {
  const panels = openingChoices.map((choice, id) => ({ id, choice, scheme: planeSchemes.choiceOf(choice).scheme }));
  const levels = levelsOf(panels);
  return {
    panels,
    sampling: { seed: 1, particles: usualParticles.few, levels, distribution: papersTree },
    playback: { position: motion ? 0 : levels.steps, playing: motion, speed: 1 },
    look: openingLook,
    linked: [],
  };
}

/** The noise levels that schemes ask for: the first that are not the usual ones. */
export function levelsOf(chosen: readonly Pick<Chosen, 'scheme'>[]): NoiseLevels {
  const usual = planeSchemes.catalogue.schemes[0]!.scheme.levels;
  const isUsual = (levels: NoiseLevels) => JSON.stringify(levels) === JSON.stringify(usual);
  return chosen.map(({ scheme }) => scheme.levels).find((levels) => !isUsual(levels)) ?? usual;
}

export function runConfig({ scheme }: PanelState, { seed, particles, levels, distribution }: SamplingState): RunConfig {
  return { scheme: { ...scheme, levels }, seed, particles, distribution };
}
