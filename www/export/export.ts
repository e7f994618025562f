// What an instrument shows, as the content of a file.
import { writeJson, writeParticles, writeTrajectories } from './data.js';
import { untilSettled, type Exhibit } from './exhibit.js';
import { drawPng, drawSvg } from './picture.js';
import { filmFormats, type DataType, type ImageType, type Patience } from './request.js';

/** A picture of this moment, or a film from noise to data; rejects with an AdvisedError, or with the signal's reason. */
export async function exportImage(exhibit: Exhibit, type: ImageType, patience: Patience = {}): Promise<Blob> {
  if (type !== 'png' && type !== 'svg') {
    const { makeFilm } = await import('./film.js');
    return makeFilm(exhibit, type, patience);
  }
  await untilSettled(exhibit, patience.signal);
  return type === 'png' ? drawPng(exhibit) : drawSvg(exhibit);
}

/** Particles, trajectories, or everything with the figures; rejects in the same way. */
export function exportData(exhibit: Exhibit, type: DataType, patience: Patience = {}): Promise<Blob> {
  if (type === 'particles.csv') return writeParticles(exhibit, patience);
  if (type === 'trajectories.csv') return writeTrajectories(exhibit, patience);
  return writeJson(exhibit, type === 'trajectories.json', patience);
}

export function isImage(type: ImageType | DataType): type is ImageType {
  return type === 'png' || type === 'svg' || (filmFormats as readonly string[]).includes(type);
}
