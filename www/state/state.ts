// All that a visitor can set: plain data, so that it can be saved and shared. Views are functions of it.
import type { Limits, RunConfig, Scheme, SchemeInfo } from '../../pkg/guidance_playground.js';

export interface PanelState {
  /** Stays the same while the panel lives. */
  id: number;
  schemeId: string;
  scheme: Scheme;
}

/** What all panels share: one noise, one solver, one clock. */
export interface SamplingState {
  seed: number;
  solver: RunConfig['solver'];
  steps: number;
  particles: number;
}

export interface PlaybackState {
  /** Noise levels passed, 0 (noise) to `steps` (data); fractions lie between two levels. */
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

const openingSchemes = ['none', 'classifier-free', 'autoguidance'];

/** The opening view: three schemes on one noise, played once, or ended at once where motion is unwelcome. */
export function openingState(schemes: SchemeInfo[], limits: Limits, motion: boolean): State {
  const steps = limits.steps.default;
  return {
    panels: openingSchemes
      .flatMap((id) => schemes.filter((info) => info.id === id))
      .map((info, index) => ({ id: index, schemeId: info.id, scheme: info.scheme })),
    sampling: { seed: 1, solver: 'heun', steps, particles: limits.particles.default },
    playback: { position: motion ? 0 : steps, playing: motion, speed: 1 },
    paths: false,
    followNoise: true,
  };
}

export function runConfig({ scheme }: PanelState, { seed, solver, steps, particles }: SamplingState): RunConfig {
  return { scheme, seed, solver, steps, particles };
}
