// A rule of one's own as text that one types: its words by what they mean, completion, and places in it.
import { plainText, type OwnRule, type RuleName } from '../scheme/own-rule.js';
import { at } from '../scheme/pointer.js';
import type { Variant, VariantValue } from '../scheme/table.js';

/** A combination of the table as a rule of one's own, with its numbers; the plain one where it cannot be said so. */
export function ruleOf({ text, parameters }: Variant, value: VariantValue): OwnRule {
  if (text === undefined) return { text: plainText };
  const named = parameters.map(({ path }): [string, number] => [path.slice(path.lastIndexOf('/') + 1), at(value, path) as number]);
  return { text, values: Object.fromEntries(named.filter(([name]) => text.includes(`param ${name} `))) };
}

export interface RuleToken {
  text: string;
  /** Nothing of signs and spaces. */
  kind: RuleName['kind'] | 'remark' | 'literal' | 'named' | '';
}

const token = /(#.*)|([A-Za-z_]\w*)|(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)|(\s+|.)/gi;

/** A text in pieces, which are the text again. */
export function ruleTokens(text: string, names: readonly RuleName[]): RuleToken[] {
  const kinds = new Map(names.map(({ name, kind }) => [name, kind]));
  return Array.from(text.matchAll(token), ([piece, remark, name, number]): RuleToken => {
    if (remark) return { text: piece, kind: 'remark' };
    if (name) return { text: piece, kind: kinds.get(name) ?? 'named' };
    return { text: piece, kind: number ? 'literal' : '' };
  });
}

/** The name that is being typed before a place in a text. */
export function nameBefore(text: string, caret: number): string {
  const line = text.slice(text.lastIndexOf('\n', caret - 1) + 1, caret);
  return line.includes('#') ? '' : (/(?<![\w.])[A-Za-z_]\w*$/.exec(line)?.[0] ?? '');
}

/** More would not be looked through. */
const mostCompletions = 8;

/** Names that begin as the one before the caret does, those of the text first; none where it is one and no beginning of another. */
export function completeRule(text: string, caret: number, names: readonly RuleName[]): RuleName[] {
  const begun = nameBefore(text, caret);
  if (!begun) return [];
  const given = text.matchAll(/(?:^|[;\n])[ \t]*(?:param[ \t]+)?([A-Za-z_]\w*)[ \t]*=/g);
  const own = Array.from(given, ([, name]): RuleName => ({ name: name!, kind: 'number' })).filter(
    ({ name }) => !names.some((each) => each.name === name),
  );
  const all = [...new Map([...own, ...names].map((each) => [each.name, each])).values()];
  const lower = begun.toLowerCase();
  const found = all.filter(({ name }) => name !== begun && name.toLowerCase().startsWith(lower));
  return found.slice(0, mostCompletions);
}

/** From where to where so many letters reach from a place, counted from 1; at least one letter, if there is any. */
export function placeIn(text: string, { line, column, length }: { line: number; column: number; length: number }): [number, number] {
  const lines = text.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, before) => sum + before.length + 1, 0);
  const letters = [...(lines[line - 1] ?? '')];
  const from = Math.min(column - 1, length === 0 ? letters.length - 1 : letters.length);
  const before = letters.slice(0, Math.max(from, 0)).join('').length;
  const marked = letters.slice(Math.max(from, 0), Math.max(from, 0) + Math.max(length, 1)).join('').length;
  return [start + before, start + before + marked];
}
