// Rules of one's own as one types them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RuleName } from '../scheme/own-rule.js';
import { completeRule, nameBefore, placeIn, ruleTokens } from './rule-text.js';

const names: RuleName[] = [
  { name: 'D1', kind: 'main' },
  { name: 'D0', kind: 'guide' },
  { name: 'dot', kind: 'function' },
  { name: 'sigma', kind: 'number' },
  { name: 'sigma_next', kind: 'number' },
];

test('words are told by what they mean', () => {
  const tokens = ruleTokens('d = D1 - 1.5e-3 * dot(D0, d) # D1', names).filter(({ kind }) => kind);
  assert.deepEqual(
    tokens.map(({ text, kind }) => `${text} ${kind}`),
    ['d named', 'D1 main', '1.5e-3 literal', 'dot function', 'D0 guide', 'd named', '# D1 remark'],
  );
});

test('pieces of any text are the text again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(
        ruleTokens(text, names)
          .map((token) => token.text)
          .join(''),
        text,
      );
    }),
  );
});

test('names are completed, the text’s own too, and none within a remark or a number', () => {
  const complete = (text: string, caret = text.length) => completeRule(text, caret, names).map(({ name }) => name);
  assert.deepEqual(complete('D'), ['D1', 'D0', 'dot']);
  assert.deepEqual(complete('sigma'), ['sigma_next']);
  assert.deepEqual(complete('D1 + si'), ['sigma', 'sigma_next']);
  assert.deepEqual(complete('param strength = 1 in 0..2\nD1 + s'), ['strength', 'sigma', 'sigma_next']);
  assert.deepEqual(complete('along = 1; a'), ['along']);
  assert.deepEqual(complete('D1'), []);
  assert.deepEqual(complete('# d'), []);
  assert.deepEqual(complete('1e'), []);
  assert.deepEqual(complete('D1 +'), []);
  assert.equal(nameBefore('D1 + si * 2', 7), 'si');
  assert.equal(nameBefore('# a\nsi', 6), 'si');
});

test('places are found by lines and letters, whatever the letters', () => {
  const marked = (text: string, line: number, column: number, length: number) => text.slice(...placeIn(text, { line, column, length }));
  assert.equal(marked('a = 1\nb + DO', 2, 5, 2), 'DO');
  assert.equal(marked('😀 x', 1, 3, 1), 'x');
  // Behind a line's end, its last letter.
  assert.equal(marked('a +\nb', 1, 4, 0), '+');
  assert.equal(marked('', 1, 1, 0), '');
  assert.equal(marked('D1', 9, 1, 3), '');
});
