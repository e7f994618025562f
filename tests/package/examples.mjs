// The examples of docs/api.md and of the package's README.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { run } from './run.mjs';

/** Blocks that begin so run as they are, in Node; others show HTML, or a browser's or another tool's part. */
const block = /^```js\n([\s\S]*?)^```$/gm;

export function testExamples(folder) {
  for (const document of ['docs/api.md', 'www/library/README.md']) {
    const examples = [...readFileSync(resolve(document), 'utf8').matchAll(block)];
    test(`the ${examples.length} examples of ${document} run`, () => {
      assert.ok(examples.length > 0);
      examples.forEach(([, code], i) => {
        const file = `example-${i}.mjs`;
        writeFileSync(join(folder, file), code);
        run(process.execPath, [file], folder);
      });
    });
  }
}
