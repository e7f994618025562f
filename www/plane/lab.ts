// The plane as a lab.
import type { Lab } from '../lab/lab.js';
import { PlaneEngine } from './engine/engine.js';
import { planeMetrics } from './metrics.js';
import { planeBasis } from './state/lab.js';
import { PlaneView, type PlaneViewKinds } from './view.js';

export const plane: Lab<PlaneViewKinds> = {
  ...planeBasis,
  engine: (wish, changed) => new PlaneEngine(wish, changed),
  metrics: planeMetrics,
  view: (session, changed) => new PlaneView(session, changed),
  async explorer(session, view) {
    const [{ PlaneExplorer }, pointing] = await Promise.all([import('./explorer.js'), view.point()]);
    return new PlaneExplorer(session, view, pointing);
  },
  async exports() {
    const { planeExports } = await import('./export/exports.js');
    return planeExports;
  },
};
