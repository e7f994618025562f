// What there is to see in each demonstration, in a few words: apart from them, since embeds in posts have no use for it.
import type { DemonstrationName } from './demonstrations.js';

export const demonstrationTitles: Readonly<Record<DemonstrationName, string>> = {
  opening: 'the same noise without guidance, with CFG and with autoguidance',
  weights: 'autoguidance with w = 1 (none), 2 and 4',
  overshoot: 'CFG with exact scores, w = 1 (none), 2 and 4',
  ratio: 'how much likelier class A is than both classes, at σ ≈ 0.3',
  guides: 'autoguidance by guides trained for 64, 512 and 4,096 iterations',
  moons: 'no guidance, CFG and sigma scaling on two moons, with exact scores',
  confound: 'CFG by a small, undertrained guide and by one as large as the main model',
  scaling: 'no guidance, then guides at 1.02, 1.10 and 1.20 times the noise',
  tails: 'heavy-tailed guides with ν = 4 and 10, beside a Gaussian one',
  repulsion: 'a heavy-tailed guide, ν = 4, with k = 1 and with k = 1.225',
  schedules: 'the same mean weight: static, rising and falling',
  cosine: 'the proposal’s cosine weights, g = 4, 6 and 8',
  interval: 'CFG at all noise levels, and at the middle ones only',
  crowding: 'outliers gone, and branches with them: k = 1.20 beside no guidance',
};
