// Views that show something: what the article's “Show me” buttons set the instrument to, and embeds by the name of a preset.
import type { Demonstration } from '../../state/lab.js';
import type { ImagesKinds } from './kinds.js';
import { openingLook } from './look.js';

const look = openingLook;

const exact = (weight: number) => ({
  main: { model: 'exact', condition: null },
  ...(weight === 1 ? {} : { guide: { model: 'exact', condition: 'anything' }, weight }),
});

/** In the order of the report. */
export const demonstrations = {
  astronaut: { schemes: ['none', 'cfg4', 'cfg4-interval'], sampling: { prompt: 'an astronaut riding a horse' }, look, play: true },
  weights: { schemes: ['none', 'cfg2', 'cfg4', 'cfg8'], sampling: { prompt: 'a rocket' }, look, play: true },
  canonical: { schemes: ['none', 'cfg8'], sampling: { prompt: 'a rocket' }, look: { ...look, shares: true } },
  rising: { schemes: ['cfg4', 'cfg4-linear', 'cfg4-cosine'], sampling: { prompt: 'a rocket' }, look },
  early: { schemes: ['cfg4', 'cfg4-interval', 'none'], sampling: { prompt: 'a rocket' }, look: { ...look, shares: true } },
  falling: { schemes: ['cfg4', 'cfg4-inverse', 'cfg4-sine'], sampling: { prompt: 'a rocket' }, look: { ...look, shares: true } },
  multiplier: { schemes: ['none', 'cfg4', 'cfg4-k1.2', 'cfg4-k1.4', 'cfg4-k1.6'], sampling: { prompt: 'a rocket' }, look },
  cosine: { schemes: ['cfg4-k1.2-cosine', 'cfg4-k1.4-cosine', 'cfg4-k1.6-cosine'], sampling: { prompt: 'a rocket' }, look },
  alone: { schemes: ['none', 'k1.4-scores', 'k1.4-estimates'], sampling: { prompt: 'a rocket' }, look },
  carries: { schemes: ['none', 'tsr', 'autoguidance'], sampling: { prompt: 'a rocket' }, look },
  exact: { schemes: [exact(1), exact(4), exact(8)], sampling: { prompt: 'a rocket' }, look: { ...look, shares: true } },
} satisfies Record<string, Demonstration<ImagesKinds>>;
