// What would be published, and how much of it there is.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';

/** Bytes of the tarball: 36 networks (1.4 MB) and five of pictures (14 MB), ten builds of the wasm, and source maps. Raise it only with a reason in the commit. */
const mostPacked = 18_700_000;

const hash = '[\\w-]{8}';
/** Patterns of the files, and how many there are of each; a star for any number. */
const expected = [
  ['LICENSE-(APACHE|MIT)', 2],
  ['README\\.md', 1],
  ['package\\.json', 1],
  ['custom-elements\\.json', 1],
  ['lib/licences\\.md', 1],
  ['lib/(index|images|training|guidance-playground)\\.js', 4],
  ['lib/(index|images|training|guidance-playground)\\.js\\.map', '*'],
  [`lib/chunk-[\\w-]+-${hash}\\.js`, '*'],
  [`lib/chunk-[\\w-]+-${hash}\\.js\\.map`, '*'],
  [`lib/assets/guidance_playground_bg-${hash}\\.wasm`, 10],
  [`lib/assets/sprites\\.safetensors-${hash}\\.gz`, 1],
  [`lib/assets/(main|guide|tail)[\\w-]*-${hash}\\.weights`, networks('weights').length + networks('weights/images').length],
  [`lib/assets/(coordinator|device|gif|gpu|own-data|pool|question|read|shard|trajectory|video)-worker-${hash}\\.js`, 15],
  [`lib/assets/(coordinator|device|gif|gpu|own-data|pool|question|read|shard|trajectory|video)-worker-${hash}\\.js\\.map`, 15],
  ['lib/types/pkg/((images|training)/)?guidance_playground\\.d\\.ts', 3],
  // What the entries' own types speak of, and nothing of the instrument's.
  [
    'lib/types/www/((library|library/images|library/training|training|images|images/engine|embed|scheme|state|engine|export)/[a-z-]+|plane/(look|explanations|state/[a-z-]+|explanation/settings)|lab/request|components/events)\\.d\\.ts',
    '*',
  ],
];

function networks(folder) {
  return readdirSync(folder).filter((name) => name.endsWith('.safetensors'));
}

export function testList({ files, size, unpackedSize }) {
  test('the published files are these', (t) => {
    const left = new Set(files.map(({ path }) => path));
    for (const [pattern, count] of expected) {
      const found = [...left].filter((path) => new RegExp(`^${pattern}$`).test(path));
      found.forEach((path) => left.delete(path));
      if (count === '*') assert.ok(found.length > 0, pattern);
      else assert.equal(found.length, count, `${pattern}: ${found.join(', ')}`);
    }
    assert.deepEqual([...left], []);
    t.diagnostic(`${files.length} files, ${size} bytes packed of ${mostPacked}, ${unpackedSize} unpacked`);
    assert.ok(size <= mostPacked, `${size} bytes packed`);
  });
}
