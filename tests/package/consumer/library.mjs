// The library in Node, against the native command and against numbers made elsewhere.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { addModel, metrics, models, sample, schemes, score, version } from 'guidance-playground';

const command = resolve(process.env.COMMAND ?? 'target/debug/guidance-playground');
const native = (parameters, input = '') => execFileSync(command, parameters, { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
const rows = (csv) =>
  csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));
const csv = (positions) =>
  `x,y\n${pairs(positions)
    .map((pair) => pair.join())
    .join('\n')}\n`;
const pairs = (numbers) => Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i], numbers[2 * i + 1]]);
const quantile = (values, level) => values.toSorted((a, b) => a - b)[Math.floor(level * (values.length - 1))];

/** Endpoints are those of the native command, which computes with other instructions: a few particles near a fork may part. */
function assertNative(positions, parameters) {
  const expected = rows(native(['sample', ...parameters]));
  assert.equal(positions.length, 2 * expected.length);
  const apart = pairs(positions).map(([x, y], i) => Math.hypot(x - expected[i][0], y - expected[i][1]));
  assert.ok(quantile(apart, 0.5) < 1e-5 && quantile(apart, 0.99) < 1e-3, `${quantile(apart, 0.5)} ${quantile(apart, 0.99)}`);
}

/** Lists that hold something else than coordinates in the range of f32, and how the first of it is called. */
const spoiled = [
  [[0.1, 0.2, null, 0.3], 2, 'null'],
  [[0.1, Number.NaN], 1, 'NaN'],
  [Float32Array.of(0.1, 0.2, 0.3, Number.POSITIVE_INFINITY), 3, 'Infinity'],
  // biome-ignore lint/suspicious/noSparseArray: a hole is what is tried
  [[0.1, , 0.3, 0.4], 1, 'nothing'],
  [[0.1, 0.2, '0.3', 0.4], 2, 'the text “0.3”'],
  [[1e39, 0.2], 0, '1e+39'],
  [BigInt64Array.of(1n, 2n), 0, 'a value of the type bigint'],
  // What an exported file has for a particle that left the range of numbers.
  [JSON.parse('[[0.5,0.25],[null,null]]').flat(), 2, 'null'],
];

const escaped = (text) => text.replace(/[+.]/g, '\\$&');

