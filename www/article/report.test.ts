import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { imagesBasis } from '../images/state/lab.js';
import { planeBasis } from '../plane/state/lab.js';
import { askedBy, readOpening } from '../state/address.js';
import { credits, imagesReport, planeReport, Report } from './report.js';
import { typeset, type Reports } from './typeset.js';

const plane = new Report(
  `16384 particles, 5 seeds
| 1. It works. | holds | not tested |

## With networks

|  | outliers | branch TV | branches |
| --- | ---: | ---: | ---: |
| CFG, w = 4 | 0.1634 ± 0.0013 | 0.6813 ± 0.0011 | 28.24 ± 0.09 |

# Since the proposal

4096 particles

| 1. It sharpens. | undecided | holds |

<img src="fronts.svg" alt="outliers against branches" width="942" height="1838">

## Every rule, with networks

|  | setting | outliers | branch TV |
| --- | ---: | ---: | ---: |
| PMC-CFG | as published | 0.1034 ± 0.0013 | 0.0813 ± 0.0011 |
| PMC-CFG, at its best | G = 1.05 | 0.0934 ± 0.0013 | 0.0713 ± 0.0011 |
`,
  planeReport,
);

const heads = '|  | subject right | same picture | chroma excess | distance |\n| --- | ---: | ---: | ---: | ---: |';
const images = new Report(
  `48 concepts, 16 pictures of each from each of 3 noises

| claim | with networks | with exact scores |
| --- | ---: | ---: |
| 1. CFG over-saturates. | holds | does not hold |
| 2. Twelve things: of them two. | undecided | holds |

<img src="images-report/networks-prompt.png" alt="With networks: “rocket”" width="790">

With networks; columns: “rocket”. Rows from above: no guidance; CFG, w = 2; k = 1.4, w = 1.2, scores mixed.

## Concepts

### With networks

${heads}
| no guidance | 0.998 ± 0.001 | 0.029 ± 0.002 | -0.0019 ± 0.0002 | 0.0335 ± 0.0002 |
| CFG, w = 4, k = 1.2 | 1.000 ± 0.000 | 0.067 ± 0.003 | 0.0118 ± 0.0004 | 0.0695 ± 0.0004 |
| truth | 1.000 | 0.024 | 0.0000 | 0.0000 |

Differences.

${heads}
| CFG, w = 2 | +0.002 ± 0.001 | +0.009 ± 0.002 | +0.0021 ± 0.0003 | -0.0013 ± 0.0002 |

### With exact scores

${heads}
| no guidance | 1.000 ± 0.000 | 0.023 ± 0.002 | -0.0000 ± 0.0000 | 0.0000 ± 0.0000 |

## Claims

### 13. What the plane says of outliers holds on images.

| to be above zero | with networks | with exact scores: guidance |
| --- | ---: | ---: |
| rank correlation, 49 schemes | +0.1493 (-0.2670 to +0.4987): undecided | nothing to rank |
| an odd one |  | |
`,
  imagesReport,
);
const reports: Reports = { plane, images };
const set = (source: string) => typeset(source, reports);

test('numbers of the plane are written with the digits that they are worth', () => {
  assert.equal(set('[[networks: CFG, w = 4: outliers]]'), '16.3%');
  assert.equal(set('[[networks: CFG, w = 4: outliers ±]]'), '16.34% ± 0.13');
  assert.equal(set('[[networks: CFG, w = 4: branch TV]]'), '0.68');
  assert.equal(set('[[networks: CFG, w = 4: branches ±]]'), '28.24 ± 0.09');
  assert.equal(set('[[particles]] of [[seeds]]'), '16,384 of 5');
});

test('numbers of pictures keep the digits of their columns', () => {
  assert.equal(set('[[images-networks: no guidance: subject right]]'), '99.8%');
  assert.equal(set('[[images-networks: no guidance: chroma excess]]'), '−0.0019');
  assert.equal(set('[[images-networks: no guidance: chroma excess ±]]'), '−0.0019 ± 0.0002');
  assert.equal(set('[[images-networks: CFG, w = 4, k = 1.2: same picture ±]]'), '6.7% ± 0.3');
  // Truth has no standard error, and no negative zero is written.
  assert.equal(set('[[images-networks: truth: same picture ±]]'), '2.4%');
  assert.equal(set('[[images-exact: no guidance: chroma excess]]'), '0.0000');
  assert.equal(set('[[images-outliers: rank correlation, 49 schemes: with networks]]'), '0.1493 (−0.2670 to 0.4987)');
  assert.equal(set('[[images-concepts]], [[images-pictures of each]], [[images-noises]], [[images-schemes]]'), '48, 16, 3, 49');
});

