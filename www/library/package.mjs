// What is left to do in pkg/ when Vite and tsc are through: `npm run build:package` runs them all.
import { appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const types = resolve('pkg/lib/types');
const entries = JSON.parse(readFileSync('tsconfig.package.json', 'utf8')).files;

// Of all that tsc has declared, what a user can reach from the entries, and the core's plain data. The core's classes are for
// the library alone, and speak of types that Node lacks.
for (const build of ['pkg', 'pkg/images', 'pkg/training']) {
  const core = readFileSync(join(build, 'guidance_playground.d.ts'), 'utf8');
  const data = core.slice(0, core.lastIndexOf('/**', core.search(/^export class /m)));
  mkdirSync(join(types, build), { recursive: true });
  writeFileSync(join(types, build, 'guidance_playground.d.ts'), data);
}

const reached = new Set();
const reach = (file) => {
  if (reached.has(file)) return;
  if (!existsSync(file)) throw new Error(`The package's types need ${file}.`);
  reached.add(file);
  for (const [, path] of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?'(\.[^']+)\.js'/g)) {
    reach(resolve(dirname(file), `${path}.d.ts`));
  }
};
for (const entry of entries) reach(join(types, entry.replace(/\.ts$/, '.d.ts')));

for (const file of readdirSync(types, { recursive: true, withFileTypes: true })) {
  const path = join(file.parentPath, file.name);
  if (file.isFile() && !reached.has(path)) rmSync(path);
}

// Vite lists the licences of what the modules have in them, but not of what only workers have.
const licences = 'pkg/lib/licences.md';
for (const name of Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).dependencies)) {
  if (readFileSync(licences, 'utf8').includes(`## ${name} - `)) continue;
  const folder = join('node_modules', name);
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const text = readFileSync(
    join(
      folder,
      readdirSync(folder).find((file) => /^licen[cs]e/i.test(file)),
    ),
    'utf8',
  );
  appendFileSync(licences, `\n## ${name} - ${version} (${license})\n\n${text}`);
}

copyFileSync('www/library/README.md', 'pkg/README.md');
for (const licence of ['LICENSE-APACHE', 'LICENSE-MIT']) copyFileSync(licence, join('pkg', licence));
