// The state as text: what is written is read as it was, and nothing in an address can break what is made from a state.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planeSchemes } from '../plane/schemes.js';
import { askedBy, askedByAddress, readOpening, writeState } from './address.js';
import { labNamed } from './lab-name.js';
import { planeBasis as plane } from '../plane/state/lab.js';
import { fragments, lacks, reachable } from '../plane/state/random-states.js';
import type { PlaneState } from '../plane/state/state.js';
import { openingState } from './lab.js';

const page = 'https://example.org/play/';

function read(fragment: string) {
  const address = new URL(page);
  address.hash = fragment;
  return readOpening(plane, askedByAddress(address.href), false, 'The address');
}

const short = (value: number) => Number(value.toPrecision(6));

/** What an address has of a state. */
function kept({ panels, sampling, playback, look, linked }: PlaneState) {
  const { tool: _, view, cut, ...shown } = look;
  return {
    // Levels are everybody's.
    panels: panels.map(({ id: _, scheme, standsFor, ...panel }) => ({
      ...panel,
      scheme: { ...scheme, levels: null },
      standsFor: standsFor && { ...standsFor, scheme: { ...standsFor.scheme, levels: null } },
    })),
    sampling,
    // A clock that runs is on its way to the end.
    position: playback.playing ? sampling.levels.steps : Math.round(playback.position),
    look: {
      ...shown,
      view: view && [view.x, view.y, view.halfWidth].map(short),
      cut: cut && [...cut.from, ...cut.to].map(short),
    },
    linked,
  };
}

test('the opening view is an empty text', () => {
  assert.equal(writeState(plane, openingState(plane, false)), '');
  assert.equal(read('').objection, null);
});

test('any state that can be reached is read back from its text', () => {
  fc.assert(
    fc.property(reachable, (state) => {
      const text = writeState(plane, state);
      const { state: again, objection } = read(text);
      assert.equal(objection, null, text);
      assert.deepEqual(kept(again), kept(state), text);
      assert.equal(writeState(plane, again), text);
    }),
    { numRuns: 2000, seed: 1 },
  );
});

/** Addresses that are tried: fewer where each kind of thing is tested, and not all there is. */
const tries = process.env['TESTS'] === 'kinds' ? 2000 : 10_000;

test(`${tries} random and spoiled addresses are read without harm, and what was read is written and read the same`, () => {
  let spoiled = 0;
  const texts = new Set<string>();
  fc.assert(
    fc.property(fragments, (fragment) => {
      const { state, objection } = read(fragment);
      if (objection) spoiled++;
      const { panels, sampling, playback, look, linked } = state;
      assert.ok(panels.length > 0 && panels.length < 7);
      assert.ok(Number.isSafeInteger(sampling.seed) && sampling.particles >= 512);
      for (const { path, least, greatest, whole } of planeSchemes.catalogue.levels) {
        const value = sampling.levels[path.split('/')[2] as 'steps' | 'min' | 'max'];
        assert.ok(value >= least && value <= greatest && (!whole || Number.isInteger(value)), `${path} is ${value}`);
      }
      assert.deepEqual(lacks(state), []);
      assert.ok(playback.position <= sampling.levels.steps);
      assert.ok(Object.values(look.view ?? {}).every(Number.isFinite));
      assert.ok(linked.every((particle) => particle < sampling.particles));
      const text = writeState(plane, state);
      texts.add(text);
      const again = read(text);
      assert.equal(again.objection, null, text);
      assert.deepEqual(kept(again.state), kept(state));
    }),
    { numRuns: tries, seed: 20_260_612 },
  );
  assert.ok(spoiled > tries / 10 && texts.size > tries / 50, `${spoiled} objections, ${texts.size} states`);
});

/** An address with a part that cannot be had, and what the page says of it. */
const refused: [string, RegExp][] = [
  ['levels=~spacing:null', /“spacing” of a list of noise levels cannot be null/],
  ['levels=~foo:1', /has no field “foo”/],
  ['levels=~steps:2.5', /a whole number/],
  ['schemes=none~levels.steps:100000', /number of steps/],
  ['schemes=none~levels.spacing:null', /cannot be null/],
  ['schemes=none~weight:.5', /“\.5” is no value/],
  ['schemes=[none]', /no list in JSON/],
  ['schemes=none~schedule:{"curve":{"points":[]}}', /cannot be/],
  ['schemes=none~schedule:{"curve":{"points":[[0]]}}', /cannot be/],
  ['schemes=autoguidance~weight:1e400', /“weight” of a scheme cannot be a number beyond all bounds/],
  ['schemes=sigma-scaling~guide.sigmaScale:1e400', /beyond all bounds/],
  ['schemes=autoguidance~interval:{"low":0.05,"high":1e400}', /cannot be/],
  ['schemes=autoguidance~weight:-1e400', /beyond all bounds/],
  ['seed=', /the seed has to be a whole number/],
  ['schemes=', /there is no scheme named “”/],
  ['view=,,1', /3 numbers within a thousand/],
  ['cut=,,1,1', /4 numbers within a thousand/],
  ['particles=', /it can be 512/],
  ['follow=', /it can be 0/],
  ['lit=', /a particle has to be/],
];

for (const [part, sentence] of refused) {
  test(`${part} is left out with a sentence`, () => {
    const { state, objection } = read(`v=1&${part}&paths=1`);
    assert.match(objection ?? '', sentence);
    assert.match(objection!, /^The address asks for \w+ that cannot be had, so this part is left out: /);
    assert.doesNotMatch(objection!, /JSON\.parse|token|Unexpected|position \d/);
    assert.equal(writeState(plane, state), 'v=1&paths=1');
  });
}

test('an address names its lab where that is not the plane, and no other lab reads it in silence', () => {
  const other = { ...plane, id: 'other' };
  const opening = openingState(other, false);
  assert.equal(writeState(other, opening), 'v=1&lab=other');
  const text = writeState(other, { ...opening, sampling: { ...opening.sampling, seed: 7 } });
  assert.equal(text, 'v=1&lab=other&seed=7');
  assert.deepEqual([text, `#${text}`, '', 'v=1&seed=7'].map(labNamed), ['other', 'other', 'plane', 'plane']);
  assert.equal(readOpening(other, askedBy(text), false, 'The address').objection, null);
  assert.match(read(text).objection ?? '', /^The address asks for another lab \(other\)/);
});
