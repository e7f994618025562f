import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planeSchemes } from '../plane/schemes.js';
import { papersTree } from '../scheme/scheme.js';
import { exactModel, withGuide } from '../scheme/table.js';
import * as changes from './changes.js';
import { addPanel, chooseScheme, setScheme, wishOf } from './changes.js';
import { planeBasis as plane } from '../plane/state/lab.js';
import { reachable } from '../plane/state/random-states.js';
import type { PlaneState } from '../plane/state/state.js';
import { openingState } from './lab.js';

const fit = (state: PlaneState) => changes.fit(plane, state);
const to = (state: PlaneState, distribution: string) => fit(changes.setSampling(plane, state, { distribution }));
const opening = fit(openingState(plane, false));
const autoguidance = opening.panels[2]!;

test('other data and back bring all schemes back', () => {
  fc.assert(
    fc.property(reachable, fc.constantFrom('two-moons', 'tree-7', 'checkerboard'), (state, distribution) => {
      const before = to(state, papersTree);
      const after = to(to(to(before, distribution), 'two-rings'), papersTree);
      assert.deepEqual(after.panels, before.panels);
    }),
    { numRuns: 300, seed: 1 },
  );
});

test('a panel says what its scheme stands for, and only where it does', () => {
  const moons = to(opening, 'two-moons').panels[2]!;
  assert.equal(moons.choice, 'sigma-scaling');
  assert.deepEqual(wishOf(moons), { choice: 'autoguidance', scheme: autoguidance.scheme });
  assert.equal('standsFor' in to(to(opening, 'two-moons'), papersTree).panels[2]!, false);
  // A scheme without networks is itself everywhere.
  const exact = fit(setScheme(opening, 0, { ...opening.panels[0]!.scheme, main: exactModel('A') }));
  assert.equal(to(exact, 'two-moons').panels[0], exact.panels[0]);
});

test('what is changed of a stand-in is changed of what it stands for', () => {
  const moons = to(opening, 'two-moons');
  const lighter = fit(setScheme(moons, 2, { ...moons.panels[2]!.scheme, weight: 2 }));
  assert.equal(lighter.panels[2]!.scheme.weight, 2);
  assert.deepEqual(to(lighter, papersTree).panels[2], { ...autoguidance, scheme: { ...autoguidance.scheme, weight: 2 } });
});

test('what differs from what it stands for is kept as it was made by hand', () => {
  const moons = to(opening, 'two-moons');
  const { scheme } = moons.panels[2]!;
  const byHand = fit(setScheme(moons, 2, { ...scheme, guide: { ...scheme.guide!, sigmaScale: 1.3 } }));
  assert.equal('standsFor' in byHand.panels[2]!, false);
  assert.equal(to(byHand, papersTree).panels[2]!.scheme.guide!.sigmaScale, 1.3);
  // Another condition is another model, even where the model of its name has it not.
  const both = fit(setScheme(moons, 2, withGuide(scheme, exactModel('AB'))));
  assert.equal('standsFor' in both.panels[2]!, false);
});

test('a chosen scheme stands for nothing that was there before, and a duplicate for the same', () => {
  const moons = to(opening, 'two-moons');
  const chosen = fit(chooseScheme(moons, 2, planeSchemes.choiceOf('ht-1.10')));
  assert.equal(wishOf(chosen.panels[2]!).choice, 'ht-1.10');
  const twice = to(fit(addPanel(moons, moons.panels[2]!)), papersTree);
  assert.equal(twice.panels[3]!.choice, 'autoguidance');
});

test('a run goes on where nothing of its scheme has changed', () => {
  const moons = to(opening, 'two-moons');
  assert.equal(fit(moons), moons);
  assert.equal(to(moons, 'two-rings').panels[2], moons.panels[2]);
});
