// Rules that a person writes, as schemes have them. What a text means the compiler alone says, which is fetched where there is
// one (engine/rules): here it is a text with numbers and a name.

/** The combination `{ own: ... }` of a scheme. */
export interface OwnRule {
  /** What is compiled: a line or a few, the last of them the guided estimate. */
  text: string;
  /** Of its parameters by their names; the others have the values that the text gives them. */
  values?: Record<string, number>;
  /** What it is called. */
  name?: string | null;
}

export type OwnCombination = { own: OwnRule };

/** A name of the language; those of `main` and `guide` are vectors of the models. */
export interface RuleName {
  name: string;
  kind: 'number' | 'vector' | 'main' | 'guide' | 'memory' | 'function' | 'word' | 'answer';
}

/** What a network queue and a network store call the file that compiles and runs rules. */
export const rulesFile = 'own-rule';

/** The guided score of two, which other rules change. */
export const plainText = 's = s0 + w * (s1 - s0)';

/** Most bytes of a text, as the core has it, and letters of a name. */
export const longest = { text: 2000, name: 60 };

/** Whether a combination is to be a rule of one's own, and not one of the table. */
export function isOwn(combination: unknown): combination is OwnCombination {
  return typeof combination === 'object' && combination !== null && Object.keys(combination).join() === 'own';
}

/** The rule of a combination; null where that is one of the catalogue. */
export function ownOf(combination: unknown): OwnRule | null {
  return isOwn(combination) ? combination.own : null;
}

/** A combination with a rule; what it has not is left out, so that what is the same is the same text. */
export function withRule({ text, values = {}, name }: OwnRule): OwnCombination {
  return { own: { text, ...(Object.keys(values).length > 0 && { values }), ...(name && { name }) } };
}

/**
 * A combination with a rule from a description of it; throws a sentence where that has no text. Whether that is one, its compiler
 * says; what else is none of it is left out.
 */
export function readRule(given: unknown): OwnCombination {
  const { text, values, name } = (given ?? {}) as Record<string, unknown>;
  if (typeof text !== 'string' || new Blob([text]).size > longest.text) {
    throw new Error(`a rule of one’s own has a text of at most ${longest.text} letters`);
  }
  const numbers = Object.entries(values ?? {}).filter(([, value]) => Number.isFinite(value));
  return withRule({
    text,
    values: Object.fromEntries(numbers.slice(0, 4)) as Record<string, number>,
    name: typeof name === 'string' ? name.slice(0, longest.name) : '',
  });
}
