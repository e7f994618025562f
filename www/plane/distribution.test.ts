import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distributionOf, treeSeed } from './distribution.js';

test('data are known by name', () => {
  assert.deepEqual(['tree-0', 'tree-4294967295', 'tree-4294967296', 'tree-01', 'two-moons'].map(treeSeed), [
    0,
    4294967295,
    null,
    null,
    null,
  ]);
  assert.throws(() => distributionOf('pretzel'), /there are .*two-moons.* and tree-0 to/);
});