/** A list whose numbers are elsewhere now. */
function detached() {
  const list = Float32Array.of(0.1, 0.2);
  structuredClone(list, { transfer: [list.buffer] });
  return list;
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

describe('sample', () => {
  test('samples 4096 particles where the native command does', async () => {
    const { positions, config } = await sample('autoguidance');
    assert.deepEqual([config.particles, config.seed, config.scheme.weight], [4096, 1, 3]);
    assertNative(positions, ['--scheme', 'autoguidance', '--particles', '4096', '--seed', '1']);
  });

  test('does so where particles carry a memory, have noise on their way, or depend on each other', async () => {
    for (const scheme of ['momentum', 'feynman-kac']) {
      const { positions } = await sample(scheme, { particles: 1000, seed: 5 });
      assertNative(positions, ['--scheme', scheme, '--particles', '1000', '--seed', '5']);
    }
  });

  test('samples other data with exact models, where the native command does', async () => {
    const { positions, config } = await sample('autoguidance', { particles: 500, distribution: 'two-moons' });
    assert.equal(config.distribution, 'two-moons');
    const { main: exact, guide } = config.scheme;
    assert.deepEqual([exact, guide.model, guide.condition, guide.sigmaScale], [{ model: 'exact', condition: 'A' }, 'exact', 'A', 1.1]);
    const described = ['--main', 'exact:A', '--guide', 'exact:A', '--guide-sigma-scale', '1.1', '--weight', '3'];
    assertNative(positions, ['--data', 'two-moons', ...described, '--particles', '500', '--seed', '1']);
    const { outliers, logDensityGap } = await metrics(positions, { distribution: 'two-moons' });
    assert.ok(outliers.value < 0.005 && logDensityGap.value > 0.2, JSON.stringify([outliers, logDensityGap]));
    // The tree has nothing where the moons are.
    assert.ok((await metrics(positions)).outliers.value > 0.5);
    const { main, data } = await score('exact:A', [0.3, 0.9], 0.2, { distribution: 'tree-7' });
    assert.ok(Math.abs(main.logDensities[0] - data.logDensities[0]) < 1e-5);
    assert.notEqual(data.logDensities[0], (await score('exact:A', [0.3, 0.9], 0.2)).data.logDensities[0]);
    await refused(sample({ main: 'main-64-4096' }, { distribution: 'two-moons' }), 'other-data', /knows nothing of two-moons/);
    await refused(sample('none', { distribution: 'pretzel' }), 'invalid', /two-moons/);
    await refused(sample('none', { distribution: 7 }), 'invalid', /has to be a name/);
  });

  test('tells levels, weights, cost and paths', async () => {
    const { positions, paths, noiseLevels, weights, evaluations } = await sample('autoguidance', { particles: 130, paths: true });
    assert.deepEqual([noiseLevels.length, noiseLevels[0].toFixed(9), noiseLevels[32]], [33, '5.000000000', 0]);
    assert.deepEqual([...weights], Array(32).fill(3));
    assert.equal(evaluations, 126);
    assert.equal(paths.length, 33 * 260);
    assert.deepEqual(paths.subarray(32 * 260), positions);
    // Starts have the spread of the noise; steps are continuous.
    const [x, next] = [0, 1].map((step) => paths.subarray(step * 260, (step + 1) * 260));
    assert.ok(Math.abs(Math.sqrt(x.reduce((sum, x) => sum + x * x, 0) / 260) - 5) < 0.7);
    assert.ok(x.every((x, i) => Math.abs(next[i] - x) < 0.35 * Math.abs(x) + 1));
    const trajectory = rows(native(['sample', '--scheme', 'autoguidance', '--particles', '130', '--seed', '1', '--trajectory']));
    for (const [step, particle, px, py] of trajectory) {
      const at = 2 * (130 * step + particle);
      assert.ok(Math.hypot(paths[at] - px, paths[at + 1] - py) < 2e-3, `${step} ${particle}`);
    }
  });

  test('a particle does not depend on how many there are, nor on what else is sampled', async () => {
    const [many, few, other] = await Promise.all([
      sample('none', { particles: 1000 }),
      sample('none', { particles: 70 }),
      sample('apg', { particles: 70 }),
    ]);
    assert.deepEqual(many.positions.subarray(0, 140), few.positions);
    assert.notDeepEqual(few.positions, other.positions);
    assert.notDeepEqual(few.positions, (await sample('none', { particles: 70, seed: 2 })).positions);
  });

  test('a description is completed as one of no guidance', async () => {
    const named = await sample('none', { particles: 70 });
    assert.deepEqual((await sample({}, { particles: 70 })).positions, named.positions);
    assert.deepEqual((await sample({ guide: undefined, interval: null, levels: { steps: 32 } }, { particles: 70 })).config, named.config);
    const guide = { model: 'guide-32-0512', condition: 'A' };
    assert.deepEqual(
      (await sample({ guide, weight: 3 }, { particles: 70 })).positions,
      (await sample('autoguidance', { particles: 70 })).positions,
    );
    named.config.scheme.weight = 9;
    assert.equal((await sample('none', { particles: 1 })).config.scheme.weight, 1);
  });

  test('a description of version 1 is what it was', async () => {
    const old = { version: 1, main: 'main-A64-4096', guide: { model: 'guide-AB32-0512' }, weight: 4 };
    const [then, now] = await Promise.all([old, 'classifier-free'].map((scheme) => sample(scheme, { particles: 70 })));
    assert.deepEqual(then.config, now.config);
    assert.equal(now.config.scheme.version, 2);
    assert.deepEqual(now.config.scheme.main, { model: 'main-64-4096', condition: 'A' });
  });

  test('takes what it tells as its configuration, and options come over that', async () => {
    const { positions, config } = await sample('autoguidance', { particles: 70, seed: 3, distribution: 'two-moons' });
    assert.deepEqual((await sample(config)).positions, positions);
    assert.deepEqual((await sample(JSON.parse(JSON.stringify(config)), { particles: 20 })).positions, positions.subarray(0, 40));
    await refused(sample({ ...config, sigma: 1 }), 'invalid', /^There is no option “sigma”\.$/);
  });

  test('leaves the thread free in between, and tells how far it is', async () => {
    const gaps = [];
    const told = [];
    let last = performance.now();
    const watch = () => {
      gaps.push(performance.now() - last);
      last = performance.now();
      if (told.at(-1) !== 1) setImmediate(watch);
    };
    setImmediate(watch);
    await sample('autoguidance', { progress: (done) => told.push(done) });
    assert.ok(gaps.length > 30, `${gaps.length}`);
    // Half of them, as other programs work too.
    assert.ok(quantile(gaps, 0.5) < 20, `${quantile(gaps, 0.5)} ms`);
    assert.ok(told.every((done, i) => done > (told[i - 1] ?? 0)) && told.at(-1) === 1);
  });

  test('is stopped by its signal, with its reason', async () => {
    const reason = new Error('enough');
    await assert.rejects(sample('none', { signal: AbortSignal.abort(reason) }), reason);
    const controller = new AbortController();
    let told = 0;
    const work = sample('none', {
      particles: 1 << 20,
      signal: controller.signal,
      progress: (done) => {
        told = done;
        controller.abort(reason);
      },
    });
    await assert.rejects(work, reason);
    assert.ok(told > 0 && told < 0.01);
  });

  test('every scheme that has a name is sampled', async () => {
    for (const { name, scheme } of schemes) {
      const { positions, config } = await sample(name, { particles: 8 });
      assert.ok(
        positions.every((x) => Math.abs(x) < 100),
        name,
      );
      assert.deepEqual(config.scheme, scheme);
    }
  });

  test('bad input is refused in a sentence', async () => {
    await refused(sample('autoguidence'), 'invalid', /^This scheme cannot be used: there is no scheme named “autoguidence”\.$/);
    await refused(sample({ wieght: 3 }), 'invalid', /a scheme has no field “wieght”\.$/);
    await refused(sample({ weight: '3' }), 'invalid', /“weight” of a scheme cannot be "3"\.$/);
    await refused(sample(), 'invalid', /^A scheme has to be a name or a description\.$/);
    await refused(sample({ weight: 99 }), 'invalid', /^The guidance weight must be between -10 and 50; it is 99\.$/);
    await refused(sample({ main: 'mine' }), 'unknown-model', /^There is no model named “mine”\.$/);
    await refused(sample('none', { particles: 0 }), 'invalid', /^The number of particles must be between 1 and 1048576; it is 0\.$/);
    await refused(sample('none', { particles: 1.5 }), 'invalid', /particles: expected an integer/);
    await refused(sample('none', { seed: -1 }), 'invalid', /seed: expected an integer/);
    await refused(sample('none', { particles: 1 << 20, paths: true }), 'invalid', /^The paths of 1048576 particles/);
    await refused(sample('none', { particle: 5 }), 'invalid', /^There is no option “particle”\.$/);
    await refused(sample('none', { progress: 5 }), 'invalid', /^The option “progress” has to be a function\.$/);
    await refused(sample('none', { signal: {} }), 'invalid', /^The option “signal” has to be an AbortSignal\.$/);
    await refused(sample('none', null), 'invalid', /^The options have to be an object\.$/);
  });
});

describe('score', () => {
  const close = (found, expected, tolerance) => assert.ok(Math.abs(found - expected) < tolerance, `${found}, expected ${expected}`);
  const data = join(process.env.INIT_CWD ?? process.cwd(), 'tests/data/scores.json');
  const references = JSON.parse(readFileSync(data, 'utf8'));

  test('of the exact models is what SciPy says', async () => {
    for (const { classes, sigma, x, log_density, score: expected } of references) {
      if (sigma < 0.0001) continue;
      const { main, guide, guided, weight } = await score(`exact:${classes}`, x, sigma);
      const size = Math.hypot(...expected);
      close(main.logDensities[0], log_density, 1e-5 * Math.abs(log_density) + 2e-5);
      // A coordinate's last digit in f32 counts where the score is steep.
      for (const axis of [0, 1]) close(main.scores[axis], expected[axis], 1e-4 * size + 2e-7 / sigma ** 2);
      assert.deepEqual([guide, weight, guided], [null, 1, main.scores]);
    }
  });

  test('of networks is the native command’s, and guidance their combination', async () => {
    const points = [0.45, 1.22, 0.13, 0.18, -0.4, 0.3];
    const { main, guide, guided, data, weight, sigma } = await score('autoguidance', points, 0.31);
    assert.deepEqual([weight, sigma], [3, 0.31]);
    const says = (model) => rows(native(['evaluate', '--model', model, '--sigma', '0.31', '--points', '-'], csv(points)));
    const [s1, s0, truth] = ['main-64-4096', 'guide-32-0512', 'exact:A'].map(says);
    for (let i = 0; i < 3; i++) {
      close(data.logDensities[i], truth[i][2], 1e-4);
      for (const axis of [0, 1]) {
        close(main.scores[2 * i + axis], s1[i][3 + axis], 1e-4);
        close(guide.scores[2 * i + axis], s0[i][3 + axis], 1e-4);
        close(data.scores[2 * i + axis], truth[i][3 + axis], 1e-4);
        close(guided[2 * i + axis], s0[i][3 + axis] + 3 * (s1[i][3 + axis] - s0[i][3 + axis]), 3e-4);
      }
    }
    // The command's densities of networks are not normalised: differences are the same.
    close(main.logDensities[0] - main.logDensities[1], s1[0][2] - s1[1][2], 1e-4);
    // Those of the library are: the mass on a grid over the noised data.
    const grid = Array.from({ length: 80 * 80 }, (_, i) => [(i % 80) * 0.1 - 3.95, Math.floor(i / 80) * 0.1 - 3.95]).flat();
    const { main: over } = await score('main-64-4096', grid, 0.31);
    close(
      over.logDensities.reduce((mass, log) => mass + 0.01 * Math.exp(log), 0),
      1,
      0.01,
    );
  });

  test('the weight is that of the step which passes the level', async () => {
    const scheme = { guide: { model: 'exact', condition: 'AB' }, main: 'exact:A', weight: 3, interval: { low: 0.1, high: 1 } };
    const weights = await Promise.all([5, 0.5, 0.01].map(async (sigma) => (await score(scheme, [0, 0], sigma)).weight));
    assert.deepEqual(weights, [1, 3, 1]);
  });

  test('bad input is refused in a sentence', async () => {
    await refused(score('none', [1], 1), 'invalid', /^The points have to be an even number of coordinates/);
    await refused(score('none', 'ab', 1), 'invalid', /^The points have to be/);
    await refused(score('none', [1, 2]), 'invalid', /^The noise level must be between 0\.0001 and 100; it is NaN\.$/);
    await refused(score('none', [1, 2], 0), 'invalid', /it is 0\.$/);
    await refused(score('none', [1, 2], '1'), 'invalid', /it is NaN\.$/);
    await refused(score('none', detached(), 1), 'invalid', /^The points have to be an even number/);
    for (const [list, index, found] of spoiled) {
      await refused(
        score('none', list, 1),
        'invalid',
        new RegExp(`^The points have to be .*: at index ${index} there is ${escaped(found)}\\.$`),
      );
    }
    await refused(score('exact:C', [1, 2], 1), 'invalid', /exact has no condition “C”: it has A, B, AB\./);
    const points = [0.3, 0.4];
    const pending = score('exact:A', points, 1);
    points.fill(7);
    assert.deepEqual(await pending, await score('exact:A', [0.3, 0.4], 1));
    const reason = new Error('enough');
    await assert.rejects(score('none', [1, 2], 1, { signal: AbortSignal.abort(reason) }), reason);
  });
});

describe('metrics', () => {
  test('are the native command’s, and what is known of autoguidance', async () => {
    const { positions } = await sample('autoguidance', { particles: 16384, seed: 1 });
    const found = await metrics(positions);
    const expected = JSON.parse(native(['metrics', '--json'], csv(positions)));
    assert.deepEqual(Object.keys(found).sort(), Object.keys(expected).sort());
    for (const [name, estimate] of Object.entries(expected)) {
      if (name === 'particles') assert.equal(found.particles, 16384);
      else if (name === 'lost') assert.equal(found.lost, estimate);
      else {
        const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-3 * Math.max(1, Math.abs(b)), `${name} ${a} ${b}`);
        near(found[name].value, estimate.value);
        near(found[name].standardError, estimate.standardError);
        near(found[name].floor.mean, estimate.floor.mean);
      }
    }
    assert.ok(Math.abs(found.outliers.value - 0.072) < 3 * found.outliers.standardError, `${found.outliers.value}`);
  });

  test('bad input is refused in a sentence', async () => {
    await refused(metrics([]), 'invalid', /^The positions have to be an even number of coordinates/);
    await refused(metrics(undefined), 'invalid', /^The positions have to be/);
    await refused(metrics([1, 2, 3]), 'invalid', /^The positions have to be/);
    await refused(metrics(detached()), 'invalid', /^The positions have to be an even number/);
    for (const [list, index, found] of spoiled) {
      await refused(metrics(list), 'invalid', new RegExp(`^The positions have to be .*: at index ${index} there is ${escaped(found)}\\.$`));
    }
  });

  test('are of what the list held at the call', async () => {
    const { positions } = await sample('none', { particles: 200 });
    const [expected, points] = [await metrics(positions), positions.slice()];
    const pending = metrics(points);
    points.fill(7);
    assert.deepEqual(await pending, expected);
  });
});

