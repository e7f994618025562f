// The package's manifest, from which the library reads its version: it comes before Vite.
import { readFileSync, writeFileSync } from 'node:fs';

// The crate's manifest knows name and version; ours what is in the package.
const crate = readFileSync('Cargo.toml', 'utf8');
const known = Object.fromEntries(
  ['name', 'version', 'description', 'license'].map((field) => [field, new RegExp(`^${field} = "(.*)"$`, 'm').exec(crate)[1]]),
);
const manifest = { ...known, ...JSON.parse(readFileSync('www/library/manifest.json', 'utf8')) };
writeFileSync('pkg/package.json', `${JSON.stringify(manifest, null, 2)}\n`);
