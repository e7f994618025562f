// Prompts: read as the core reads them, whatever the text; completed, put together, and told.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { vocabulary } from '../schemes.js';
import { closed, press } from '../../controls/choice.js';
import { complete, completionsAt, surprise, tokenAt, withWord } from './completion.js';
import { prompts } from './presets.js';
import {
  anything,
  cut,
  exists,
  isUnseen,
  mostLetters,
  nearest,
  readPrompt,
  slotsOf,
  wordsFor,
  type Asked,
  type Unknown,
} from './prompt.js';
import { remarksOf, shown, unturned } from './remarks.js';
import { distance, wordsOf, type Slot } from '../vocabulary.js';

interface Case {
  text: string;
  words?: string;
  asked?: Asked;
  unknown?: Unknown[];
  refusal?: string;
}

/** Written by tests/native/repository/pictures.rs, as the core reads them. */
const cases = JSON.parse(readFileSync('tests/data/image-prompts.json', 'utf8')) as Case[];
const slots: Slot[] = ['style', 'concept', 'rider', 'mount', 'background'];
const read = (text: string) => readPrompt(vocabulary, text);

test('prompts are read as the core reads them', () => {
  assert.ok(cases.length > 300);
  for (const { text, words, asked, unknown, refusal } of cases) {
    const reading = read(text);
    assert.equal(reading.refusal, refusal ?? '', text);
    if (refusal !== undefined) continue;
    assert.deepEqual(reading.asked, asked, text);
    assert.deepEqual(reading.unknown, unknown, text);
    assert.equal(wordsFor(reading.asked), words, text);
  }
  const kinds = [
    cases.filter(({ refusal }) => refusal),
    cases.filter(({ unknown }) => unknown?.length),
    cases.filter(({ asked }) => asked?.mount),
  ];
  for (const kind of kinds) assert.ok(kind.length > 20);
});

/** Letters of many scripts, emoji, marks that turn text, tags, and the words that are known. */
const hostile = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 80 }) },
  {
    weight: 4,
    arbitrary: fc
      .array(
        fc.oneof(
          fc.constantFrom(...slots.flatMap((slot) => wordsOf(vocabulary, slot)), 'riding', 'a', 'on'),
          fc.constantFrom('\u202e', '\u2066', '\u200f', '\ufeff', '\u0000', '<img src=x onerror=alert(1)>', '</script>', '&amp;', '\ud800'),
          fc.constantFrom('👩‍🚀', '🏳️‍🌈', 'Ракета', '火箭', 'صاروخ', 'रॉकेट', 'e\u0301'.repeat(20), '__proto__', 'constructor'),
          fc.string({ maxLength: 6 }),
        ),
        { maxLength: 40 },
      )
      .map((parts) => parts.join(' ')),
  },
);

/** Texts that are tried: fewer where each kind of thing is tested, and not all there is. */
const texts = process.env['TESTS'] === 'kinds' ? 2000 : 10_000;

test(`no text of ${texts} is too much`, () => {
  fc.assert(
    fc.property(hostile, fc.nat(400), (text, caret) => {
      const reading = read(text);
      const { sentences, unknown, note } = remarksOf(vocabulary, reading, cut(text).isCut);
      assert.ok(unknown.length <= 4 && sentences.length <= 3);
      for (const sentence of [...sentences, note, ...unknown.map(({ word }) => shown(word))]) {
        // Marks that turn text have no way into a sentence, and what is beside it stays as it was.
        assert.ok(!/\p{C}/u.test(sentence), JSON.stringify(sentence));
        assert.ok(sentence.length < 2000);
      }
      for (const { near } of reading.unknown) assert.equal(near.length, vocabulary.offered);
      // What it asks for says the same in words of its own.
      if (!reading.refusal) assert.deepEqual(read(wordsFor(reading.asked)).asked, reading.asked);
      const short = cut(text).text;
      for (const completion of completionsAt(vocabulary, short, Math.min(caret, short.length))) {
        assert.ok(slotsOf(vocabulary, completion.word).length > 0 || completion.slot === 'riding');
        complete(short, Math.min(caret, short.length), completion);
      }
    }),
    { numRuns: texts },
  );
});

test('a long text is cut, and only its beginning is looked at', () => {
  for (const long of [
    'x'.repeat(1 << 20),
    '👩‍🚀'.repeat(1 << 17),
    'rocket '.repeat(1 << 17),
    '\u202e'.repeat(1 << 20),
    '\ud800'.repeat(1 << 20),
  ]) {
    const { text, isCut } = cut(long);
    assert.ok(isCut && [...text].length === mostLetters && long.startsWith(text));
    assert.deepEqual(read(long), read(text));
    assert.match(remarksOf(vocabulary, read(long), isCut).sentences[0]!, /^A prompt has 200 letters at most/);
  }
  assert.equal(unturned('a \u202erokcet\u2069'), 'a  rokcet ');
  assert.ok(cut(unturned('\u202e'.repeat(1 << 20))).isCut);
  const exact = '👩'.repeat(mostLetters);
  assert.deepEqual(cut(exact), { text: exact, isCut: false });
  assert.equal(cut(`${exact}x`).isCut, true);
});

