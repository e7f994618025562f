// Schemes as data: kinds, models, differences.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSchemes, writeSchemes } from './address.js';
import { alsoChanged, differences } from './difference.js';
import { fitTo, knows } from './fit.js';
import { ownNetworksOf, withMain, withNetwork } from './own-network.js';
import { at, withAt } from './pointer.js';
import { nearestSnapshot, trainingsOf } from './snapshots.js';
import { exactModel, textOf } from './table.js';
import { planeSchemes as table } from '../plane/schemes.js';

const { catalogue, mains, models } = table;

test('each kind of guide is known by its own scheme', () => {
  for (const { id, scheme } of catalogue.schemes) assert.equal(table.kindOfGuide(scheme).id, id);
});

test('pointers lead to fields, and change nothing beside', () => {
  const { scheme } = table.choiceOf('autoguidance');
  const changed = withAt(scheme, '/guide/sigmaScale', 2);
  assert.equal(at(changed, '/guide/sigmaScale'), 2);
  assert.equal(scheme.guide!.sigmaScale, 1);
  assert.equal(changed.levels, scheme.levels);
  assert.equal(at(scheme, '/guide/nothing/here'), undefined);
});

test('differences lead to what is otherwise, as deep as fields are the same', () => {
  assert.deepEqual(differences({ a: 1, b: { c: [1], d: 2 } }, { a: 1, b: { c: [2], d: 2 } }), [[['b', 'c'], [2]]]);
  assert.deepEqual(differences({ a: 'x' }, { a: { y: 1 } }), [[['a'], { y: 1 }]]);
  assert.deepEqual(alsoChanged({ a: 1, b: 2 }, { a: 1, b: 9 }, { a: 5, b: 9 }), { a: 5, b: 2 });
  assert.equal(alsoChanged({ a: 1, b: 2 }, { a: 1, b: 9 }, { a: 1, b: 8 }), null);
});

test('exact models stand for networks that do not know them', () => {
  for (const { id, scheme } of [...catalogue.schemes, ...catalogue.presets]) {
    const { scheme: had } = fitTo(table, { choice: id, scheme }, 'two-moons');
    for (const model of [had.main, had.guide ?? had.main].map(textOf)) assert.ok(knows(table, model, 'two-moons'), `${id}: ${model}`);
    const same = { choice: id, scheme };
    assert.equal(fitTo(table, same, 'tree-2'), same);
  }
});

test('networks of one’s own take their roles, and are told', () => {
  const own = withNetwork(table, { choice: 'none', scheme: table.choiceOf('none').scheme }, 'guide', 'own-a-0123456789');
  assert.equal(own.choice, 'autoguidance');
  assert.deepEqual(ownNetworksOf(table, [own, own]), ['own-a-0123456789']);
  assert.deepEqual(ownNetworksOf(table, [{ choice: 'none', scheme: table.choiceOf('none').scheme }]), []);
  // A guide that is the main model again changes with it.
  const { scheme } = table.choiceOf('sigma-scaling');
  const exact = exactModel('B');
  assert.equal(textOf(withMain(table, 'sigma-scaling', scheme, exact).guide!), 'exact:B');
  assert.equal(textOf(withMain(table, 'autoguidance', table.choiceOf('autoguidance').scheme, exact).guide!), 'guide-32-0512:A');
});

test('without guidance nothing is left of it', () => {
  assert.equal(table.unguided(table.choiceOf('none').scheme), null);
  const { scheme } = table.choiceOf('li');
  assert.deepEqual(table.unguided(scheme), {
    ...table.choiceOf('none').scheme,
    main: scheme.main,
    solver: scheme.solver,
    levels: scheme.levels,
  });
  assert.notEqual(table.unguided(table.choiceOf('momentum').scheme), null);
});

test('what networks learned is known by the table, whatever their names', () => {
  const facts = (name: string) =>
    table.networkOf(name) && [table.networkOf(name)!.condition, table.networkOf(name)!.data, table.networkOf(name)!.noise];
  assert.deepEqual(facts('guide-32-0512:AB'), ['AB', 'tree-2', 'gaussian']);
  assert.deepEqual(facts('tail-64-nu10:A'), ['A', 'tree-2', { studentT: { degreesOfFreedom: 10 } }]);
  assert.equal(facts('main-64-9999:A') ?? facts('guide-AB32-0512') ?? facts('exact:A'), undefined);
  assert.ok(models.includes('tail-64-nu4:A') && mains.includes('guide-32-0512:B') && mains.includes('exact:AB'));
  assert.deepEqual(
    models.filter((model) => !mains.includes(model)),
    ['tail-64-nu4:A', 'tail-64-nu10:A'],
  );
  assert.deepEqual(
    [knows(table, 'main-64-0256:A', 'tree-2'), knows(table, 'main-64-0256:A', 'tree-3'), knows(table, 'main-64-0257:A', 'tree-3')],
    [true, false, true],
  );
  const tails = fitTo(table, { choice: 'heavy-tail-network', scheme: table.choiceOf('heavy-tail-network').scheme }, 'two-moons').scheme
    .guide!;
  assert.deepEqual([textOf(tails), tails.noise, tails.sigmaScale], ['exact:A', { studentT: { degreesOfFreedom: 4 } }, 1.25]);
});

