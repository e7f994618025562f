// Rules of one's own in addresses, titles and sweeps.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pictureSchemes } from '../images/schemes.js';
import { planeSchemes } from '../plane/schemes.js';
import { planeBasis } from '../plane/state/lab.js';
import { askedByAddress, readOpening, writeState } from '../state/address.js';
import { fit } from '../state/changes.js';
import { openingState } from '../state/lab.js';
import { withValues } from '../state/rule-values.js';
import type { PanelState } from '../state/state.js';
import { numbersOf } from '../study/sweep.js';
import { titleOf } from '../text/title.js';
import { readSchemes, writeSchemes } from './address.js';
import { longest, ownOf, plainText } from './own-rule.js';
import { at } from './pointer.js';
import type { Scheme } from './scheme.js';
import { ownRule, parametersOfRules, type Control } from './table.js';

const text = 'param g = 1.05 in 1..2 by 0.05\nd = D1 - D0 # both\nD1 + (w - 1) * g * (d - dot(d, D1) / dot(D1, D1) * D1)';
const g: Control = {
  symbol: 'g',
  name: 'The parameter g of the rule',
  default: 1.05,
  from: 1,
  to: 2,
  least: 1,
  greatest: 2,
  step: 0.05,
  whole: false,
  path: '/own/values/g',
};

function withText(choice: string, own: object): Scheme {
  return { ...planeSchemes.choiceOf(choice).scheme, combination: { own } as Scheme['combination'] };
}

test('a rule comes back from an address, of a scheme that is called so and of any other', () => {
  for (const table of [planeSchemes, pictureSchemes]) {
    const [named] = readSchemes(table, 'own');
    assert.deepEqual([named!.choice, ownOf(named!.scheme.combination)], ['own', { text: plainText }]);
    const guided = table.choiceOf('own').kind.id;
    for (const choice of ['own', guided]) {
      for (const own of [{ text }, { text, values: { g: 1.5 } }, { text: 'D1', name: 'A, “b”~c:1' }, { text: '' }]) {
        const scheme = { ...table.choiceOf(choice).scheme, combination: { own } } as Scheme;
        const written = writeSchemes(table, [
          { choice, scheme },
          { choice, scheme },
        ]);
        assert.deepEqual(
          readSchemes(table, written),
          [
            { choice, scheme },
            { choice, scheme },
          ],
          written,
        );
        assert.deepEqual(readSchemes(table, JSON.stringify([scheme])), [{ choice: guided, scheme }]);
      }
    }
  }
});

test('of a named scheme only the text stands in the address, as far as can be as it is typed', () => {
  const opening = openingState(planeBasis, false);
  const state = fit(planeBasis, {
    ...opening,
    panels: [{ id: 0, choice: 'own', scheme: withText('own', { text: 'd = D1 - D0\nD1 + w / 2 * d' }) }],
  });
  const written = writeState(planeBasis, state);
  assert.equal(written, 'v=1&schemes=own~combination.own.text:%22d%20=%20D1%20-%20D0%5CnD1%20%2B%20w%20/%202%20*%20d%22');
  const address = new URL('https://example.org/');
  address.hash = written;
  const read = readOpening(planeBasis, askedByAddress(address.href), false, 'The address');
  assert.equal(read.objection, null);
  assert.deepEqual(read.state.panels, state.panels);
});

