// What the plane brings to the state, as a lab.
import { papersTree } from '../../scheme/scheme.js';
import { fitTo, knows } from '../../scheme/fit.js';
import type { LabBasis } from '../../state/lab.js';
import { describeStandIn } from '../../text/stand-in.js';
import { nameOfData } from '../distribution.js';
import { planeSchemes } from '../schemes.js';
import { parts } from './address.js';
import { bound, lookAfter } from './changes.js';
import { demonstrations } from './demonstrations.js';
import { openingLook } from './look.js';
import type { PlaneKinds } from './kinds.js';
import { openingSampling, particles } from './state.js';

export const planeBasis: LabBasis<PlaneKinds> = {
  id: 'plane',
  name: 'Plane',
  schemes: planeSchemes,
  opening: { choices: ['none', 'classifier-free', 'autoguidance'], sampling: openingSampling, look: openingLook },
  samples: particles,
  scales: [1, 2, 4],
  parts,
  demonstrations,
  shownOn: { distribution: papersTree },
  runConfig: ({ scheme }, { seed, particles, levels, distribution }) => ({ scheme: { ...scheme, levels }, seed, particles, distribution }),
  samplingOf: ({ scheme, seed, particles, distribution }) => ({ seed, particles, levels: scheme.levels, distribution }),
  nameOfData: ({ distribution }) => nameOfData(distribution),
  knows: (model, { distribution }) => knows(planeSchemes, model, distribution),
  describeStandIn: (panel) => describeStandIn(planeSchemes, panel),
  isSameData: (one, other) => one.distribution === other.distribution,
  fit: (wish, { distribution }) => fitTo(planeSchemes, wish, distribution),
  bound,
  lookAfter,
};
