// The plane as a lab.
import type { DataFile, Lab } from '../lab/lab.js';
import { PlaneEngine } from './engine/engine.js';
import { planeMetrics } from './metrics.js';
import { planeBasis } from './state/lab.js';
import { PlaneView, type PlaneViewKinds } from './view.js';

const files: readonly DataFile[] = [
  { type: 'particles.csv', name: 'Particles, CSV', meaning: 'Where they are at the step that is shown' },
  { type: 'trajectories.csv', name: 'Trajectories, CSV', meaning: 'Where they are at every step' },
  {
    type: 'json',
    name: 'Everything, JSON',
    meaning: 'Configuration, metrics and ends of all panels; opened here, it brings them back',
  },
  { type: 'trajectories.json', name: 'Trajectories, JSON', meaning: 'The same with whole paths' },
];

export const plane: Lab<PlaneViewKinds> = {
  ...planeBasis,
  engine: (wish, changed) => new PlaneEngine(wish, changed),
  metrics: planeMetrics,
  view: (session, changed) => new PlaneView(session, changed),
  async explorer(session, view) {
    const { PlaneExplorer } = await import('./explorer.js');
    return new PlaneExplorer(session, view);
  },
  files,
  async exports() {
    const { planeExports } = await import('./export/exports.js');
    return planeExports;
  },
};
