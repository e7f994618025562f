// Schemes of pictures in addresses and in words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readSchemes, writeSchemes } from '../scheme/address.js';
import { fitTo } from '../scheme/fit.js';
import { ownNetworksOf, withMain, withNetwork } from '../scheme/own-network.js';
import { at, withAt } from '../scheme/pointer.js';
import type { Scheme } from '../scheme/scheme.js';
import { trainingOf, trainingsOf } from '../scheme/snapshots.js';
import { hasOption, textOf, type Control } from '../scheme/table.js';
import { numbersOf } from '../study/sweep.js';
import { titleOf } from '../text/title.js';
// Ranges of parameters, too.
import './explanations.js';
import { pictureMetrics, pictureSchemes as table, refusals, type PictureScheme } from './schemes.js';

const { catalogue, options } = table;
const rows = [...catalogue.schemes, ...catalogue.presets].map(({ id, scheme }) => ({ choice: id, scheme }));

/** The same scheme, its fields in any order. */
function same(read: Scheme, scheme: Scheme, of: string) {
  assert.deepEqual(read, scheme, of);
}

test('every row comes back from an address by its name, and from its description', () => {
  for (const row of rows) {
    assert.equal(writeSchemes(table, [row]), row.choice);
    const [named] = readSchemes(table, row.choice);
    same(named!.scheme, row.scheme, row.choice);
    const [described] = readSchemes(table, JSON.stringify([row.scheme]));
    same(described!.scheme, row.scheme, row.choice);
    assert.equal(described!.choice, table.choiceOf(row.choice).kind.id, row.choice);
  }
});

test('each kind of guide is known by its own scheme, and with another prompt in place of none', () => {
  for (const { id, scheme } of catalogue.schemes) assert.equal(table.kindOfGuide(scheme).id, id);
  const [negative] = readSchemes(table, 'cfg~guide.model:"main:a dog on a night background"~weight:2');
  assert.deepEqual(
    [negative!.choice, negative!.scheme.guide!.model, negative!.scheme.guide!.condition],
    ['cfg', 'main', 'a dog on a night background'],
  );
  assert.equal(table.kindOfGuide(negative!.scheme).id, 'cfg');
});

/** A number that a control takes. */
function numberFor({ least, greatest, whole }: Control): fc.Arbitrary<number> {
  return whole ? fc.integer({ min: least, max: greatest }) : fc.double({ min: least, max: greatest, noNaN: true });
}

test('whatever is set of a row comes back from its address', () => {
  const row = fc.constantFrom(...rows);
  const changed = fc
    .tuple(row, fc.array(fc.constantFrom(...options)), fc.string({ unit: 'binary' }))
    .chain(([{ choice, scheme }, on, prompt]) => {
      const opted = { ...scheme, ...Object.fromEntries(on.map(({ field, on }) => [field, on])) } as PictureScheme;
      const worded = { ...opted, negatives: opted.negatives.map((negative) => ({ ...negative, prompt })) };
      const numbers = numbersOf(table, choice, worded).filter(({ path }) => !path.startsWith('/levels'));
      return fc.tuple(...numbers.map(numberFor)).map((values) => ({
        choice,
        scheme: numbers.reduce((made: Scheme, { path }, index) => withAt(made, path, values[index]!), worded),
      }));
    });
  fc.assert(
    fc.property(changed, (chosen) => {
      const [read] = readSchemes(table, writeSchemes(table, [chosen]));
      assert.equal(JSON.stringify(read), JSON.stringify(chosen));
      // And every number of it is where its control says.
      for (const { path } of numbersOf(table, chosen.choice, chosen.scheme)) assert.equal(typeof at(chosen.scheme, path), 'number', path);
    }),
    { numRuns: 500 },
  );
});

test('what is no scheme of pictures is refused in a sentence', () => {
  const refused = (text: string, words: RegExp) => assert.throws(() => readSchemes(table, text), words);
  refused('cfg~bands:{"high":1}', /“bands” of a scheme cannot be {"high":1}/);
  refused('cfg~bands:"night"', /“bands” of a scheme cannot be "night"/);
  refused('cfg~finish:rescale', /“finish” of a scheme cannot be/);
  refused('cfg~cads:{"begin":0,"end":1,"strength":"much","mix":1}', /“cads” of a scheme cannot be/);
  refused('cfg~negatives:{"prompt":"dog","weight":1}', /“negatives” of a scheme cannot be/);
  refused('cfg~negatives:[{"prompt":"dog"}]', /“negatives” of a scheme cannot be/);
  refused('cfg~negatives:[{"prompt":1,"weight":1}]', /“negatives” of a scheme cannot be/);
  refused('cfg~negatives:[null]', /“negatives” of a scheme cannot be/);
  refused(`cfg~negatives:${JSON.stringify(Array(5).fill({ prompt: 'dog', weight: 1 }))}`, /can be 4 at most/);
  refused('cfg~guide.noise:{"studentT":{"degreesOfFreedom":4}}', /“noise” of a guide cannot be/);
  refused('cfg~combination:{"feynmanKac":{"threshold":0.5}}', /“combination” of a scheme cannot be/);
  refused('classifier-free', /there is no scheme named/);
  assert.deepEqual(
    refusals.map(({ id }) => id).filter((id) => table.hasChoice(id)),
    [],
  );
});

