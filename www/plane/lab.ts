// The plane as a lab.
import type { LabWithEngine } from '../state/lab.js';
import { PlaneEngine } from './engine/engine.js';
import { planeBasis } from './state/lab.js';
import type { PlaneKinds } from './state/state.js';

export const plane: LabWithEngine<PlaneKinds> = {
  ...planeBasis,
  engine: (wish, changed) => new PlaneEngine(wish, changed),
};
