// What can be asked of exports, and how their work is watched.

export const filmFormats = ['gif', 'webm', 'mp4'] as const;
export type FilmFormat = (typeof filmFormats)[number];

export type ImageType = 'png' | 'svg' | FilmFormat;
export type DataType = 'particles.csv' | 'trajectories.csv' | 'json' | 'trajectories.json';

export interface Patience {
  signal?: AbortSignal;
  /** Hears how far it is, 0 to 1. */
  progress?: (fraction: number) => void;
}
