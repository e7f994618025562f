// What Rust, which reads addresses without a page (src/address), is told of the page, and is held to.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { imagesBasis as images } from '../images/state/lab.js';
import { planeBasis as plane } from '../plane/state/lab.js';
import { fragments, reachable } from '../plane/state/random-states.js';
import { writeSchemes } from '../scheme/address.js';
import { describe, schemeText, settled } from '../export/code.js';
import type { Scheme } from '../scheme/scheme.js';
import { askedBy, askedByAddress, readAsked, writeState, type Asked } from './address.js';
import { demonstrate } from './demonstration.js';
import { usualLab } from './lab-name.js';
import { openingState, type LabBasis } from './lab.js';
import type { State, StateTypes } from './state.js';

/** Writes a file anew where it is another than it was. */
function expectFresh(path: string, lines: string): void {
  let before = '';
  try {
    before = readFileSync(path, 'utf8');
  } catch {
    // There is none yet.
  }
  if (before !== lines) writeFileSync(path, lines);
  assert.ok(before === lines, `${path} was not what the page is: it is written anew, and to be committed`);
}

/** Parts of an address on which no run depends. */
function looksOf<Of extends StateTypes>({ parts }: LabBasis<Of>): string[] {
  return [...parts.look.map(({ name }) => name), 'lit', 'step', 'sigma'];
}

function pageOf<Of extends StateTypes>(lab: LabBasis<Of>) {
  const opening = openingState(lab, false);
  const { data, sampling } = lab.parts;
  const at = (name: string) => (opening.sampling as unknown as Record<string, unknown>)[name];
  return {
    subject: [data[0]!.name, at(data[0]!.name)],
    samples: [sampling[0]!.name, lab.samples.of(opening.sampling), lab.samples.choices],
    seed: opening.sampling.seed,
    schemes: writeSchemes(lab.schemes, opening.panels),
    looks: looksOf(lab),
    presets: Object.fromEntries(
      Object.entries(lab.demonstrations).map(([name, asked]) => [
        name,
        writeState(lab as unknown as LabBasis, demonstrate(lab, opening, asked, false)),
      ]),
    ),
  };
}

test('src/address/page.json is what the page opens with, and what its presets are', () => {
  for (const { parts } of [plane, images]) assert.deepEqual([parts.data.length, parts.sampling.length], [1, 1]);
  expectFresh('src/address/page.json', `${JSON.stringify({ plane: pageOf(plane), images: pageOf(images) }, null, 2)}\n`);
});

/** What each panel runs, as the page takes it all or nothing; null where it does not. Of schemes on the plane what is as in no guidance is left out. */
function runsOf<Of extends StateTypes>(lab: LabBasis<Of>, asked: Asked) {
  const looks = looksOf(lab);
  const relevant = new Map([...asked].filter(([name]) => !looks.includes(name)));
  const { state, objection } = readAsked(lab, openingState(lab, false), relevant, 'The address', true);
  if (objection) return null;
  return state.panels.map((panel) => {
    const config = lab.runConfig(panel, state.sampling);
    return lab.id === usualLab ? { ...config, scheme: shortOf(config.scheme) } : config;
  });
}

function shortOf(scheme: Scheme) {
  const plain = plane.schemes.choiceOf('none').scheme;
  return Object.fromEntries(
    Object.entries(scheme).filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(plain[field as 'main'])),
  );
}

/** What can be copied of a state's first panel: its scheme alone, in both ways. */
function copiesOf<Of extends StateTypes>({ id: lab, schemes }: LabBasis<Of>, { panels, sampling }: State<Of>) {
  const scheme = settled(schemes, panels[0]!, sampling.levels);
  const description = describe(schemes, panels[0]!, sampling.levels);
  const texts = [schemeText(schemes, panels[0]!, sampling.levels)];
  // Programs are of the plane.
  if (lab === usualLab) texts.push(typeof description === 'string' ? description : JSON.stringify(description));
  return texts.map((copied) => ({ lab, copied, scheme: lab === usualLab ? shortOf(scheme) : scheme }));
}

const drawing = 'drawing-IEgChGA0DMDgCtCvC4B_BsCMDgCtC9B4DrBgEMDgCtCAyEA0EMDgCtC4B6DoBgEMDgCtCwCgC8B0CdExFhDAgG2D0EmEmBoEnB2D1EAhG';
const curve = '{"curve":{"points":[[0,0.5],[0.5,2],[1,1]]}}';

