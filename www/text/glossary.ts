// The terms that the page explains wherever it uses them: one table. Metrics are terms, too.
import meanings from './metric-meanings.json' with { type: 'json' };
import { allMetrics, type MetricId } from './metrics.js';

export interface Term {
  title: string;
  /** One or two sentences. */
  text: string;
}

const terms = {
  score: {
    title: 'Score',
    text: 'The gradient of the log-density, s = ∇ log p(x; σ): an arrow towards where data is denser. A denoising network amounts to one.',
  },
  'main-model': { title: 'Main model', text: 'The model that one wants samples of: here of class A, score s1.' },
  guide: {
    title: 'Guide',
    text: 'A second, lesser model, score s0. Guidance pushes particles away from where the guide would take them.',
  },
  weight: {
    title: 'Guidance weight w',
    text: 'How far the score is moved from the guide to the main model and past it: s0 + w (s1 − s0). w = 1 is no guidance. Some papers count from there and write ω = w − 1.',
  },
  'noise-level': {
    title: 'Noise level σ',
    text: 'Standard deviation of the Gaussian noise that is added to the data. Sampling begins at the greatest σ and ends at none.',
  },
  denoised: {
    title: 'Denoised estimate D',
    text: 'The mean of all data that the noisy point may have come from: D = x + σ² s.',
  },
  'exact-score': {
    title: 'Exact score',
    text: 'The data are a mixture of Gaussians, so their score at any noise level is a formula. With it there is no network error: what is left is what guidance does.',
  },
  network: { title: 'Network', text: 'The paper’s small denoiser of the tree: five layers, 4,225 or 16,641 parameters.' },
  autoguidance: {
    title: 'Autoguidance',
    text: 'Guidance by a worse version of the main model: smaller, or trained for less long.',
  },
  cfg: {
    title: 'Classifier-free guidance (CFG)',
    text: 'Guidance by a model that does not know the class; here it has learned A and B together.',
  },
  result: {
    title: 'Result',
    text: 'The run in the picture, ± its standard error. Next to it: ≈ where it lies within two standard deviations of a perfect sampler’s, and so may be chance; else > or <.',
  },
  'result-over-seeds': {
    title: 'Result',
    text: 'The run in the picture, ± its standard error; below it the mean over several seeds, this one among them, ± the standard deviation from seed to seed.',
  },
  'noise-floor': {
    title: 'Noise floor',
    text: 'What a perfect sampler would score with as many particles. A figure at its floor cannot be told from perfection.',
  },
  seed: { title: 'Seed', text: 'The number that all noise is made from: the same seed gives every scheme the same starts.' },
  heun: {
    title: 'Heun’s method',
    text: 'Second-order steps along the sampling curve: a step of Euler’s method, then again with the mean of the slopes at both ends.',
  },
  evaluations: {
    title: 'Model evaluations',
    text: 'How often a model is evaluated for one particle: the cost of a scheme. Heun’s 32 steps take 63; a guide doubles that.',
  },
  'sigma-scaling': {
    title: 'Sigma scaling',
    text: 'Guidance by the main model itself, told that the noise is k times as large: it sees smoother data.',
  },
  'student-t': {
    title: 'Student’s t',
    text: 'Noise with heavy tails: far values are more frequent than under a Gaussian, the more so the smaller ν is. At ν = ∞ it is Gaussian.',
  },
  schedule: {
    title: 'Schedule',
    text: 'The weight as a function of time: strong where guidance helps, weak where it harms.',
  },
} as const satisfies Record<string, Term>;

export type TermName = keyof typeof terms | MetricId;

const metrics = allMetrics.map(({ id, label: title }): [MetricId, Term] => [id, { title, text: meanings[id] }]);

export const glossary = { ...terms, ...Object.fromEntries(metrics) } as Record<TermName, Term>;

export function isTerm(name: string): name is TermName {
  return Object.hasOwn(glossary, name);
}
