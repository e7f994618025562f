// All that a visitor can set: plain data, so that it can be saved and shared. Views are functions of it. Elements show it and
// send events; only `Session` changes it. All panels share seed, noise levels and what their lab adds to these, hence one clock;
// everything else of a scheme is its panel's own.
import type { Configuration } from '../engine/backend.js';
import type { Chosen } from '../scheme/address.js';
import type { NoiseLevels, Scheme } from '../scheme/scheme.js';
import type { SchemeTable } from '../scheme/table.js';

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

/** What all panels share, in every lab: one noise, one clock. */
export interface SamplingState {
  seed: number;
  levels: NoiseLevels;
}

export interface PlaybackState {
  /** Noise levels passed, 0 (noise) to the number of steps (data); fractions lie between two levels. */
  position: number;
  playing: boolean;
  /** 1 is the usual pace. */
  speed: number;
}

/** What of a state differs from lab to lab. */
export interface StateTypes {
  /** What a run of a panel does. */
  config: Configuration;
  sampling: SamplingState;
  look: object;
}

export interface State<Of extends StateTypes = StateTypes> {
  /** One to `mostPanels` of them. */
  panels: PanelState[];
  sampling: Of['sampling'];
  playback: PlaybackState;
  /** How results are looked at: nothing of them depends on it. */
  look: Of['look'];
  /** Samples that are lit in all panels, by number. */
  linked: number[];
}

/** The noise levels that schemes ask for: the first that are not the usual ones. */
export function levelsOf({ catalogue }: SchemeTable, chosen: readonly Pick<Chosen, 'scheme'>[]): NoiseLevels {
  const usual = catalogue.schemes[0]!.scheme.levels;
  const isUsual = (levels: NoiseLevels) => JSON.stringify(levels) === JSON.stringify(usual);
  return chosen.map(({ scheme }) => scheme.levels).find((levels) => !isUsual(levels)) ?? usual;
}
