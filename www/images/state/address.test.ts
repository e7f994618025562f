// The state of pictures as text: what is written is read as it was, and no prompt of a link is slow, or anything but text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mostPanels } from '../../scheme/address.js';
import { at, withAt } from '../../scheme/pointer.js';
import type { Scheme } from '../../scheme/scheme.js';
import { askedByAddress, readOpening, writeState } from '../../state/address.js';
import * as changes from '../../state/changes.js';
import { openingState } from '../../state/lab.js';
import type { State } from '../../state/state.js';
import { cut, mostLetters } from '../prompt/prompt.js';
import { unturned } from '../prompt/remarks.js';
import { pictureSchemes } from '../schemes.js';
import type { ImagesKinds } from './kinds.js';
import { imagesBasis as images } from './lab.js';
import { shown } from './look.js';
import { pictures } from './state.js';

type Act = (state: State<ImagesKinds>) => State<ImagesKinds>;

const { catalogue, options } = pictureSchemes;
const choices = [...catalogue.schemes, ...catalogue.presets].map(({ id }) => id);
const oneOf = <T>(list: readonly T[]) => fc.constantFrom(...list);

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  oneOf([
    '<img src=x onerror=alert(1)>',
    '\u202egnidir',
    '👩‍🚀 riding 🐎',
    '&lab=plane',
    '%00',
    'a'.repeat(1_000_000),
    'riding '.repeat(50_000),
  ]),
  fc.string().map((text) => `${text} rocket &seed=2#`),
);
const prompt = fc.oneof(hostile, oneOf(['', 'a rocket', 'an astronaut riding a horse', 'twemoji', 'a cat on a night background']));

const onScheme =
  (change: (scheme: Scheme) => Scheme): Act =>
  (state) => {
    const { id, scheme } = state.panels.at(-1)!;
    return changes.setScheme(state, id, change(scheme));
  };

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(fc.nat(mostPanels - 1), oneOf(choices)).map(
    ([panel, choice]): Act =>
      (state) =>
        changes.chooseScheme(state, state.panels[panel % state.panels.length]!.id, pictureSchemes.choiceOf(choice)),
  ),
  prompt.map(
    (text): Act =>
      (state) =>
        changes.setSampling(images, state, { prompt: cut(unturned(text)).text }),
  ),
  oneOf(pictures.choices).map(
    (count): Act =>
      (state) =>
        changes.setSampling(images, state, pictures.set(count)),
  ),
  fc.nat(1_000_000).map(
    (seed): Act =>
      (state) =>
        changes.setSampling(images, state, { seed }),
  ),
  fc.record({ shows: oneOf(shown), large: fc.boolean(), shares: fc.boolean() }).map(
    (look): Act =>
      (state) =>
        changes.setLook(images, state, look),
  ),
  fc.nat(63).map(
    (picture): Act =>
      (state) =>
        changes.link(images, state, [picture % state.sampling.pictures]),
  ),
  oneOf(options).map(({ field, on, off }) =>
    onScheme((scheme) => ({ ...scheme, [field]: JSON.stringify(scheme[field]) === JSON.stringify(on) ? off : on })),
  ),
  fc
    .tuple(oneOf(catalogue.interval), fc.double({ min: 0.1, max: 10, noNaN: true }))
    .map(([{ path }, value]) => onScheme((scheme) => (at(scheme, path) === undefined ? scheme : withAt(scheme, path, value)))),
  fc.constant<Act>((state) => changes.addPanel(state, state.panels[0]!)),
);

const reachable = fc.array(act, { maxLength: 12 }).map((acts) => acts.reduce((state, act) => act(state), openingState(images, false)));

function read(fragment: string) {
  const address = new URL('https://example.org/play/');
  address.hash = fragment;
  return readOpening(images, askedByAddress(address.href), false, 'The address');
}

/** What an address has of a state. */
const kept = ({ panels, sampling, look, linked }: State<ImagesKinds>) => ({
  panels: panels.map(({ choice, scheme }) => ({ choice, scheme: { ...scheme, levels: null } })),
  sampling,
  look,
  linked,
});

test('any state that can be reached is read back from its text', () => {
  fc.assert(
    fc.property(reachable, (state) => {
      const text = writeState(images, state);
      const { state: again, objection } = read(text);
      assert.equal(objection, null, text.slice(0, 400));
      assert.deepEqual(kept(again), kept(state), text.slice(0, 400));
      assert.equal(writeState(images, again), text);
    }),
    { numRuns: 1000, seed: 1 },
  );
});

test('any prompt of a link is text that can be asked for', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const { state } = read(`v=1&lab=images&prompt=${encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd'))}`);
      const { sampling, panels } = state;
      assert.ok([...sampling.prompt].length <= mostLetters);
      assert.doesNotMatch(sampling.prompt, /\p{Bidi_Control}/u);
      assert.equal(sampling.seed, 1);
      assert.equal(typeof images.runConfig(panels[0]!, sampling).prompt, 'string');
    }),
    { numRuns: 10_000, seed: 1 },
  );
});
