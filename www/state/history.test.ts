// One hand, one step: whatever is changed until a key or a pointer is let go is taken back at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setSampling } from './changes.js';
import { History } from './history.js';
import { planeBasis as plane } from '../plane/state/lab.js';
import type { PlaneState } from '../plane/state/state.js';
import { openingState } from './lab.js';

const seeded = (seed: number): PlaneState => setSampling(plane, openingState(plane, false), { seed });

test('what one hand changes is one step, and what the next changes another', () => {
  const history = new History(seeded(1));
  const [one, other] = [Symbol(), Symbol()];
  for (const seed of [2, 3, 4]) history.settle(seeded(seed), one);
  for (const seed of [5, 6]) history.settle(seeded(seed), other);
  assert.equal(history.undo(seeded(6)).sampling.seed, 4);
  assert.equal(history.undo(seeded(4)).sampling.seed, 1);
  assert.equal(history.canUndo, false);
  assert.equal(history.redo(seeded(1)).sampling.seed, 4);
  assert.equal(history.redo(seeded(4)).sampling.seed, 6);
});

test('changes without a hand are a step each', () => {
  const history = new History(seeded(1));
  for (const seed of [2, 3]) history.settle(seeded(seed));
  assert.equal(history.undo(seeded(3)).sampling.seed, 2);
});

test('a hand that brings back what was there has done nothing', () => {
  const history = new History(seeded(1));
  const hand = Symbol();
  for (const seed of [2, 1]) history.settle(seeded(seed), hand);
  assert.equal(history.canUndo, false);
});

test('what a hand changes after an undo is a step of its own', () => {
  const history = new History(seeded(1));
  const hand = Symbol();
  history.settle(seeded(2), hand);
  history.undo(seeded(2));
  history.settle(seeded(3), hand);
  assert.equal(history.undo(seeded(3)).sampling.seed, 1);
});