test('snapshots of a training stand in the order of their iterations', () => {
  const [other, main, exact] = trainingsOf(table, ['guide-32-0512:B', 'guide-32-0512:AB', 'guide-32-0064:AB', 'exact:A']);
  assert.deepEqual(other, { name: 'guide-32:B', models: ['guide-32-0512:B'] });
  assert.deepEqual(main, { name: 'guide-32:AB', models: ['guide-32-0064:AB', 'guide-32-0512:AB'] });
  assert.deepEqual(exact, { name: 'exact:A', models: ['exact:A'] });
  assert.deepEqual(
    [null, 300, 200, 9999].map((iterations) => nearestSnapshot(table, main!, iterations)),
    ['guide-32-0512:AB', 'guide-32-0512:AB', 'guide-32-0064:AB', 'guide-32-0512:AB'],
  );
});

/** Schemes as addresses, attributes and files of version 1 had them, and as today's version has them. */
const old: [string, string][] = [
  ['none~main:main-A64-0256', 'none~main:main-64-0256:A'],
  ['cfg-toy~guide.model:guide-AB32-0064', 'cfg-toy~guide.model:guide-32-0064:AB'],
  ['cfg-toy~guide.model:exact:AB~weight:2', '[{"guide":{"model":"exact","condition":"AB"},"weight":2}]'],
  ['autoguidance~guide.model:guide-A32-0064', 'autoguidance~guide.model:guide-32-0064'],
  ['heavy-tail-network~guide.model:tail-A64-nu10', 'heavy-tail-network~guide.model:tail-64-nu10'],
  ['independent-condition~main:exact:A~guide.model:exact:B', 'independent-condition~main:exact~guide.model:exact:B'],
  ['autoguidance~guide.model:own-mine-0123456789', '[{"guide":{"model":"own-mine-0123456789","condition":null},"weight":3}]'],
  ['[{"main":"exact:A","weight":1}]', '[{"main":{"model":"exact"},"weight":1}]'],
  ['[{"version":1,"main":"main-A64-4096"}]', '[{"version":2,"main":{"model":"main-64-4096","condition":"A"}}]'],
  [
    '[{"version":1,"guide":{"model":"guide-B32-0512","sigmaScale":1.1},"weight":2}]',
    '[{"guide":{"model":"guide-32-0512","condition":"B","sigmaScale":1.1},"weight":2}]',
  ],
  ['[{"main":"own-mine-0123456789"}]', '[{"main":{"model":"own-mine-0123456789","condition":null}}]'],
  ['none~guide:{"model":"guide-AB64-4096"}~weight:2', '[{"guide":{"model":"guide-64-4096"},"weight":2}]'],
];

test('what version 1 wrote is read as today says it', () => {
  const { version } = table.choiceOf('none').scheme;
  for (const [then, now] of old) {
    const [read] = readSchemes(table, then);
    assert.deepEqual(read!.scheme, { ...readSchemes(table, now)[0]!.scheme }, then);
    assert.equal(read!.scheme.version, version);
    assert.deepEqual(Object.keys(read!.scheme.main), ['model', 'condition']);
    assert.deepEqual(readSchemes(table, writeSchemes(table, [read!]))[0]!.scheme, read!.scheme);
    assert.deepEqual(readSchemes(table, JSON.stringify([read!.scheme]))[0]!.scheme, read!.scheme);
  }
  for (const { name, model, condition } of catalogue.networks) {
    assert.deepEqual(readSchemes(table, `[{"main":"${name}"}]`)[0]!.scheme.main, { model, condition });
    assert.deepEqual(readSchemes(table, `none~main:${name}`)[0]!.scheme.main, { model, condition });
  }
});

test('a condition that a model has not is refused with those that it has', () => {
  const refused = (text: string, words: RegExp) => assert.throws(() => readSchemes(table, text), words);
  refused('none~main:exact:C', /^Error: exact has no condition “C”: it has A, B, AB$/);
  refused('[{"guide":{"model":"guide-32-0064","condition":"B"}}]', /^Error: guide-32-0064 has no condition “B”: it has A, AB$/);
  refused('[{"main":{"condition":"A"}}]', /a model has no name/);
  refused('[{"main":{"model":"exact","class":"A"}}]', /a model has no field “class”/);
  refused('[{"main":{"model":"exact","condition":1}}]', /“condition” of a model cannot be 1/);
  // What its file does not say, nobody knows here.
  assert.deepEqual(readSchemes(table, 'none~main:mine:C')[0]!.scheme.main, { model: 'mine', condition: 'C' });
});

test('units that each step draws stand in links as other degradations do', () => {
  const changed = 'in-situ~guide.degradation.freshDropout.rate:0.2';
  const described = JSON.stringify([
    { main: 'main-64-4096:A', guide: { model: 'main-64-4096:A', degradation: { freshDropout: { rate: 0.2, seed: 1 } } } },
  ]);
  for (const text of [changed, described]) {
    const [chosen] = readSchemes(table, text);
    assert.equal(chosen!.choice, 'in-situ');
    assert.deepEqual(chosen!.scheme.guide!.degradation, { freshDropout: { rate: 0.2, seed: 1 } });
  }
  assert.equal(writeSchemes(table, readSchemes(table, changed)), changed);
  // As links had it before.
  const [old] = readSchemes(table, 'dropout~guide.degradation.dropout.rate:0.2');
  assert.deepEqual([old!.choice, old!.scheme.guide!.degradation], ['dropout', { dropout: { rate: 0.2, seed: 1 } }]);
  assert.throws(() => readSchemes(table, 'in-situ~guide.degradation:{"freshDropout":{"rate":0.2}}'), /degradation/);
});
