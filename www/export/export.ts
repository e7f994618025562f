// What an instrument shows, as the content of a file.
import { writeJson, writeParticles, writeTrajectories } from './data.js';
import { untilSettled, type ExportSource } from './export-source.js';
import { drawPng, drawSvg } from './picture.js';
import { filmFormats, type DataType, type ImageType, type Patience } from './request.js';

/** A picture of this moment, or a film from noise to data; rejects with an AdvisedError, or with the signal's reason. */
export async function exportImage(source: ExportSource, type: ImageType, patience: Patience = {}): Promise<Blob> {
  if (type !== 'png' && type !== 'svg') {
    const { makeFilm } = await import('./film.js');
    return makeFilm(source, type, patience);
  }
  await untilSettled(source, patience.signal);
  return type === 'png' ? drawPng(source) : drawSvg(source);
}

/** Particles, trajectories, or everything with the metrics; rejects in the same way. */
export function exportData(source: ExportSource, type: DataType, patience: Patience = {}): Promise<Blob> {
  if (type === 'particles.csv') return writeParticles(source, patience);
  if (type === 'trajectories.csv') return writeTrajectories(source, patience);
  return writeJson(source, type === 'trajectories.json', patience);
}

export function isImage(type: ImageType | DataType): type is ImageType {
  return type === 'png' || type === 'svg' || (filmFormats as readonly string[]).includes(type);
}
