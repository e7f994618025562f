// How what the plane shows becomes files.
import type { LabExports } from '../../lab/lab.js';
import type { PlaneViewKinds } from '../view.js';
import { writeJson, writeParticles, writeTrajectories } from './data.js';
import { files } from './files.js';
import { dataOf, describeNetwork } from './network.js';
import { still } from './picture.js';

export const planeExports: LabExports<PlaneViewKinds> = {
  files,
  async writeData(source, type, patience) {
    if (type === 'particles.csv') return writeParticles(source, patience);
    if (type === 'trajectories.csv') return writeTrajectories(source, patience);
    return writeJson(source, type === 'trajectories.json', patience);
  },
  still,
  async makeFilm(source, format, patience) {
    const { makeFilm } = await import('./film.js');
    return makeFilm(source, format, patience);
  },
  async readData(text) {
    const { bring } = await import('../own-data/brought.js');
    return { distribution: await bring(text) };
  },
  describeNetwork,
  dataOf,
};
