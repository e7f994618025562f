// Pictures from a prompt as a lab.
import type { Lab } from '../lab/lab.js';
import { ImagesEngine } from './engine/engine.js';
import { imagesMetrics } from './metrics.js';
import { imagesBasis } from './state/lab.js';
import { ImagesView, type ImagesViewKinds } from './view.js';

export const images: Lab<ImagesViewKinds> = {
  ...imagesBasis,
  engine: (wish, changed) => new ImagesEngine(wish, changed),
  metrics: imagesMetrics,
  view: (session, changed) => new ImagesView(session, changed),
  async explorer(session) {
    const { ImagesExplorer } = await import('./explorer.js');
    return new ImagesExplorer(session);
  },
  async exports() {
    const { imagesExports } = await import('./export/exports.js');
    return imagesExports;
  },
};
