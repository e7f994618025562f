import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeVisits, visit, visits } from './coverage.js';

test('branches are told apart by factors, and by chance', () => {
  assert.equal(visit(0.02, 0.01, 0.006), 0);
  assert.equal(visit(0.0124, 0.01, 0.0001), 0);
  assert.deepEqual(
    [0.0126, 0.021, 0.041].map((share) => visit(share, 0.01, 0.0001)),
    [1, 2, 3],
  );
  assert.deepEqual(
    [0.0079, 0.0049, 0.0024, 0, -0].map((share) => visit(share, 0.01, 0.0001)),
    [-1, -2, -3, -3, -3],
  );
  const branches = [0.5, 0.3, 0.2].map((mass) => ({ mass }));
  const coverage = { share: new Float64Array([0.1, 0.25, 0.65]), error: new Float64Array(3).fill(0.001) };
  assert.deepEqual(visits(branches, coverage), [-3, 0, 2]);
  assert.equal(
    describeVisits([-3, -1, 0, 2]),
    'Of 4 branches, 1 gets less than half of its share and 1 more than twice; 1 gets about what it should.',
  );
});
