// Values of the parameters that rules of one's own have.
import { ownOf, withRule } from '../scheme/own-rule.js';
import type { Scheme } from '../scheme/scheme.js';
import { parametersOfRules } from '../scheme/table.js';
import { setScheme } from './changes.js';
import type { State } from './state.js';

/** A state whose rules say all values of their parameters: the same where they do so, or these are not known. */
export function withValues<S extends State>(state: S): S {
  return state.panels.reduce((changed, { id, scheme }) => {
    const filled = filledIn(scheme);
    return filled === scheme ? changed : setScheme(changed, id, filled);
  }, state);
}

function filledIn(scheme: Scheme): Scheme {
  const rule = ownOf(scheme.combination);
  const lacking = rule && parametersOfRules.get(rule.text)?.filter(({ symbol }) => rule.values?.[symbol] === undefined);
  if (!lacking || lacking.length === 0) return scheme;
  const values = Object.fromEntries(lacking.map(({ symbol, default: value }) => [symbol, value]));
  return { ...scheme, combination: withRule({ ...rule, values: { ...rule.values, ...values } }) };
}
