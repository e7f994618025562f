// Files of data that pictures can be saved as.
import type { DataFile } from '../../lab/lab.js';

export const files: readonly DataFile[] = [
  { type: 'metrics.csv', name: 'Metrics, CSV', meaning: 'A row for each panel, with standard errors and what a perfect sampler has' },
  { type: 'readings.csv', name: 'Readings, CSV', meaning: 'What is seen in each picture, and how far it is from the nearest true one' },
  {
    type: 'json',
    name: 'Everything, JSON',
    meaning: 'Configuration, metrics and readings of all panels; opened here, it brings them back',
  },
  { type: 'npz', name: 'Pictures, NPZ', meaning: 'As they are shown, as numbers for NumPy: an array for each panel' },
];
