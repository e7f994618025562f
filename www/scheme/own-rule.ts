// A rule that a person writes, as schemes have it.

/** The combination `{ own: ... }` of a scheme. */
export interface OwnRule {
  /** What is compiled: a line or a few, the last of them the guided estimate. */
  text: string;
  /** Of its parameters by their names; the others have the values that the text gives them. */
  values?: Record<string, number>;
  /** What it is called. */
  name?: string | null;
}

/** The rule of a combination; null where that is one of the catalogue. */
export function ownOf(combination: unknown): OwnRule | null {
  return (combination as { own?: OwnRule } | undefined)?.own ?? null;
}

/** What a network queue and a network store call the file that compiles and runs rules. */
export const rulesFile = 'own-rule';