/** A network's file that says what it learned, or nothing. */
function learned(file, data) {
  const length = Number(file.readBigUInt64LE());
  const header = JSON.parse(file.subarray(8, 8 + length));
  const text = Buffer.from(JSON.stringify({ ...header, __metadata__: data && { data } }));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([size, text, file.subarray(8 + length)]);
}

describe('models', () => {
  const weights = (name) => readFileSync(join(process.env.INIT_CWD ?? process.cwd(), `weights/${name}.safetensors`));

  test('of your own guide as shipped ones do', async () => {
    await addModel('mine', weights('guide-A32-0512'));
    const [mine, shipped] = await Promise.all(
      [{ guide: { model: 'mine' }, weight: 3 }, 'autoguidance'].map((scheme) => sample(scheme, { particles: 50 })),
    );
    assert.deepEqual(mine.positions, shipped.positions);
    assert.equal((await score('mine', [0.1, 0.2], 1)).weight, 1);
    // What its file says that it learned is its condition.
    const ask = (condition) => sample({ guide: { model: 'mine', condition }, weight: 3 }, { particles: 50 });
    assert.deepEqual((await ask('A')).positions, shipped.positions);
    await refused(ask('B'), 'unknown-model', /^There is no model named "mine:B"\.$/);
    const bytes = new Uint8Array(weights('guide-A32-0064'));
    await addModel('mine', bytes.buffer);
    assert.notDeepEqual((await sample({ guide: { model: 'mine' }, weight: 3 }, { particles: 50 })).positions, shipped.positions);
  });

  test('are those that were there when something was asked of them', async () => {
    const scheme = { guide: { model: 'changing' }, weight: 3 };
    const moving = { main: 'exact:A', guide: { model: 'moving' }, weight: 3 };
    const options = { particles: 50, distribution: 'two-moons' };
    const [one, other] = [weights('guide-A32-0512'), weights('guide-A32-0064')];
    const ask = () => Promise.all([sample(scheme, { particles: 50 }), sample(moving, options), score('changing', [1, 2], 1)]);
    const give = async (bytes) => {
      await addModel('changing', bytes);
      await addModel('moving', learned(bytes, 'two-moons'));
    };
    await give(one);
    const before = await ask();
    const pending = ask();
    await give(other);
    assert.deepEqual(await pending, before);
    // From then on it is the other, whatever the data.
    (await ask()).forEach((result, index) => assert.notDeepEqual(result, before[index]));
    await give(one);
    assert.deepEqual(await ask(), before);
  });

  test('are asked about the data that their files name, and of the tree where these name none', async () => {
    const file = weights('guide-A32-0512');
    await addModel('of-moons', learned(file, 'two-moons'));
    await addModel('silent', learned(file, undefined));
    const [moons, tree] = ['of-moons', 'silent'].map((model) => ({ main: 'exact:A', guide: { model }, weight: 3 }));
    await refused(sample(moons, { particles: 5 }), 'other-data', /^of-moons was trained on two-moons and knows nothing of tree-2\.$/);
    const words =
      /^silent does not say what it was trained on, is taken as of the paper's tree \(tree-2\), and knows nothing of two-moons\.$/;
    await refused(sample(tree, { particles: 5, distribution: 'two-moons' }), 'other-data', words);
    assert.equal((await sample(tree, { particles: 5 })).positions.length, 10);
  });

  test('that are none are refused in a sentence', async () => {
    await refused(addModel('broken', new Uint8Array(9)), 'weights', /^The header in the weights file/);
    await refused(sample({ main: 'broken' }), 'unknown-model', /“broken”/);
    await refused(addModel('exact:A', weights('guide-A32-0512')), 'invalid', /^The name “exact:A” is taken\.$/);
    await refused(addModel('a:b', weights('guide-A32-0512')), 'invalid', /has a colon/);
    await refused(addModel('main-A64-4096', weights('guide-A32-0512')), 'invalid', /is taken\.$/);
    await refused(addModel('none', weights('guide-A32-0512')), 'invalid', /is taken\.$/);
    await refused(addModel('', weights('guide-A32-0512')), 'invalid', /^A model needs a name/);
    await refused(addModel('text', 'safetensors'), 'invalid', /^The bytes of a model/);
  });

  test('and schemes and version are those of the package', () => {
    assert.ok(models.includes('exact:AB') && models.includes('main-64-4096:A') && models.length > 30);
    assert.equal(new Set(schemes.map(({ name }) => name)).size, schemes.length);
    for (const { title, formula, explanation, reference } of schemes) assert.ok(title && formula && explanation && reference);
    const named = schemes.find(({ name }) => name === 'sigma-scaling');
    assert.ok(named.parameters.some(({ path, greatest }) => path === '/guide/sigmaScale' && greatest === 10));
    const manifest = JSON.parse(readFileSync(new URL(import.meta.resolve('guidance-playground/package.json')), 'utf8'));
    assert.equal(version, manifest.version);
  });
});
