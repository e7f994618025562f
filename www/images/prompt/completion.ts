// Completion of prompts: what the word at the caret may be, or be meant to be.
import { anything, exists, readPrompt, tokensOf, wordsFor, type Asked, type Token } from './prompt.js';
import { distance, wordsOf, type Slot, type Vocabulary } from '../vocabulary.js';

export interface Completion {
  word: string;
  /** What it would be of the prompt. */
  slot: Slot | 'riding';
  /** What is put in place of the word at the caret. */
  insert: string;
}

/** More would not be looked through. */
const most = 8;
const articles = ['a', 'an', 'the'];
/** Letters that may be wrong in a word of so many. */
const wrong = (letters: number) => (letters < 3 ? 0 : letters < 6 ? 1 : 2);

/** The word at a place in a text: what ends there or stands around it, or nothing between two. */
export function tokenAt(text: string, caret: number): Token {
  const found = tokensOf(text).find(({ from, to }) => from < caret && caret <= to);
  return found ?? { word: '', from: caret, to: caret };
}

/** What the text asks for without the word at the caret. */
function besides(vocabulary: Vocabulary, text: string, { from, to }: Token): Asked & { rides: boolean } {
  const rest = `${text.slice(0, from)} ${text.slice(to)}`;
  const rides = tokensOf(rest).some(({ word }) => vocabulary.riding.includes(word));
  return { ...readPrompt(vocabulary, rest).asked, rides };
}

/** Words that may stand at the caret, the likeliest first; none where the word there is known already. */
export function completionsAt(vocabulary: Vocabulary, text: string, caret: number): Completion[] {
  const token = tokenAt(text, caret);
  const asked = besides(vocabulary, text, token);
  const before = tokensOf(text.slice(0, token.from)).map(({ word }) => word);
  const isOn = before.findLast((word) => !articles.includes(word)) === 'on';
  const on = isOn ? '' : 'on a ';
  const mounted = asked.rides && vocabulary.riding.includes(lastOfMatter(vocabulary, text.slice(0, token.from)));
  const all: Completion[] = slots(asked, mounted, isOn).flatMap((slot): Completion[] =>
    slot === 'riding'
      ? [{ word: 'riding', slot, insert: 'riding' }]
      : possible(vocabulary, asked, slot).map((word) => ({ word, slot, insert: slot === 'background' ? `${on}${word} background` : word })),
  );
  if (all.some(({ word }) => word === token.word)) return [];
  const begun = all.filter(({ word }) => word.startsWith(token.word));
  if (begun.length > 0) return once(begun).slice(0, most);
  const far = (word: string) => distance(word, token.word);
  const near = all.filter(({ word }) => far(word) <= wrong(token.word.length));
  return once(near.sort((one, other) => far(one.word) - far(other.word))).slice(0, most);
}

/** The last word that is not skipped. */
function lastOfMatter({ skipped }: Vocabulary, text: string): string {
  const words = tokensOf(text).filter(({ word }) => !skipped.includes(word));
  return words.at(-1)?.word ?? '';
}

/** What a prompt still lacks, what is likely next first. */
function slots(
  { style, concept, rider, mount, background, rides }: Asked & { rides: boolean },
  mounted: boolean,
  isOn: boolean,
): Completion['slot'][] {
  const lacking: Completion['slot'][] = [];
  if (isOn && background === null) return ['background'];
  if (mounted && mount === null) return ['mount'];
  if (!rides && (rider !== null || concept !== null)) lacking.push('riding');
  if (!rides && concept === null && rider === null) lacking.push('concept', 'rider');
  if (rides && rider === null) lacking.push('rider');
  if (style === null) lacking.push('style');
  if (background === null) lacking.push('background');
  return lacking;
}

/** Words of a part of which, with what is asked for besides, there are pictures. */
export function possible(vocabulary: Vocabulary, asked: Asked, slot: Slot): string[] {
  const { style, concept, rider, mount, background } = asked;
  const rest = { style, concept, rider, mount, background };
  return wordsOf(vocabulary, slot).filter((word) => exists(vocabulary, { ...rest, [slot]: word }));
}

/** A word can be in several parts. */
function once(completions: Completion[]): Completion[] {
  return completions.filter(({ word }, index) => completions.findIndex((other) => other.word === word) === index);
}

/** A text with a completion in it, and the place of the caret behind that. */
export function complete(text: string, caret: number, { insert }: Completion): { text: string; caret: number } {
  const { from, to } = tokenAt(text, caret);
  const before = from > 0 && !/\s$/.test(text.slice(0, from)) ? `${text.slice(0, from)} ` : text.slice(0, from);
  const after = text.slice(to).replace(/^(?=\S)|^\s*/, ' ');
  return { text: before + insert + after, caret: before.length + insert.length + 1 };
}

/** The asked-for with another word in a part, or none; what does not go with that is left out. */
export function withWord(vocabulary: Vocabulary, asked: Asked, slot: Slot, word: string | null): Asked {
  const next = { ...asked, [slot]: word };
  if (slot === 'concept') Object.assign(next, { rider: null, mount: null });
  if ((slot === 'rider' || slot === 'mount') && word !== null) next.concept = null;
  // What was asked for just now stays.
  const without = (...others: Slot[]) => ({
    ...next,
    ...Object.fromEntries(others.filter((other) => other !== slot).map((other) => [other, null])),
  });
  const ways = [next, without('style'), without('mount'), without('rider')];
  return ways.find((way) => exists(vocabulary, way)) ?? without('style', 'rider', 'mount');
}

/** A prompt that nobody has thought of. `random` is from 0 to 1. */
export function surprise(vocabulary: Vocabulary, random: () => number): string {
  const any = (words: readonly string[]): string => words[Math.min(Math.floor(random() * words.length), words.length - 1)]!;
  const asked = { ...anything };
  const share = random();
  if (share < 0.4) {
    asked.rider = any(wordsOf(vocabulary, 'rider'));
    asked.mount = any(possible(vocabulary, asked, 'mount'));
  } else if (share < 0.95) asked.concept = any(vocabulary.concepts);
  if (random() < 0.5 || share >= 0.95) asked.style = any(possible(vocabulary, asked, 'style'));
  if (random() < 0.5) asked.background = any(wordsOf(vocabulary, 'background'));
  return wordsFor(asked);
}