test('titles tell options with their numbers', () => {
  const title = (text: string) => {
    const [{ choice, scheme }] = readSchemes(table, text) as [{ choice: string; scheme: Scheme }];
    return titleOf(table, choice, scheme);
  };
  assert.equal(title('cfg'), 'Classifier-free guidance, w = 3');
  assert.equal(title('cfg~bands:{"high":1,"low":0.5}'), 'Classifier-free guidance, w = 3, Two bands (FDG) high = 1 low = 0.5');
  assert.equal(title('cfg~negatives:[{"prompt":"dog","weight":2}]'), 'Classifier-free guidance, w = 3, Negative prompts “dog” wn = 2');
  assert.equal(title('cfg-rescaled'), table.choiceOf('cfg-rescaled').name);
  assert.equal(title('cfg-rescaled~finish:none'), `${table.choiceOf('cfg-rescaled').name}, without Rescaled (CFG rescale)`);
  for (const { choice, scheme } of rows) assert.ok(titleOf(table, choice, scheme).length < 120, choice);
});

test('models of pictures are known under any prompt', () => {
  assert.deepEqual(table.models, ['exact', 'main-10', 'main-20', 'main-40', 'main', 'guide']);
  assert.deepEqual(table.mains, table.models);
  assert.equal(table.networkOf('main:a red dog')!.iterations, 36_000);
  assert.equal(table.networkOf('exact:a dog'), undefined);
  assert.deepEqual(table.modelName({ model: 'main', condition: null }), { model: 'main', condition: null });
  assert.deepEqual(table.modelName({ model: 'exact:anything', condition: null }), { model: 'exact', condition: 'anything' });
  assert.deepEqual(trainingOf(table, 'main-20:anything'), { name: 'main:anything', iterations: 7200 });
  const [training] = trainingsOf(table, ['main', 'main-10', 'main-40', 'main-20']);
  assert.deepEqual(training!.models, ['main-10', 'main-20', 'main-40', 'main']);
  assert.deepEqual(ownNetworksOf(table, [...rows, withNetwork(table, rows[0]!, 'main', 'own-a-0123456789')]), ['own-a-0123456789']);
  // Away from the same model at a higher noise level: the guide goes with the main model.
  const scaled = table.choiceOf('sigma-scaling').scheme;
  assert.equal(textOf(withMain(table, 'sigma-scaling', scaled, { model: 'main-20', condition: null }).guide!), 'main-20');
  for (const row of rows) assert.equal(fitTo(table, row, 'anything'), row);
});

test('rows say what they do once the table has been told', () => {
  const described = [...catalogue.schemes, ...catalogue.combinations, ...catalogue.solvers, ...options.map(({ info }) => info)];
  for (const { id, explanation, reference, formula } of described) assert.ok(explanation && reference && formula, id);
  for (const { id, reference } of catalogue.presets) assert.ok(reference, id);
  for (const { id, explanation } of pictureMetrics) assert.ok(explanation, id);
});

test('what an option puts in is what presets have', () => {
  // As text, by which addresses tell what is changed.
  const inPreset = (id: string, path: string) => JSON.stringify(at(table.choiceOf(id).scheme, path));
  const inOption = (id: string) => JSON.stringify(options.find(({ info }) => info.id === id)!.on);
  assert.equal(inPreset('cfg-cads', '/cads'), inOption('cads'));
  assert.equal(inPreset('cfg-bands', '/bands'), inOption('bands'));
  assert.equal(inPreset('cfg-rescaled', '/finish'), inOption('rescale'));
});

test('options are on in what has them alone', () => {
  const on = (id: string) => options.filter((option) => hasOption(option, table.choiceOf(id).scheme)).map(({ info }) => info.id);
  assert.deepEqual(on('cfg'), []);
  assert.deepEqual(['cfg-bands', 'cfg-threshold', 'cfg-cads', 'cfg-rescaled'].map(on), [['bands'], ['threshold'], ['cads'], ['rescale']]);
  assert.ok(pictureMetrics.some(({ id }) => id === 'chromaExcess'));
});
