// Rules of one's own that panels have, compiled: their parameters are then known. Fetched for the first of them.
import { openCompiler } from '../engine/rules/compiler.js';
import type { Mistake, RuleParameter } from '../engine/rules/module.js';
import { ownOf } from '../scheme/own-rule.js';
import { parametersOfRules, type Control } from '../scheme/table.js';
import { withValues } from './rule-values.js';
import type { PanelState, State } from './state.js';

/** What is wrong with a text, of which its parameters are known from now on; null of a rule. Rejects where nothing can be compiled. */
export async function compileRule(text: string): Promise<Mistake | null> {
  const compiler = await openCompiler();
  const told = compiler.compile(text);
  const isMistake = 'problem' in told;
  parametersOfRules.set(text, isMistake ? [] : told.parameters.map(controlOf));
  return isMistake ? told : null;
}

function controlOf(parameter: RuleParameter): Control {
  const { symbol, from, to } = parameter;
  const name = `The parameter ${symbol} of the rule`;
  return { ...parameter, name, least: from, greatest: to, whole: false, path: `/own/values/${symbol}` };
}

/** Finds out what the rules of panels declare, by which a state then says all values. Where none can be compiled, runs say so. */
export async function learnRules(panels: readonly PanelState[]): Promise<<S extends State>(state: S) => S> {
  const texts = panels.flatMap(({ scheme }) => ownOf(scheme.combination)?.text ?? []);
  await Promise.all(
    texts.filter((text) => !parametersOfRules.has(text)).map((text) => compileRule(text).catch(() => parametersOfRules.set(text, []))),
  );
  return withValues;
}
