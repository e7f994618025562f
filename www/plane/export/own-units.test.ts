import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inOwnUnits, ownUnitsOf } from './own-units.js';

test('places are told in the units of the points', () => {
  assert.equal(ownUnitsOf('two-moons'), null);
  const own = ownUnitsOf('points-2.5~-30~0.125~GAACACHAACAC')!;
  assert.deepEqual(own, { unit: 2.5, origin: [-30, 0.125] });
  assert.deepEqual(inOwnUnits(own, 2, -1), [-25, -2.375]);
});
