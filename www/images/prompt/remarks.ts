// What there is to say of a prompt, in sentences.
import { isUnseen, mostLetters, wordsFor, type Reading, type Unknown } from './prompt.js';
import type { Vocabulary } from '../vocabulary.js';

/** Unknown words that are told one by one. */
const mostTold = 4;

export interface Remarks {
  /** Why there can be no such picture, or what is not read of it; empty where all is well. */
  sentences: string[];
  /** Words that are not known, the first of them. */
  unknown: Unknown[];
  /** What is true of the prompt, and worth knowing. */
  note: string;
}

/** Marks that turn the text around them, and others that nobody sees, say nothing in a sentence. */
export function shown(text: string): string {
  return text.replaceAll(/\p{C}/gu, '');
}

/** A text without marks that turn it around, of which a link could make it look like another. Its beginning, if it is long. */
export function unturned(text: string): string {
  return text.slice(0, 4 * mostLetters).replaceAll(/\p{Bidi_Control}/gu, ' ');
}

export function remarksOf(vocabulary: Vocabulary, { refusal, asked, unknown }: Reading, isCut = false): Remarks {
  const sentences = [];
  if (isCut) sentences.push(`A prompt has ${mostLetters} letters at most: the rest is left out.`);
  if (refusal) sentences.push(shown(refusal));
  else if (unknown.length > mostTold) sentences.push(`${unknown.length} words are not known, and left out.`);
  const note = isUnseen(vocabulary, asked)
    ? `Training never saw ${wordsFor({ ...asked, style: null, background: null })}: what networks draw of it they have put together themselves, while the exact model knows it.`
    : '';
  return { sentences, unknown: refusal ? [] : unknown.slice(0, mostTold), note };
}
