// How what pictures show becomes files.
import type { LabExports } from '../../lab/lab.js';
import type { ImagesViewKinds } from '../view.js';
import { writeJson, writeMetrics, writePictures, writeReadings } from './data.js';
import { files } from './files.js';
import { describeNetwork } from './network.js';
import { still } from './picture.js';

export const imagesExports: LabExports<ImagesViewKinds> = {
  files,
  writeData(source, type, patience) {
    if (type === 'metrics.csv') return writeMetrics(source, patience);
    if (type === 'readings.csv') return writeReadings(source, patience);
    return type === 'npz' ? writePictures(source, patience) : writeJson(source, patience);
  },
  still,
  async makeFilm(source, format, patience) {
    const { makeFilm } = await import('./film.js');
    return makeFilm(source, format, patience);
  },
  describeNetwork,
};
