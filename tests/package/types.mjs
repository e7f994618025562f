import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { run } from './run.mjs';

/** How a project that uses the package may find its types, and what the project has beside them. */
const settings = {
  bundler: { module: 'esnext', moduleResolution: 'bundler', lib: ['ES2022', 'DOM'] },
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext', lib: ['ES2022', 'DOM'] },
};

export function testTypes(folder) {
  for (const [name, options] of Object.entries(settings)) {
    test(`its types hold for a project with moduleResolution ${name}`, () => {
      const project = join(folder, `tsconfig.${name}.json`);
      const compilerOptions = { ...options, target: 'es2022', strict: true, noEmit: true, exactOptionalPropertyTypes: true, types: [] };
      writeFileSync(project, JSON.stringify({ compilerOptions, files: ['typed.ts'] }));
      run(resolve('node_modules/.bin/tsc'), ['-p', project], folder);
    });
  }
}
