// Files of data that the plane can be saved as.
import type { DataFile } from '../../lab/lab.js';

export const files: readonly DataFile[] = [
  { type: 'particles.csv', name: 'Particles, CSV', meaning: 'Where they are at the step that is shown' },
  { type: 'trajectories.csv', name: 'Trajectories, CSV', meaning: 'Where they are at every step' },
  {
    type: 'json',
    name: 'Everything, JSON',
    meaning: 'Configuration, metrics and ends of all panels; opened here, it brings them back',
  },
  { type: 'trajectories.json', name: 'Trajectories, JSON', meaning: 'The same with whole paths' },
];
