// What a text asks for: read as the core reads it (src/images/prompt.rs), so that it can be said while one types. Both are held
// together by tests/data/image-prompts.json. Texts come from links: any text is read, in little time, and nothing is thrown.
import { distance, wordsOf, type Slot, type Vocabulary } from '../vocabulary.js';

/** What is asked for; null of what may be anything. */
export type Asked = Record<Slot, string | null>;

/** A word that is not known, and the known ones that are nearest to it. */
export interface Unknown {
  word: string;
  near: string[];
}

export interface Reading {
  asked: Asked;
  unknown: Unknown[];
  /** Why there can be no such picture, in a sentence; empty where there can be. */
  refusal: string;
}

export const anything: Asked = { style: null, concept: null, rider: null, mount: null, background: null };

/** Letters that a prompt may have. */
export const mostLetters = 200;

/** The beginning of a text that is too long, and whether it was. */
export function cut(text: string): { text: string; isCut: boolean } {
  // A letter has two units at most.
  const letters = [...text.slice(0, 2 * (mostLetters + 1))];
  return letters.length > mostLetters ? { text: letters.slice(0, mostLetters).join(''), isCut: true } : { text, isCut: false };
}

/** Runs of letters and digits, as Rust's `char::is_alphanumeric` tells them. */
const word = /[\p{Alphabetic}\p{N}]+/gu;

/** A word of a text, where it begins and ends. */
export interface Token {
  word: string;
  from: number;
  to: number;
}

export function tokensOf(text: string): Token[] {
  return Array.from(text.matchAll(word), ({ 0: found, index }) => ({ word: found.toLowerCase(), from: index, to: index + found.length }));
}

/** A word, and what it may be the plural of. */
function singulars({ endings }: Vocabulary, word: string): string[] {
  return endings.flatMap(([plural, singular]) => (word.endsWith(plural) ? [word.slice(0, word.length - plural.length) + singular] : []));
}

/** The word of a list that is meant; either may be a plural. */
function find(vocabulary: Vocabulary, names: readonly string[], word: string): string | null {
  const forms = singulars(vocabulary, word);
  return names.find((name) => singulars(vocabulary, name).some((form) => forms.includes(form))) ?? null;
}

/** What parts of prompts a word can be in. */
export function slotsOf(vocabulary: Vocabulary, word: string): Slot[] {
  const slots: Slot[] = ['concept', 'rider', 'mount', 'style', 'background'];
  return slots.filter((slot) => find(vocabulary, wordsOf(vocabulary, slot), word) !== null);
}

/** The known words that are nearest to one that is not. */
export function nearest(vocabulary: Vocabulary, word: string): string[] {
  const slots: Slot[] = ['concept', 'rider', 'style', 'background'];
  const known = [...new Set(slots.flatMap((slot) => wordsOf(vocabulary, slot)))];
  const far = new Map(known.map((each) => [each, distance(each, word)]));
  return known.sort((one, other) => far.get(one)! - far.get(other)!).slice(0, vocabulary.offered);
}

/** A sentence that says why there is no such picture, in the core's words. */
class Refusal extends Error {
  constructor(what: string, expected: string, found: string) {
    super(`${what} must be ${expected}; it is ${found}.`);
  }
}

/** What a text asks for. Of one that is too long its beginning is read (`cut`). */
export function readPrompt(vocabulary: Vocabulary, given: string): Reading {
  const { text } = cut(given);
  const unknown: Unknown[] = [];
  const refused = (thrown: unknown): Reading => {
    if (!(thrown instanceof Refusal)) throw thrown;
    return { asked: anything, unknown, refusal: thrown.message };
  };
  try {
    const asked = read(vocabulary, text, unknown);
    return { asked, unknown, refusal: exists(vocabulary, asked) ? '' : noPicture(asked) };
  } catch (thrown) {
    return refused(thrown);
  }
}

function noPicture(asked: Asked): string {
  return new Refusal('A prompt', 'about what there is; there is no picture of this one', wordsFor(asked)).message;
}

function read(vocabulary: Vocabulary, text: string, unknown: Unknown[]): Asked {
  const asked = { ...anything };
  const subjects: string[] = [];
  let riding: number | null = null;
  for (const { word } of tokensOf(text)) {
    if (vocabulary.skipped.includes(word)) continue;
    if (vocabulary.riding.includes(word)) {
      riding = subjects.length;
      continue;
    }
    const named = (slot: Slot) => find(vocabulary, wordsOf(vocabulary, slot), word);
    if (named('concept') !== null || named('rider') !== null) {
      // Twice the same is once.
      if (riding !== null || subjects.at(-1) !== word) subjects.push(word);
      continue;
    }
    const slot = (['style', 'background'] as const).find((slot) => named(slot) !== null);
    if (!slot) unknown.push({ word, near: nearest(vocabulary, word) });
    else if (asked[slot] !== null && asked[slot] !== named(slot))
      throw new Refusal('A prompt', `about one ${slot}`, `about two: "${text}"`);
    else asked[slot] = named(slot);
  }
  return { ...asked, ...subjectOf(vocabulary, text, subjects, riding) };
}

/** What is to be shown, of its words and how many of them stand before “riding”. */
function subjectOf(vocabulary: Vocabulary, text: string, words: string[], riding: number | null): Partial<Asked> {
  const several = () => new Refusal('A prompt', 'about one concept', `about two: "${text}"`);
  const [first, ...others] = words;
  if (riding === null) {
    if (others.length > 0) throw several();
    if (first === undefined) return {};
    const concept = find(vocabulary, vocabulary.concepts, first);
    return concept === null ? { rider: find(vocabulary, wordsOf(vocabulary, 'rider'), first) } : { concept };
  }
  const oneOf = (slot: Slot, [word, ...more]: string[], does: string) => {
    if (word === undefined) return null;
    if (more.length > 0) throw several();
    const names = wordsOf(vocabulary, slot);
    const found = find(vocabulary, names, word);
    if (found === null) throw new Refusal(`What ${does}`, `one of ${names.join(', ')}`, word);
    return found;
  };
  const rider = oneOf('rider', words.slice(0, riding), 'rides');
  const mount = oneOf('mount', words.slice(riding), 'is ridden');
  if (rider === null && mount === null) throw new Refusal('A prompt about riding', 'about a rider or a mount', `"${text}"`);
  return { rider, mount };
}

/** Whether there is a picture of what is asked for: not every rider and mount is drawn in every style. */
export function exists({ riders, mounts }: Vocabulary, { style, rider, mount }: Asked): boolean {
  if (rider === null && mount === null) return true;
  const drawn = (list: Vocabulary['riders'], name: string | null) => list.filter((each) => name === null || each.name === name);
  return drawn(riders, rider).some(({ styles }) =>
    drawn(mounts, mount).some((other) => styles.some((each) => (style === null || each === style) && other.styles.includes(each))),
  );
}

/** A prompt in words; empty where it asks for nothing. */
export function wordsFor({ style, concept, rider, mount, background }: Asked): string {
  const isRiding = rider !== null || mount !== null;
  const subject = isRiding ? [rider, 'riding', mount] : [concept];
  return [style, ...subject, background && `on a ${background} background`].filter(Boolean).join(' ');
}

/** Whether no network has been trained on what is asked for. */
export function isUnseen({ unseen }: Vocabulary, { rider, mount }: Asked): boolean {
  return unseen.some(([one, other]) => one === rider && other === mount);
}
