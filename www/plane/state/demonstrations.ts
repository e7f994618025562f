// Views that show something: what the article's “Show me” buttons set the instrument to, and embeds by the name of a preset.
import type { Demonstration } from '../../state/lab.js';
import { openingLook } from './look.js';
import type { PlaneKinds } from './kinds.js';

/** Nothing that an earlier demonstration laid over the particles; the tool stays in hand. */
const { tool: _, ...plain } = openingLook;

const exact = (weight: number) => ({
  main: { model: 'exact', condition: 'A' },
  ...(weight === 1 ? {} : { guide: { model: 'exact', condition: 'AB' }, weight }),
});
const guidedBy = (model: string, weight: number) => ({ guide: { model }, weight });
const scaled = (schedule: string) => ({ guide: { model: 'main-64-4096', sigmaScale: 1.1 }, weight: 3, schedule });
/** Trained: exact ones of Student's t take minutes without a graphics processor. */
const heavyTail = (model: string, sigmaScale: number) => ({ guide: { model, sigmaScale }, weight: 3 });

export const demonstrations = {
  opening: { schemes: ['none', 'classifier-free', 'autoguidance'], look: plain, play: true },
  weights: {
    schemes: [guidedBy('guide-32-0512', 1), guidedBy('guide-32-0512', 2), guidedBy('guide-32-0512', 4)],
    look: plain,
  },
  overshoot: { schemes: [exact(1), exact(2), exact(4)], look: plain, play: true },
  ratio: {
    schemes: [exact(2), exact(4)],
    look: { ...plain, field: 'ratio', cut: { from: [-0.6, -0.6], to: [1, 1] } },
    sigma: 0.3,
  },
  guides: {
    schemes: [guidedBy('guide-32-0064', 3), guidedBy('guide-32-0512', 3), guidedBy('guide-32-4096', 3)],
    look: plain,
  },
  moons: { schemes: ['none', 'classifier-free', 'sigma-scaling'], sampling: { distribution: 'two-moons' }, look: plain, play: true },
  confound: { schemes: ['cfg-toy', 'cfg-large'], look: plain },
  scaling: { schemes: ['none', 'ht-1.02', 'ht-1.10', 'ht-1.20'], look: plain },
  tails: {
    schemes: [heavyTail('tail-64-nu4', 1.25), heavyTail('tail-64-nu10', 1.1), 'ht-1.10'],
    look: plain,
  },
  repulsion: {
    schemes: [heavyTail('tail-64-nu4', 1), heavyTail('tail-64-nu4', 1.225)],
    look: { ...plain, field: 'difference' },
    sigma: 0.1,
  },
  schedules: { schemes: [scaled('static'), scaled('cosine'), scaled('sine')], look: plain },
  cosine: { schemes: ['ht-cosine-4', 'ht-cosine-6', 'ht-cosine-8'], look: plain, play: true },
  interval: { schemes: ['cfg-toy', 'li'], look: plain },
  crowding: { schemes: ['none', 'ht-1.20'], look: plain },
} as const satisfies Record<string, Demonstration<PlaneKinds>>;

export type DemonstrationName = keyof typeof demonstrations;