test('what is no rule is refused in a sentence, and nothing breaks', () => {
  const refused = (own: unknown, words: RegExp) => {
    assert.throws(() => readSchemes(planeSchemes, JSON.stringify([{ combination: { own } }])), words);
    assert.throws(() => readSchemes(planeSchemes, `own~combination:${JSON.stringify({ own })}`), words);
  };
  const sentence = /^Error: a rule of one’s own has a text of at most 2000 letters$/;
  // As many letters, but more bytes, in the last.
  const none = [null, 5, [text], { values: {} }, { text: 'x'.repeat(longest.text + 1) }, { text: 'é'.repeat(longest.text / 2 + 1) }];
  for (const own of none) refused(own, sentence);
  assert.throws(() => readSchemes(planeSchemes, 'own~combination.own.text:5'), sentence);
  assert.throws(() => readSchemes(planeSchemes, 'own~combination.own.values.g:5'), /has no field/);
  assert.throws(() => readSchemes(planeSchemes, '[{"combination":{"own":{"text":"D1"},"lerp":1}}]'), /cannot be/);
  // What else is none of a rule is left out.
  const others = { text, name: { first: 1 }, values: { g: '1', h: 2, a: null, b: 3, c: 4, d: 5, e: 6 }, program: 1 };
  const [read] = readSchemes(planeSchemes, JSON.stringify([{ combination: { own: others } }]));
  assert.deepEqual(read!.scheme.combination, { own: { text, values: { h: 2, b: 3, c: 4, d: 5 } } });
  assert.equal(ownOf(Object.create({ own: { text } })), null);
});

test('a text’s parameters are numbers as others are, once they are known', () => {
  const scheme = withText('autoguidance', { text });
  const paths = (of: Scheme) => numbersOf(planeSchemes, 'autoguidance', of).map(({ path }) => path);
  const path = '/combination/own/values/g';
  const panels = [{ id: 0, choice: 'autoguidance', scheme }];
  const unknown = fit(planeBasis, { ...openingState(planeBasis, false), panels });
  assert.equal(unknown.panels[0]!.scheme, scheme);
  assert.ok(!paths(scheme).includes(path));
  assert.equal(titleOf(planeSchemes, 'autoguidance', scheme), 'Autoguidance, w = 3, Own rule');

  assert.equal(withValues(unknown), unknown);
  parametersOfRules.set(text, [g]);
  const known = fit(planeBasis, withValues(unknown));
  const filled = known.panels[0]!.scheme;
  assert.deepEqual(filled.combination, { own: { text, values: { g: 1.05 } } });
  assert.ok(paths(filled).includes(path));
  const control = numbersOf(planeSchemes, 'autoguidance', filled).find((each) => each.path === path)!;
  assert.deepEqual([control.least, control.greatest, control.step, control.default], [1, 2, 0.05, 1.05]);
  assert.equal(at(filled, path), 1.05);
  assert.equal(withValues(known), known);
  // A network's stand-in is given them, too.
  const elsewhere: PanelState = withValues(fit(planeBasis, { ...unknown, sampling: { ...unknown.sampling, distribution: 'two-moons' } }))
    .panels[0]!;
  assert.deepEqual([elsewhere.scheme.combination, elsewhere.standsFor!.scheme.combination], [filled.combination, filled.combination]);
  const named = withText('autoguidance', { text, values: { g: 1.5 }, name: 'Mine' });
  assert.equal(titleOf(planeSchemes, 'autoguidance', named), 'Autoguidance, w = 3, Mine g = 1.5');
  assert.equal(titleOf(planeSchemes, 'autoguidance', named, [path]), 'Autoguidance, w = 3, Mine');
  assert.equal(titleOf(planeSchemes, 'own', { ...named, guide: planeSchemes.choiceOf('own').scheme.guide }), 'Mine, w = 3, g = 1.5');
});

test('a rule is in the way of no other kind of guide', () => {
  assert.equal(titleOf(planeSchemes, 'own', planeSchemes.choiceOf('own').scheme), 'Own rule');
  assert.equal(planeSchemes.kindOfGuide(withText('sigma-scaling', { text })).id, 'sigma-scaling');
  assert.equal(planeSchemes.kindOfGuide(withText('none', { text: 'D1' })).id, 'none');
  assert.equal(
    planeSchemes.ownParts(planeSchemes.choiceOf('autoguidance').kind, withText('autoguidance', { text })).combination!.id,
    ownRule.id,
  );
  assert.notEqual(planeSchemes.unguided(withText('none', { text: 'm = D1\n1.5 * D1 - 0.5 * m' })), null);
});
