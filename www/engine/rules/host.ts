// In a worker, or wherever else a core is: the program that its rules of one's own are run by.
import { AdvisedError } from '../failure.js';
import { instantiate, type Module } from './module.js';
import { ownOf } from '../../scheme/own-rule.js';

declare global {
  /** What the core asks. */
  var ownRules: Module['asked'] | undefined;
}

let module: Module | undefined;

/** Whether a scheme waits for the program. */
export function awaitsRules({ combination }: { combination?: unknown }): boolean {
  return !module && ownOf(combination) !== null;
}

export function hostRules(bytes: Uint8Array): void {
  module = instantiate(new WebAssembly.Module(bytes as BufferSource));
  globalThis.ownRules = module.asked;
}

/** A scheme as the core takes it, with the number of its rule in place of the text. Throws of a text that is no rule. */
export function hosted<Scheme extends { combination?: unknown }>(scheme: Scheme): Scheme {
  const own = ownOf(scheme.combination);
  if (!own) return scheme;
  const rule = module!.open(own);
  if (rule < 0) throw new AdvisedError('invalid', module!.said(-rule), 'Change the rule, or choose another combination.');
  return { ...scheme, combination: { own: { rule } } };
}
