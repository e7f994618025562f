// Rules of one's own by the library in Node, whose cores ask another program for them: beside the rules of the table.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, test } from 'node:test';
import { plan, sample, schemes } from 'guidance-playground';
import { sample as draw, schemes as ofPictures } from 'guidance-playground/images';

const table = (lab, file) => JSON.parse(readFileSync(resolve(`www/${lab}/${file}.json`), 'utf8'));
/** Rules that can be said as a text, each with that. */
const rulesOf = (lab) => {
  const { combinations: told } = table(lab, 'explanations');
  return table(lab, 'catalogue').combinations.flatMap(({ id, value }) => (told[id]?.text ? [{ id, value, text: told[id].text }] : []));
};

const largest = (one, other) => one.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i])), 0);

async function refused(promise, words) {
  await assert.rejects(promise, (error) => {
    assert.match(error.message, words);
    assert.ok(error.code && error.advice);
    return true;
  });
}

describe('rules of one’s own', () => {
  const { scheme } = schemes.find(({ name }) => name === 'autoguidance');

  test('each rule of the table, as a text, ends where it does', async () => {
    const rules = rulesOf('plane');
    assert.ok(rules.length > 10);
    for (const { id, value, text } of rules) {
      for (const solver of ['heun', 'euler']) {
        // Momentum guides without a guide.
        const guide = id === 'momentum' ? null : scheme.guide;
        const ends = (combination) => sample({ ...scheme, guide, solver, combination }, { particles: 100, seed: 5 });
        const [built, written] = [await ends(value), await ends({ own: { text } })];
        assert.ok(largest(built.positions, written.positions) < 1e-5, `${id} ${solver}`);
        assert.equal(written.evaluations, built.evaluations);
      }
    }
  });

  test('values of parameters are those that are given, and what is no rule is refused', async () => {
    const text = 'param g = 3 in 0..8\nD0 + g * (D1 - D0)';
    const own = (more) => sample({ ...scheme, combination: { own: { text, ...more } } }, { particles: 50 });
    const plain = (weight) => sample({ ...scheme, weight }, { particles: 50 });
    assert.ok(largest((await own({})).positions, (await plain(3)).positions) < 1e-5);
    assert.ok(largest((await own({ values: { g: 2 } })).positions, (await plain(2)).positions) < 1e-5);
    await refused(own({ values: { g: 9 } }), /parameter g .*out of its range/);
    await refused(own({ values: { h: 1 } }), /no parameter h/);
    await refused(own({ text: 'D1 + w *' }), /Line 1, letter/);
    await refused(own({ text: 'D1 + DO' }), /Nothing is called `DO`; perhaps `D0` is meant\. \(Line 1, letter 6/);
    await refused(own({ text: `D1 #${' '.repeat(2000)}` }), /2000 letters/);
  });

  test('a plan mixes by them', async () => {
    const gram = [2, 0.3, 0.5, 0, 1, 0.2, 0, 0.7, 0, 0];
    const [built, written] = await Promise.all(
      ['lerp', { own: { text: 'D0 + w * (D1 - D0)' } }].map((combination) => plan({ ...scheme, combination })),
    );
    for (const [step, stage] of [
      [0, 0],
      [3, 1],
    ]) {
      assert.ok(largest(written.mix(step, stage, gram).push, built.mix(step, stage, gram).push) < 1e-12);
    }
  });

  test('pictures are drawn by them', { timeout: 120_000 }, async () => {
    const { scheme: cfg } = ofPictures.find(({ name }) => name === 'cfg');
    const of = (combination) =>
      draw({ prompt: 'rocket', pictures: 2, scheme: { ...cfg, main: 'exact', guide: { ...cfg.guide, model: 'exact' }, combination } });
    const [built, written] = [await of('lerp'), await of({ own: { text: 's = s0 + w * (s1 - s0)' } })];
    assert.ok(largest(built.data, written.data) < 1e-3, `${largest(built.data, written.data)}`);
    assert.equal(written.evaluations, built.evaluations);
  });
});