test('verdicts are in the order of the report, and the text rests on them', () => {
  assert.equal(
    set('[[images-claims]]').split('\n')[0],
    '<tr><th scope="row">CFG over-saturates.</th><td data-verdict="holds">holds</td><td data-verdict="does not hold">does not hold</td></tr>',
  );
  assert.match(set('[[claims]]'), /^<tr><th scope="row">It works\.<\/th>.*not tested/);
  assert.equal(set('[[images-claim: CFG over-saturates.: holds, does not hold]]'), '');
  assert.equal(set('[[images-claim: Twelve things: of them two.: undecided, holds]]'), '');
  assert.throws(() => set('[[images-claim: CFG over-saturates.: holds, holds]]'), /does not say .* It says:\nCFG over-saturates/);
});

test('the second half of a report is read for itself', () => {
  assert.equal(set('[[since-networks: PMC-CFG: outliers]]'), '10.3%');
  assert.equal(set('[[since-networks: PMC-CFG, at its best: branch TV ±]]'), '0.0713 ± 0.0011');
  assert.equal(set('[[particles]], then [[since-particles]]'), '16,384, then 4,096');
  assert.match(set('[[since-claims]]'), /^<tr><th scope="row">It sharpens\.<\/th>.*undecided.*holds/);
  assert.doesNotMatch(set('[[claims]]'), /It sharpens/);
  assert.equal(set('[[since-claim: It sharpens.: undecided, holds]]'), '');
  assert.match(
    set('[[since-picture: fronts.svg]]'),
    /src="\/docs\/fronts\.svg" alt="outliers against branches" width="942" height="1838" loading="lazy"/,
  );
  for (const source of [
    '[[since-picture: others.svg]]',
    '[[picture: fronts.svg]]',
    '[[claim: It sharpens.: undecided, holds]]',
    '[[since-claim: It works.: holds, not tested]]',
    '[[since-networks: CFG, w = 4: outliers]]',
    '[[networks: PMC-CFG: outliers]]',
    '[[images-since-claims]]',
  ])
    assert.throws(() => set(source), Error, source);
});

test('pictures have their rows beside them, and are fetched when they come near', () => {
  const figure = set('[[images-grid: networks-prompt]]');
  assert.match(figure, /<li>CFG, w\u00a0=\u00a02<\/li><li>k\u00a0=\u00a01\.4, w\u00a0=\u00a01\.2, scores mixed<\/li><\/ol>/);
  assert.match(
    figure,
    /src="\/docs\/images-report\/networks-prompt\.png" alt="With networks: “rocket”" width="790" height="196" loading="lazy"/,
  );
  assert.match(credits, /^After Noto Emoji/);
});

test('what there is not fails', () => {
  for (const source of [
    '[[images-networks: CFG, w = 3: distance]]',
    '[[images-networks: no guidance: speed]]',
    // Only among the differences.
    '[[images-networks: CFG, w = 2: distance]]',
    '[[images-nets: no guidance: distance]]',
    '[[images-toString: no guidance: distance]]',
    '[[images-unseen: no guidance: distance]]',
    '[[images-outliers: an odd one: with networks]]',
    // No number.
    '[[images-outliers: rank correlation, 49 schemes: with exact scores: guidance]]',
    '[[images-grid: networks-riding]]',
    '[[images-birds]]',
    '[[networks: CFG, w = 4: distance]]',
    '<gp-glossary-term term="chromaExcess">',
    '<gp-glossary-term lab="images" term="outliers">',
    '<show-me lab="images" what="opening">',
  ])
    assert.throws(() => set(source), Error, source);
});

test('a button sets a state that can be had, and says what it shows', () => {
  const text = readFileSync('www/article/since.html', 'utf8');
  const buttons = [...text.matchAll(/<show-me (lab="images" )?state=("[^"]*"|'[^']*') shows="([^"]+)">/g)];
  assert.equal(buttons.length, text.split('<show-me').length - 1);
  for (const [, images, quoted] of buttons) {
    const asked = askedBy(quoted!.slice(1, -1));
    const { objection } = images ? readOpening(imagesBasis, asked, false, 'It', true) : readOpening(planeBasis, asked, false, 'It', true);
    assert.equal(objection, null);
  }
});

test('the article can be had from the reports as they are', () => {
  const read = (path: string) => readFileSync(path, 'utf8');
  const text = typeset(['article', 'images', 'since'].map((name) => read(`www/article/${name}.html`)).join(''), {
    plane: new Report(read('docs/report.md'), planeReport),
    images: new Report(read('docs/images-report.md'), imagesReport),
  });
  assert.doesNotMatch(text, /NaN|undefined|\[\[|\$/);
});
