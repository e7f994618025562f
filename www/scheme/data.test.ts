import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentOf, idOf, identified } from './data.js';

test('ids are FNV-1a, and lead back to their content', () => {
  // The test vectors of the algorithm's authors (RFC 9923, appendix C), which the core's ids are tested with, too.
  assert.deepEqual(['', 'a', 'foobar'].map(idOf), ['cbf29ce484222325', 'af63dc4c8601ec8c', '85944171f73967e8']);
  for (const content of ['', 'tree-2', 'tree-7']) assert.equal(contentOf(idOf(content)), content);
  assert.deepEqual(identified({ seed: 1, distribution: 'a' }), { seed: 1, distribution: 'af63dc4c8601ec8c' });
});
