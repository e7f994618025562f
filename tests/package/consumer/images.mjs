// Pictures by the library in Node, against the native command.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { addModel, metrics, models, read, readings, sample, schemes, truth } from 'guidance-playground/images';

const command = resolve(process.env.COMMAND ?? 'target/debug/guidance-playground');

/** Colours from 0 to 1 of pictures that the native command draws. */
function native(...parameters) {
  const folder = mkdtempSync(join(tmpdir(), 'guidance-playground-images-'));
  try {
    const out = join(folder, 'pictures.npy');
    execFileSync(command, ['image', ...parameters, '--out', out], { stdio: 'pipe' });
    const file = readFileSync(out);
    const begin = 10 + file.readUInt16LE(8);
    assert.match(file.toString('latin1', 10, begin), /'descr': '<f4'/);
    return Float32Array.from({ length: (file.length - begin) / 4 }, (_, i) => file.readFloatLE(begin + 4 * i));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** It fails with an error of this kind, whose words say this, and with advice. */
async function refused(promise, code, words) {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof Error);
    assert.equal(error.code, code, error.message);
    assert.match(error.message, words);
    assert.match(error.advice, /^.{10,}\.$/s);
    return true;
  });
}

const exact = { main: 'exact', guide: { model: 'exact', condition: 'anything' }, weight: 2, levels: { steps: 8 } };

describe('pictures', () => {
  test('are drawn by networks as by the native command', { timeout: 120_000 }, async () => {
    const heard = [];
    const options = { prompt: 'a rocket at night', scheme: 'cfg', pictures: 2, seed: 5 };
    const { data, pixels, config, noiseLevels, weights, credits } = await sample({ ...options, progress: (done) => heard.push(done) });
    const expected = native('--prompt', 'a rocket at night', '--scheme', 'cfg', '--images', '2', '--seed', '5');
    assert.equal(data.length, expected.length);
    // Bytes are of the same colours; instructions of other machines round otherwise.
    const apart = [...expected].map((colour, i) => {
      const byte = pixels[4 * Math.floor(i / 3) + (i % 3)];
      return Math.abs(byte - 255 * Math.min(Math.max(colour, 0), 1));
    });
    assert.ok(Math.max(...apart) < 1, `${Math.max(...apart)}`);
    assert.deepEqual([noiseLevels.length, weights.length, noiseLevels.at(-1), heard.at(-1)], [17, 16, 0, 1]);
    assert.deepEqual(config, options);
    assert.match(credits, /Fluent/);
  });

  test('are judged, and so are pixels', async () => {
    const { data, pixels } = await sample({ prompt: 'rocket', scheme: exact, pictures: 4 });
    const found = await metrics(data, { prompt: 'rocket' });
    assert.deepEqual([found.samples, found.lost, found.estimates.subjectRight.value], [4, 0, 1]);
    assert.ok(found.estimates.distance.value < 0.02 && found.estimates.effectiveStyles.floor.spread > 0);
    assert.equal(found.estimates.styleRight, null);
    assert.ok(Math.abs(found.shares.styles.reduce((sum, { truth }) => sum + truth, 0) - 1) < 1e-9);
    const [seen, ofPixels] = await Promise.all([readings(data, { prompt: 'rocket' }), readings(pixels, { prompt: 'rocket' })]);
    assert.deepEqual(
      seen.map(({ picture }) => picture),
      ofPixels.map(({ picture }) => picture),
    );
    assert.deepEqual([seen[0].picture.subject, seen[0].picture.trained, seen[0].picture.rider], ['rocket', true, null]);
  });

  test('that are true are read as what they are, and are the same of the same seed', async () => {
    const true_ = await truth('an astronaut riding a horse', { pictures: 5, seed: 2 });
    assert.deepEqual(true_.data, (await truth('an astronaut riding a horse', { pictures: 8, seed: 2 })).data.subarray(0, 5 * 3072));
    for (const { rider, mount, trained } of true_.pictures) assert.deepEqual([rider, mount, trained], ['astronaut', 'horse', false]);
    const seen = await readings(true_.data, { prompt: 'an astronaut riding a horse' });
    assert.ok(seen.every(({ distance, picture }, i) => distance < 1e-6 && picture.style === true_.pictures[i].style));
  });

  test('are of prompts whose words are told', async () => {
    const { words, unknown } = await read('a roket at night');
    assert.deepEqual([words, unknown[0][0], unknown[0][1].includes('rocket')], ['on a night background', 'roket', true]);
    await refused(read('a cat and a dog'), 'invalid', /about one concept/);
    await refused(read('x'.repeat(2000)), 'invalid', /at most 1000 bytes/);
    await refused(read(7), 'invalid', /^The prompt has to be a text/);
  });

  test('are of models and schemes that there are', async () => {
    assert.ok(['exact', 'main', 'guide'].every((name) => models.includes(name)));
    assert.ok(['none', 'cfg', 'autoguidance'].every((name) => schemes.some((scheme) => scheme.name === name)));
    const guide = readFileSync(resolve('weights/images/guide.safetensors'));
    await addModel('mine', guide);
    await refused(addModel('main', guide), 'invalid', /is taken/);
    await refused(addModel('broken', new Uint8Array(9)), 'weights', /^The header in the weights file/);
    const levels = { steps: 2 };
    const [mine, theirs] = await Promise.all(
      ['mine', 'guide'].map((main) => sample({ prompt: 'cat', scheme: { main, levels }, pictures: 1 })),
    );
    assert.deepEqual(mine.data, theirs.data);
    await refused(sample({ scheme: { main: 'theirs' } }), 'unknown-model', /“theirs”/);
  });

  test('are refused in a sentence, and given up', async () => {
    await refused(sample({ scheme: 'cgf' }), 'invalid', /“cgf”/);
    await refused(sample({ scheme: 3 }), 'invalid', /has to be a name or a description/);
    await refused(sample({ promt: 'cat' }), 'invalid', /“promt”/);
    await refused(sample({ prompt: 3 }), 'invalid', /“prompt” has to be a text/);
    await refused(sample({ prompt: 'roket', scheme: exact }), 'invalid', /known words/);
    await refused(sample({ pictures: 0, scheme: exact }), 'invalid', /between 1 and 65536/);
    await refused(sample({ pictures: '3', scheme: exact }), 'invalid', /./);
    await refused(sample({ scheme: { ...exact, wieght: 3 } }), 'invalid', /unknown field `wieght`/);
    await refused(metrics(new Float32Array(5)), 'invalid', /whole/);
    await refused(metrics([1, 2]), 'invalid', /numbers or bytes/);
    await refused(metrics(new Float32Array(3072).fill(Number.NaN)), 'diverged', /lost/);
    await refused(truth('cat', { pictures: '3' }), 'invalid', /have to be numbers/);
    const stop = new AbortController();
    const pending = sample({ scheme: exact, pictures: 64, signal: stop.signal, progress: () => stop.abort('enough') });
    await assert.rejects(pending, (reason) => reason === 'enough');
  });
});
