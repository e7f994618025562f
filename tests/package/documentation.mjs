// The lists of docs/embedding.md are those of the element. `npm run docs`: a stale file is rewritten, and the test fails once, to
// have it looked at and committed.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { build } from 'esbuild';

const guide = 'docs/embedding.md';

test(`the lists of ${guide} are the element’s`, async () => {
  const { outputFiles } = await build({ entryPoints: ['www/embed/documentation.ts'], bundle: true, format: 'esm', write: false });
  const { documented } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);
  const now = readFileSync(guide, 'utf8');
  const fresh = documented(now);
  if (fresh === now) return;
  writeFileSync(guide, fresh);
  assert.fail(`${guide} was stale; it is fresh now: look at it and commit it`);
});
