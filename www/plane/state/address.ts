// What only the plane has in an address.
import type { LabBasis } from '../../state/lab.js';
import { flag, oneOf, unlessSame } from '../../state/part.js';
import { distributionOf } from '../distribution.js';
import { fieldNames } from '../explanation/settings.js';
import { usualShading } from './changes.js';
import type { PlaneKinds } from './kinds.js';
import type { LookState } from './look.js';
import { farthestPlace, particles } from './state.js';

type Parts = LabBasis<PlaneKinds>['parts'];

export const parts: Parts = {
  data: [
    {
      name: 'distribution',
      write: ({ sampling }, opening) => unlessSame(sampling.distribution, opening.sampling.distribution),
      read: (text) => ({ distribution: distributionOf(text) }),
      leave: (_, { sampling: { distribution } }) => ({ distribution }),
    },
  ],
  sampling: [
    {
      name: 'particles',
      write: ({ sampling }, opening) => unlessSame(String(sampling.particles), String(opening.sampling.particles)),
      read: (text) => ({ particles: Number(oneOf(text, particles.choices.map(String))) }),
      leave: (_, { sampling: { particles } }) => ({ particles }),
    },
  ],
  look: [
    {
      name: 'view',
      write: ({ look: { view } }) => view && [view.x, view.y, view.halfWidth].map(short).join(),
      read: (text) => {
        const [x, y, halfWidth] = numbers(text, 3) as [number, number, number];
        if (!(halfWidth > 0)) throw new Error('a view has to have a width');
        return { view: { x, y, halfWidth, halfHeight: halfWidth } };
      },
      leave: () => ({ view: null }),
    },
    flag<LookState>('follow', 'followNoise'),
    flag<LookState>('paths', 'paths'),
    flag<LookState>('coverage', 'coverage'),
    {
      name: 'shading',
      // Compared with what as many particles bring.
      write: ({ look, sampling }) => unlessSame(look.shading, usualShading(sampling.particles)),
      read: (text) => ({ shading: oneOf(text, ['points', 'density'] as const) }),
      leave: ({ sampling }) => ({ shading: usualShading(sampling.particles) }),
    },
    {
      name: 'field',
      write: ({ look }) => look.field,
      read: (text) => ({ field: oneOf(text, fieldNames) }),
      leave: () => ({ field: null }),
    },
    {
      name: 'cut',
      write: ({ look: { cut } }) => cut && [...cut.from, ...cut.to].map(short).join(),
      read: (text) => {
        const [x0, y0, x1, y1] = numbers(text, 4) as [number, number, number, number];
        return { cut: { from: [x0, y0], to: [x1, y1] } };
      },
      leave: () => ({ cut: null }),
    },
  ],
};

function numbers(text: string, count: number): number[] {
  const values = text.split(',').map((each) => (each.trim() === '' ? NaN : Number(each)));
  if (values.length !== count || values.some((value) => !Number.isFinite(value) || Math.abs(value) > farthestPlace)) {
    throw new Error(`${count} numbers within a thousand are needed`);
  }
  return values;
}

/** Digits that a picture can show. */
function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}