test('unknown words have near ones, and too many are counted', () => {
  assert.deepEqual(
    read('a rokcet').unknown.map(({ near }) => near[0]),
    ['rocket'],
  );
  assert.equal(distance('rokcet', 'rocket'), 2);
  assert.equal(distance('', 'cat'), 3);
  assert.equal(nearest(vocabulary, 'hors')[0], 'horse');
  const many = remarksOf(vocabulary, read('xa xb xc xd xe xf'));
  assert.deepEqual([many.unknown.length, many.sentences], [4, ['6 words are not known, and left out.']]);
});

test('the proposal’s own prompt stands first, and is said never to have been seen', () => {
  assert.equal(prompts[0], 'an astronaut riding a horse');
  for (const prompt of prompts) {
    const { unknown, refusal } = read(prompt);
    assert.deepEqual([unknown, refusal], [[], ''], prompt);
  }
  assert.ok(isUnseen(vocabulary, read(prompts[0]!).asked));
  assert.match(remarksOf(vocabulary, read(`noto ${prompts[0]} on sand`)).note, /^Training never saw astronaut riding horse:/);
  assert.equal(remarksOf(vocabulary, read('a panda riding a horse')).note, '');
});

const at = (text: string, caret = text.length) => completionsAt(vocabulary, text, caret).map(({ word }) => word);

test('words are completed where the caret is', () => {
  assert.ok(at('').length === 8 && at('a ').length === 8);
  assert.deepEqual(at('gui'), ['guitar']);
  assert.deepEqual(at('giutar'), ['guitar']);
  assert.deepEqual(at('guitar'), []);
  assert.deepEqual(at('tw rocket', 2), ['twemoji']);
  // What is there already is not offered again.
  assert.deepEqual(at('noto twe'), []);
  assert.deepEqual(at('rocket gui'), []);
  assert.deepEqual(at('astronaut ri'), ['riding']);
  assert.ok(at('astronaut riding a ').includes('horse') && !at('astronaut riding a ').includes('guitar'));
  // Astronauts are not drawn in every style.
  const drawn = vocabulary.riders.find(({ name }) => name === 'astronaut')!.styles;
  assert.deepEqual(
    at('astronaut riding a horse ').filter((word) => vocabulary.styles.includes(word)),
    drawn,
  );
  const [night] = completionsAt(vocabulary, 'a cat ni', 8);
  const completed = complete('a cat ni', 8, night!);
  assert.equal(completed.text.slice(0, completed.caret), 'a cat on a night background ');
  assert.equal(complete('cat on n', 8, completionsAt(vocabulary, 'cat on n', 8)[0]!).text, 'cat on night background ');
  assert.equal(complete('tw rocket', 2, { word: 'twemoji', slot: 'style', insert: 'twemoji' }).text, 'twemoji rocket');
  assert.deepEqual(tokenAt('cat dog', 4), { word: '', from: 4, to: 4 });
});

test('a part can be changed or taken out, and what does not go with it goes', () => {
  const riding: Asked = { ...anything, style: 'noto', rider: 'astronaut', mount: 'horse' };
  assert.equal(wordsFor(withWord(vocabulary, riding, 'concept', 'guitar')), 'noto guitar');
  assert.equal(wordsFor(withWord(vocabulary, riding, 'mount', null)), 'noto astronaut riding');
  assert.equal(wordsFor(withWord(vocabulary, { ...anything, concept: 'cat' }, 'mount', 'whale')), 'riding whale');
  for (const style of [null, ...vocabulary.styles]) {
    for (const slot of slots) {
      for (const word of [null, ...wordsOf(vocabulary, slot)]) {
        for (const asked of [
          { ...riding, style },
          { ...anything, style },
          { ...anything, concept: 'dog', background: 'night' },
        ]) {
          const next = withWord(vocabulary, asked, slot, word);
          assert.equal(next[slot], word);
          assert.ok(exists(vocabulary, next));
        }
      }
    }
  }
});

test('surprises are prompts', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 8, maxLength: 8 }), (numbers) => {
      let next = 0;
      const prompt = surprise(vocabulary, () => numbers[next++ % numbers.length]!);
      const { unknown, refusal, asked } = read(prompt);
      assert.deepEqual([unknown, refusal], [[], '']);
      assert.equal(wordsFor(asked), prompt);
      assert.ok(prompt);
    }),
    { numRuns: 1000 },
  );
});

test('arrows go through the list and round, Escape leaves it', () => {
  const [first, last] = [press(closed, 'ArrowDown', 3), press(closed, 'ArrowUp', 3)];
  assert.deepEqual(
    [first, last],
    [
      { open: true, active: 0 },
      { open: true, active: 2 },
    ],
  );
  assert.deepEqual(press(last!, 'ArrowDown', 3), first);
  assert.deepEqual(press(first!, 'ArrowUp', 3), last);
  assert.deepEqual(press(first!, 'Escape', 3), closed);
  assert.deepEqual([press(closed, 'Escape', 3), press(closed, 'ArrowDown', 0), press(first!, 'x', 3)], [null, null, null]);
});