const byHand = [
  '',
  '#v=1',
  'seed=7&particles=512',
  'v=1&schemes=none,ht-1.10~weight:2&seed=9007199254740991',
  'v=2&schemes=none',
  'v=1&schemes=own&engine=cpu',
  'v=1&schemes=own~combination.own.text:%22D1%20%2B%20(w%20-%201)%20*%20(D1%20-%20D0)%22',
  'v=1&schemes=apg~combination:{"own":{"text":"param%20g%20=%201%20in%200..2%0AD1%20%2B%20g%20*%20(D1-D0)","values":{"g":1.2},"name":"Mine"}}',
  'v=1&schemes=autoguidance~main:own-mine-0123456789~guide.model:own-lesser-0123456789:B&distribution=two-moons',
  `v=1&schemes=autoguidance~schedule:${curve},none,cfg-toy~schedule:${curve}~schedule.curve.points.1:[0.25,3]&panels=2`,
  'v=1&distribution=two-moons&schemes=none,classifier-free,autoguidance,heavy-tail-network,time-step,dropout',
  'v=1&distribution=tree-7&schemes=independent-condition,cfg-large,feynman-kac~levels.steps:64',
  `v=1&distribution=${drawing}&schemes=sigma-scaling~guide.sigmaScale:1.3`,
  'v=1&distribution=points-1~0~0~GAACAC&schemes=none',
  'v=1&distribution=points-2.5~-30~0.125~GAACACHAACAC&schemes=cfg-toy',
  'v=1&schemes=[{"main":"main-A64-4096","guide":{"model":"guide-AB32-0512"},"weight":3,"version":1},"none",{"guide":{"sigmaScale":1.2},"weight":2}]',
  'v=1&schemes=[{"main":{"model":"exact","condition":"AB"},"guide":{"model":"exact:B"},"levels":{"steps":8},"weight":3},"none~weight:1"]',
  'v=1&schemes=none,feedback~levels.steps:12,feynman-kac&levels=~max:9~spacing.edm.rho:5',
  'v=1&schemes=none,,cfg-toy',
  'v=1&schemes=none,none,none,none,none,none,none',
  'v=1&schemes=[]',
  'v=1&schemes=%5B%5D',
  'v=1&schemes=autoguidance~guide:null',
  'v=1&schemes=none~guide:{"sigmaScale":1.3}~weight:2',
  'v=1&schemes=none~guide.model:exact:A',
  'v=1&schemes=autoguidance~guide.model:exact:C',
  'v=1&schemes=autoguidance~interval:[0.1,1]',
  'v=1&schemes=autoguidance~interval:{"low":0.1,"high":1}~solver:{"euler":null}',
  'v=1&schemes=none~solver:{"churn":[1,2,3,4]}',
  'v=1&schemes=none~combination:{"apg":{}}',
  'v=1&levels=~steps:0',
  'v=1&levels=~steps:2.5',
  'v=1&panels=0',
  'v=1&panels=1',
  'v=1&nonsense=1',
  'v=1&lab=images',
  'v=1&view=nonsense&lit=-1&step=many&seed=3',
  ...Object.keys(plane.demonstrations).map((name) => `preset=${name}`),
  'preset=weights&seed=4&distribution=two-rings&panels=2&levels=~steps:16',
  'preset=nonsense',
];

const ofPictures = [
  'v=1&lab=images',
  'lab=images&prompt=rocket&pictures=36&seed=5&schemes=none,cfg4~weight:3,cfg4-interval&levels=~steps:8',
  'lab=images&schemes=autoguidance~guide.condition:x',
  'lab=images&schemes=autoguidance~bands:{"high":2,"low":0.5}~cads:{"begin":0.1,"end":0.5,"mix":1,"strength":0.2}',
  'lab=images&schemes=cfg4~negatives:[{"prompt":"a%20dog,%20or~so","weight":0.5}]~finish:{"rescale":{"share":0.7}}',
  'lab=images&schemes=cfg4~negatives:[{"prompt":"a%20dog"}]',
  'lab=images&schemes=cfg4~negatives:[[1]]',
  'lab=images&schemes=own~combination.own.text:"D1"',
  'lab=images&schemes=[{"main":"main","guide":{"model":"guide:anything","sigmaScale":1.1},"weight":2},"none~main:exact"]',
  'lab=images&prompt=a%20%E2%80%AEdog&schemes=none&shows=main&large=1',
  'lab=images&pictures=5',
  'lab=images&distribution=tree-2',
  'v=1&lab=plane&seed=4',
  ...Object.keys(images.demonstrations).map((name) => `lab=images&preset=${name}`),
];

const addresses = [
  'https://example.org/play/',
  'https://example.org/play/#why',
  'https://example.org/play/?schemes=none,ht-1.10~weight:2',
  'https://example.org/play/?engine=cpu&schemes=own~combination.own.text:%22D1+%2B+0%22#v=1&seed=8',
  'http://127.0.0.1:4400/index.html?schemes=none#v=1&schemes=cfg-toy&distribution=checkerboard',
  'file:///home/me/dist/index.html#v=1&preset=moons',
];

/** Random ones; GUIDANCE_TRIES asks once for more than are kept, in a file that is not. */
const tries = Number(process.env['GUIDANCE_TRIES'] ?? 150);

test('tests/data/addresses.json is what the page makes of addresses', () => {
  const states = fc.sample(reachable, { numRuns: tries, seed: 5 });
  const written = states.map((state) => writeState(plane, state));
  const spoiled = fc.sample(fragments, { numRuns: 2 * tries, seed: 6 }).filter((text) => !/\p{Surrogate}/u.test(text));
  const rows = [
    ...[...byHand, ...written, ...spoiled].map((state) => ({ state, runs: runsOf(plane, askedBy(state)) })),
    ...ofPictures.map((state) => ({ lab: 'images', state, runs: runsOf(images, askedBy(state)) })),
    ...addresses.map((state) => ({ state, runs: runsOf(plane, askedByAddress(state)) })),
    ...states.slice(0, tries / 3).flatMap((state) => copiesOf(plane, state)),
    ...ofPictures.flatMap((state) => copiesOf(images, readAsked(images, openingState(images, false), askedBy(state), '').state)),
  ];
  const runs = rows.flatMap((row) => ('runs' in row ? [row.runs] : []));
  assert.ok(runs.filter((run) => !run).length > tries / 2 && runs.filter((run) => run).length > tries);
  const path = process.env['GUIDANCE_TRIES'] ? 'target/addresses.json' : 'tests/data/addresses.json';
  expectFresh(path, `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`);
});
