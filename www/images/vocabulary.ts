// Words of prompts, as the core's table of pictures has them.

/** Somebody who rides, or what is ridden, and the styles in which there are pictures of that; of a pair those that both have. */
export interface Rider {
  name: string;
  styles: string[];
}

export interface Vocabulary {
  concepts: string[];
  styles: string[];
  /** Colours are red, green and blue, from 0 to 1. */
  backgrounds: { name: string; colour: [number, number, number] }[];
  riders: Rider[];
  mounts: Rider[];
  /** Rider and mount of pictures that no network has been trained on. */
  unseen: [string, string][];
  /** Words that say nothing. */
  skipped: string[];
  /** What stands between a rider and a mount. */
  riding: string[];
  /** Endings of plurals, each with that of the singular. */
  endings: [string, string][];
  /** Known words that are offered for one that is not. */
  offered: number;
  /** Whose pictures these are, to be said wherever they are shown. */
  credits: string;
}

/** A part of a prompt. */
export type Slot = 'style' | 'concept' | 'rider' | 'mount' | 'background';

/** The words of a part. */
export function wordsOf(vocabulary: Vocabulary, slot: Slot): string[] {
  switch (slot) {
    case 'style':
      return vocabulary.styles;
    case 'concept':
      return vocabulary.concepts;
    case 'background':
      return vocabulary.backgrounds.map(({ name }) => name);
    case 'rider':
      return vocabulary.riders.map(({ name }) => name);
    case 'mount':
      return vocabulary.mounts.map(({ name }) => name);
  }
}

/** Letters to insert, delete or replace (Levenshtein); of no more than the first letters of each. */
export function distance(one: string, other: string): number {
  const letters = [...other].slice(0, mostLetters);
  let row = [0, ...letters.map((_, index) => index + 1)];
  for (const letter of [...one].slice(0, mostLetters)) {
    const next = [row[0]! + 1];
    for (const [index, there] of letters.entries()) {
      next.push(Math.min(row[index]! + (there === letter ? 0 : 1), row[index + 1]! + 1, next[index]! + 1));
    }
    row = next;
  }
  return row.at(-1)!;
}

/** More letters than a prompt keeps (prompt.ts). */
const mostLetters = 1024;
