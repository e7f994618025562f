// Schemes as data: kinds, models, differences.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogue, choiceOf, kindOfGuide, mains, models, networkOf } from './catalogue.js';
import { alsoChanged, differences } from './difference.js';
import { fitTo, knows } from './fit.js';
import { ownNetworksOf, withMain, withNetwork } from './own-network.js';
import { at, withAt } from './pointer.js';
import { unguided } from './scheme.js';
import { nearestSnapshot, trainingsOf } from './snapshots.js';

test('each kind of guide is known by its own scheme', () => {
  for (const { id, scheme } of catalogue.schemes) assert.equal(kindOfGuide(scheme).id, id);
});

test('pointers lead to fields, and change nothing beside', () => {
  const { scheme } = choiceOf('autoguidance');
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
    const { scheme: had } = fitTo({ choice: id, scheme }, 'two-moons');
    for (const model of [had.main, had.guide?.model ?? 'exact:A']) assert.ok(knows(model, 'two-moons'), `${id}: ${model}`);
    const same = { choice: id, scheme };
    assert.equal(fitTo(same, 'tree-2'), same);
  }
});

test('networks of one’s own take their roles, and are told', () => {
  const own = withNetwork({ choice: 'none', scheme: choiceOf('none').scheme }, 'guide', 'own-a-0123456789');
  assert.equal(own.choice, 'autoguidance');
  assert.deepEqual(ownNetworksOf([own, own]), ['own-a-0123456789']);
  assert.deepEqual(ownNetworksOf([{ choice: 'none', scheme: choiceOf('none').scheme }]), []);
  // A guide that is the main model again changes with it.
  const { scheme } = choiceOf('sigma-scaling');
  assert.equal(withMain('sigma-scaling', scheme, 'exact:A').guide!.model, 'exact:A');
  assert.equal(withMain('autoguidance', choiceOf('autoguidance').scheme, 'exact:A').guide!.model, 'guide-A32-0512');
});

test('without guidance nothing is left of it', () => {
  assert.equal(unguided(choiceOf('none').scheme), null);
  const { scheme } = choiceOf('li');
  assert.deepEqual(unguided(scheme), { ...choiceOf('none').scheme, main: scheme.main, solver: scheme.solver, levels: scheme.levels });
  assert.notEqual(unguided(choiceOf('momentum').scheme), null);
});

test('what networks learned is known by the table, whatever their names', () => {
  const facts = (name: string) => networkOf(name) && [networkOf(name)!.condition, networkOf(name)!.data, networkOf(name)!.noise];
  assert.deepEqual(facts('guide-AB32-0512'), ['AB', 'tree-2', 'gaussian']);
  assert.deepEqual(facts('tail-A64-nu10'), ['A', 'tree-2', { studentT: { degreesOfFreedom: 10 } }]);
  assert.equal(facts('main-A64-9999') ?? facts('exact:A'), undefined);
  assert.ok(models.includes('tail-A64-nu4') && mains.includes('guide-B32-0512') && mains.includes('exact:AB'));
  assert.deepEqual(
    models.filter((model) => !mains.includes(model)),
    ['tail-A64-nu4', 'tail-A64-nu10'],
  );
  assert.deepEqual(
    [knows('main-A64-0256', 'tree-2'), knows('main-A64-0256', 'tree-3'), knows('main-A64-0257', 'tree-3')],
    [true, false, true],
  );
  const tails = fitTo({ choice: 'heavy-tail-network', scheme: choiceOf('heavy-tail-network').scheme }, 'two-moons').scheme.guide!;
  assert.deepEqual([tails.model, tails.noise, tails.sigmaScale], ['exact:A', { studentT: { degreesOfFreedom: 4 } }, 1.25]);
});

test('snapshots of a training stand in the order of their iterations', () => {
  const [main, guide] = trainingsOf(['main-A64-0512', 'main-A64-0256', 'exact:A']);
  assert.deepEqual(main, { name: 'main-A64', models: ['main-A64-0256', 'main-A64-0512'] });
  assert.deepEqual(guide, { name: 'exact:A', models: ['exact:A'] });
  assert.deepEqual(
    [null, 300, 400, 9999].map((iterations) => nearestSnapshot(main!, iterations)),
    ['main-A64-0512', 'main-A64-0256', 'main-A64-0512', 'main-A64-0512'],
  );
});
