// How what the plane shows becomes files.
import type { LabExports } from '../../lab/lab.js';
import { AdvisedError } from '../../engine/failure.js';
import { isDrawing } from '../strokes.js';
import type { PlaneViewKinds } from '../view.js';
import { writeJson, writeParticles, writeTrajectories } from './data.js';
import { files } from './files.js';
import { describeNetwork } from './network.js';
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
    const { readData } = await import('../own-data/ask.js');
    const distribution = await readData(text);
    // A core that takes points would be more than an embed may weigh.
    if (!isDrawing(distribution))
      throw new AdvisedError(
        'points',
        'The page samples named data and drawings, and no points.',
        'The command does: --data and the file.',
      );
    return { distribution };
  },
  describeNetwork,
};
