// Options, of points and of pictures: checked, in sentences.
import { AdvisedError } from '../engine/failure.js';

export function invalid(message: string, advice: string): AdvisedError {
  return new AdvisedError('invalid', message, advice);
}

/** What options there are, and what each has to be; the core looks at numbers. */
const forms = {
  particles: null,
  seed: null,
  pictures: null,
  scheme: null,
  classes: null,
  hidden: null,
  iterations: null,
  batch: null,
  degreesOfFreedom: null,
  engine: null,
  workers: null,
  prompt: { words: 'a text', fits: (value: unknown) => typeof value === 'string' },
  distribution: { words: 'a name', fits: (value: unknown) => typeof value === 'string' },
  paths: { words: 'true or false', fits: (value: unknown) => typeof value === 'boolean' },
  progress: { words: 'a function', fits: (value: unknown) => typeof value === 'function' },
  snapshot: { words: 'a function', fits: (value: unknown) => typeof value === 'function' },
  signal: { words: 'an AbortSignal', fits: (value: unknown) => value instanceof AbortSignal },
};

/** Refuses options that a function has not, or that are something else. */
export function checkOptions(given: object, known: (keyof typeof forms)[]): void {
  const advice = `The options are ${known.join(', ')}.`;
  if (typeof given !== 'object' || given === null) throw invalid('The options have to be an object.', advice);
  for (const [name, value] of Object.entries(given)) {
    const option = known.find((option) => option === name);
    if (!option) throw invalid(`There is no option “${name}”.`, advice);
    const form = forms[option];
    if (value !== undefined && form && !form.fits(value)) throw invalid(`The option “${name}” has to be ${form.words}.`, advice);
  }
}
