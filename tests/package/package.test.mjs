// The npm package as its users have it: packed, installed without a network into an empty folder, and used from there.
// `npm run test:package`, after `npm run build:package`; COMMAND is the native command, CHROMIUM the browser.
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after } from 'node:test';
import { pathToFileURL } from 'node:url';
import { testBundlers } from './bundlers.mjs';
import './documentation.mjs';
import { testExamples } from './examples.mjs';
import { testFirstLoad } from './first-load.mjs';
import { testList } from './list.mjs';
import { testManifest } from './manifest.mjs';
import { run } from './run.mjs';
import { testTraining } from './training.mjs';
import { testTypes } from './types.mjs';

const folder = mkdtempSync(join(tmpdir(), 'guidance-playground-'));

const [packed] = JSON.parse(run('npm', ['pack', resolve('pkg'), '--json', '--pack-destination', folder], folder));
writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
run('npm', ['install', '--offline', '--no-save', '--no-audit', '--no-fund', join(folder, packed.filename)], folder);
const consumer = resolve('tests/package/consumer');
for (const file of readdirSync(consumer)) copyFileSync(join(consumer, file), join(folder, file));

// From where it lies now, it finds the package as a user's module does.
for (const module of ['library.mjs', 'images.mjs', 'own-rule.mjs', 'training.mjs']) await import(pathToFileURL(join(folder, module)));
testList(packed);
testManifest(folder);
testExamples(folder);
testTypes(folder);
testBundlers(folder);
testFirstLoad(folder);
testTraining(folder);
after(() => rmSync(folder, { recursive: true }));
