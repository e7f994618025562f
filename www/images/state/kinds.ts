// The types that differ from lab to lab, as pictures have them.
import type { ImagesTypes } from '../engine/backend.js';
import type { ImagesEngine } from '../engine/engine.js';
import type { ImagesLook } from './look.js';
import type { ImagesSampling } from './state.js';

export interface ImagesKinds extends ImagesTypes {
  sampling: ImagesSampling;
  look: ImagesLook;
  engine: ImagesEngine;
}
