// Training by the library in Node, against the native command.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { score } from 'guidance-playground';
import { train } from 'guidance-playground/training';

const command = resolve(process.env.COMMAND ?? 'target/debug/guidance-playground');

/** The bytes of the network that the native command trains, and what it says of that: noise levels, and the loss at each. */
function native(iterations, ...parameters) {
  const folder = mkdtempSync(join(tmpdir(), 'guidance-playground-training-'));
  try {
    const all = ['train', '--iterations', String(iterations), ...parameters, '--out', folder];
    const told = execFileSync(command, all, { encoding: 'utf8', stdio: 'pipe' });
    const rows = told.trim().split('\n').slice(2);
    const bytes = new Uint8Array(readFileSync(join(folder, `${String(iterations).padStart(4, '0')}.safetensors`)));
    return { bytes, byNoise: rows.map((row) => row.trim().split(/\s+/).map(Number)) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Header and numbers of a safetensors file of 32-bit numbers. */
function read(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const begin = 8 + Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, begin)));
  const numbers = Float32Array.from({ length: (bytes.length - begin) / 4 }, (_, i) => view.getFloat32(begin + 4 * i, true));
  return { header, numbers };
}

async function refused(promise, code, words) {
  await assert.rejects(promise, (error) => {
    assert.equal(error.code, code, error.message);
    assert.match(error.message, words);
    assert.match(error.advice, /^.{10,}\.$/s);
    return true;
  });
}

const small = { hidden: 8, iterations: 8, batch: 96 };

describe('training', () => {
  for (const [name, options, parameters] of [
    ['a guide', { classes: 'A', hidden: 32, seed: 3 }, ['--classes', 'A', '--hidden', '32', '--seed', '3']],
    [
      'an unconditional network of heavy tails',
      { classes: 'AB', hidden: 10, degreesOfFreedom: 4, distribution: 'two-moons' },
      ['--classes', 'AB', '--hidden', '10', '--degrees-of-freedom', '4', '--data', 'two-moons'],
    ],
  ]) {
    test(`gives ${name} as the native command does`, { timeout: 120_000 }, async (t) => {
      const { network, metadata, lossByNoise } = await train({ ...options, iterations: 64, batch: 256 });
      const { bytes, byNoise } = native(64, ...parameters, '--batch', '256');
      const [ours, theirs] = [read(network), read(bytes)];
      assert.deepEqual(ours.header, theirs.header);
      assert.deepEqual(metadata, theirs.header.__metadata__);
      const apart = ours.numbers.map((x, i) => Math.abs(x - theirs.numbers[i]));
      const root = Math.sqrt(apart.reduce((sum, d) => sum + d * d, 0) / apart.length);
      t.diagnostic(`apart at most ${Math.max(...apart)}, root mean square ${root}`);
      // Instructions sum in another order, and weights are about 1.
      assert.ok(Math.max(...apart) < 1e-5, `${Math.max(...apart)}`);
      // The same particles say how far both are from the exact scores, to the digits that are printed.
      assert.equal(lossByNoise.sigmas.length, 12);
      byNoise.forEach(([sigma, loss], i) => {
        assert.ok(Math.abs(lossByNoise.sigmas[i] - sigma) < 1e-4, `${sigma}`);
        assert.ok(Math.abs(lossByNoise.losses[i] - loss) < 1e-5 + 1e-3 * loss, `${sigma}: ${lossByNoise.losses[i]} ${loss}`);
      });
      // And they have learned: the first iteration's weights are elsewhere.
      const begun = read((await train({ ...options, iterations: 1, batch: 256 })).network).numbers;
      assert.ok(Math.max(...ours.numbers.map((x, i) => Math.abs(x - begun[i]))) > 0.1);
    });
  }

  test('tells how far it is, and what the network is meanwhile', async () => {
    const heard = [];
    const snapshots = [];
    const { network, curve } = await train({
      ...small,
      iterations: 300,
      progress: (progress) => heard.push(progress),
      snapshot: (snapshot) => snapshots.push(snapshot),
    });
    assert.deepEqual([heard.at(-1).iteration, heard.at(-1).done, heard.at(-1).iterations], [300, 1, 300]);
    assert.deepEqual([heard[0].engine.kind, heard[0].engine.notice], ['cpu', '']);
    assert.deepEqual(
      snapshots.filter(({ kept }) => kept).map(({ iteration }) => iteration),
      [64, 128, 256, 300],
    );
    assert.deepEqual(snapshots.at(-1).network, network);
    assert.equal(curve.iterations.at(-1), 300);
    assert.ok(curve.losses.every((loss) => loss > 0 && loss < 2) && curve.losses.length > 100);
    const mean = (list) => list.reduce((sum, x) => sum + x, 0) / list.length;
    assert.ok(mean(curve.losses.slice(-30)) < 0.9 * mean(curve.losses.slice(0, 10)));
  });

  test('stops where its signal says so', async () => {
    const controller = new AbortController();
    const training = train({
      ...small,
      iterations: 60_000,
      signal: controller.signal,
      progress: () => controller.abort(new Error('enough')),
    });
    await assert.rejects(training, /enough/);
    await assert.rejects(train({ ...small, signal: AbortSignal.abort(new Error('never')) }), /never/);
  });

  test('refuses what cannot be trained, in a sentence', async () => {
    await refused(train({ ...small, hidden: 2 }), 'invalid', /hidden width.*between 4 and 512.*2/);
    await refused(train({ ...small, batch: 0 }), 'invalid', /batch/);
    await refused(train({ ...small, iterations: 0 }), 'invalid', /iterations.*1 to 65536/);
    await refused(train({ ...small, iterations: 1.5 }), 'invalid', /iterations/);
    await refused(train({ ...small, classes: 'C' }), 'invalid', /A, B or AB/);
    await refused(train({ ...small, distribution: 'three-moons' }), 'invalid', /three-moons/);
    await refused(train({ ...small, degreesOfFreedom: 2 }), 'invalid', /degrees of freedom/);
    await refused(train({ ...small, seed: -1 }), 'invalid', /seed/);
    await refused(train({ ...small, width: 8 }), 'invalid', /no option “width”/);
    await refused(train({ ...small, workers: 2 }), 'invalid', /Only a page/);
    await refused(train({ ...small, engine: 'webgpu' }), 'invalid', /Only a page has WebGPU/);
    await refused(train({ ...small, engine: 'gpu' }), 'invalid', /no engine “gpu”/);
    for (const engine of ['auto', 'cpu']) assert.ok((await train({ ...small, engine })).network.length > 0);
  });

  test('gives what the sampler takes for a network', async () => {
    const { addModel } = await import('guidance-playground');
    const { network } = await train(small);
    await addModel('trained-here', network);
    const { main } = await score({ main: { model: 'trained-here', condition: 'A' } }, [0.4, 0.3], 0.5);
    assert.ok(main.scores.every(Number.isFinite));
  });
});
