// The types that differ from lab to lab, as the plane has them.
import type { PlaneTypes } from '../engine/backend.js';
import type { PlaneEngine } from '../engine/engine.js';
import type { LookState } from './look.js';
import type { PlaneSampling } from './state.js';

export interface PlaneKinds extends PlaneTypes {
  sampling: PlaneSampling;
  look: LookState;
  engine: PlaneEngine;
}
