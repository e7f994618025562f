// Views that show something: what the article's “Show me” buttons set the instrument to, and figures by the name of a preset.
import type { Demonstration } from './demonstration.js';
import { openingLook } from './look.js';

export interface Shown {
  /** What there is to see, in a few words. */
  title: string;
  demonstration: Demonstration;
}

/** Nothing that an earlier demonstration laid over the particles; the tool stays in hand. */
const { tool: _, ...plain } = openingLook;

const exact = (weight: number) => ({
  main: 'exact:A',
  ...(weight === 1 ? {} : { guide: { model: 'exact:AB' }, weight }),
});
const guidedBy = (model: string, weight: number) => ({ guide: { model }, weight });
const scaled = (schedule: string) => ({ guide: { model: 'main-A64-4096', sigmaScale: 1.1 }, weight: 3, schedule });
/** Trained: exact ones of Student's t take minutes without a graphics processor. */
const heavyTail = (model: string, sigmaScale: number) => ({ guide: { model, sigmaScale }, weight: 3 });

export const demonstrations = {
  opening: {
    title: 'the same noise without guidance, with CFG and with autoguidance',
    demonstration: { schemes: ['none', 'classifier-free', 'autoguidance'], look: plain, play: true },
  },
  weights: {
    title: 'autoguidance with w = 1 (none), 2 and 4',
    demonstration: {
      schemes: [guidedBy('guide-A32-0512', 1), guidedBy('guide-A32-0512', 2), guidedBy('guide-A32-0512', 4)],
      look: plain,
    },
  },
  overshoot: {
    title: 'CFG with exact scores, w = 1 (none), 2 and 4',
    demonstration: { schemes: [exact(1), exact(2), exact(4)], look: plain, play: true },
  },
  ratio: {
    title: 'how much likelier class A is than both classes, at σ ≈ 0.3',
    demonstration: {
      schemes: [exact(2), exact(4)],
      look: { ...plain, field: 'ratio', cut: { from: [-0.6, -0.6], to: [1, 1] } },
      sigma: 0.3,
    },
  },
  guides: {
    title: 'autoguidance by guides trained for 64, 512 and 4,096 iterations',
    demonstration: {
      schemes: [guidedBy('guide-A32-0064', 3), guidedBy('guide-A32-0512', 3), guidedBy('guide-A32-4096', 3)],
      look: plain,
    },
  },
  confound: {
    title: 'CFG by a small, undertrained guide and by one as large as the main model',
    demonstration: { schemes: ['cfg-toy', 'cfg-large'], look: plain },
  },
  scaling: {
    title: 'no guidance, then guides at 1.02, 1.10 and 1.20 times the noise',
    demonstration: { schemes: ['none', 'ht-1.02', 'ht-1.10', 'ht-1.20'], look: plain },
  },
  tails: {
    title: 'heavy-tailed guides with ν = 4 and 10, beside a Gaussian one',
    demonstration: {
      schemes: [heavyTail('tail-A64-nu4', 1.25), heavyTail('tail-A64-nu10', 1.1), 'ht-1.10'],
      look: plain,
    },
  },
  repulsion: {
    title: 'a heavy-tailed guide, ν = 4, with k = 1 and with k = 1.225',
    demonstration: {
      schemes: [heavyTail('tail-A64-nu4', 1), heavyTail('tail-A64-nu4', 1.225)],
      look: { ...plain, field: 'difference' },
      sigma: 0.1,
    },
  },
  schedules: {
    title: 'the same mean weight: static, rising and falling',
    demonstration: { schemes: [scaled('static'), scaled('cosine'), scaled('sine')], look: plain },
  },
  cosine: {
    title: 'the proposal’s cosine weights, g = 4, 6 and 8',
    demonstration: { schemes: ['ht-cosine-4', 'ht-cosine-6', 'ht-cosine-8'], look: plain, play: true },
  },
  interval: {
    title: 'CFG at all noise levels, and at the middle ones only',
    demonstration: { schemes: ['cfg-toy', 'li'], look: plain },
  },
  crowding: {
    title: 'outliers gone, and branches with them: k = 1.20 beside no guidance',
    demonstration: { schemes: ['none', 'ht-1.20'], look: plain },
  },
} as const satisfies Record<string, Shown>;

export type DemonstrationName = keyof typeof demonstrations;

export function isDemonstration(name: string): name is DemonstrationName {
  return Object.hasOwn(demonstrations, name);
}
