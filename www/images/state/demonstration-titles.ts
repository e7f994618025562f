// What there is to see in each demonstration, in a few words: apart from them, since embeds in posts have no use for it.
import type { demonstrations } from './demonstrations.js';

export const demonstrationTitles: Readonly<Record<keyof typeof demonstrations, string>> = {
  astronaut: 'an astronaut riding a horse, which networks have never seen: no guidance, CFG, and CFG at the middle noise levels',
  weights: 'CFG with w = 1 (none), 2, 4 and 8',
  canonical: 'no guidance beside CFG with w = 8: how often styles and backgrounds are drawn',
  rising: 'CFG with the same mean weight: static, rising linearly and as a cosine',
  early: 'CFG at all noise levels, and at the middle ones only',
  falling: 'CFG with the same mean weight: static, falling linearly and as a cosine',
  multiplier: 'CFG with its guide at 1.2, 1.4 and 1.6 times the noise',
  cosine: 'CFG with its guide at 1.2, 1.4 and 1.6 times the noise, and weights that rise as a cosine',
  alone: 'no guidance, then the model itself at 1.4 times the noise as guide: scores mixed, and denoised estimates mixed',
  carries: 'no guidance, temporal score rescaling and autoguidance: two that do well on the plane',
  exact: 'CFG with exact scores, w = 1 (none), 4 and 8: guidance without network error',
};
