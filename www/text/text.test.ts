import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planeSchemes } from '../plane/schemes.js';
import { fit, setSampling } from '../state/changes.js';
import { planeBasis as plane } from '../plane/state/lab.js';
import { openingState } from '../state/lab.js';
import { formatDecimal, formatDuration, formatSigma, formatSigned } from './format.js';
import { describeLost } from './lost.js';
import { refusalOf } from './parameter.js';
import { describeStandIn } from './stand-in.js';
import { titleOf } from './title.js';

test('numbers as people read them', () => {
  assert.equal(formatDecimal(-0.004, 2), '0.00');
  assert.equal(formatDecimal(-1.5, 1), '−1.5');
  assert.equal(formatDecimal(123_456, 2), '1.2\u202f×\u202f10⁵');
  assert.equal(formatDecimal(NaN, 2), '–');
  assert.equal(formatDecimal(-Infinity, 2), '−∞');
  assert.deepEqual(
    [0.2, 0, -0.2].map((value) => formatSigned(value, 1)),
    ['+0.2', '0.0', '−0.2'],
  );
  assert.deepEqual([0, 0.002, 0.0995, 5].map(formatSigma), ['0', '0.002', '0.10', '5.00']);
  assert.deepEqual([85, 1200, 180_000].map(formatDuration), ['85\u00a0ms', '1.2\u00a0s', '3\u00a0min']);
  assert.deepEqual(
    [0.4, 999, 1500, 59_000, 100_000, 250_000].map((each) => formatDuration(each).split('\u00a0')),
    [
      ['0', 'ms'],
      ['999', 'ms'],
      ['1.5', 's'],
      ['59', 's'],
      ['2', 'min'],
      ['4', 'min'],
    ],
  );
  // Far ones too.
  assert.equal(formatSigned(-123456, 2), '−1.2\u202f×\u202f10⁵');
  assert.equal(formatSigned(1e10, 2), '+1.0\u202f×\u202f10¹⁰');
  assert.equal(formatSigned(-9999.994, 2), '−9999.99');
  assert.equal(formatSigned(-0.001, 2), '0.00');
  assert.equal(formatSigned(0.5, 2), '+0.50');
});

test('a number that a parameter cannot be is refused in a sentence', () => {
  const seed = { name: 'The seed', least: 0, greatest: 9, whole: true };
  assert.equal(refusalOf(-1, seed), 'The seed must be between 0 and 9; −1 is not.');
  assert.equal(refusalOf(1.5, seed), 'The seed must be a whole number; 1.5 is not.');
  assert.equal(refusalOf(NaN, seed), 'The seed must be between 0 and 9; what was typed is no number.');
  assert.equal(refusalOf(9, seed), '');
});

test('a title tells what of a scheme is otherwise, and not what is swept', () => {
  const { scheme } = planeSchemes.choiceOf('autoguidance');
  assert.equal(titleOf(planeSchemes, 'autoguidance', scheme), 'Autoguidance, w = 3');
  assert.equal(titleOf(planeSchemes, 'autoguidance', scheme, ['/weight']), 'Autoguidance');
  const clipped = { ...scheme, combination: { normClip: { radius: 1 } } };
  assert.equal(titleOf(planeSchemes, 'autoguidance', clipped, ['/weight']), 'Autoguidance, Clipped r = 1');
  assert.equal(titleOf(planeSchemes, 'autoguidance', clipped, ['/combination/normClip/radius']), 'Autoguidance, w = 3, Clipped');
  const noisy = { ...scheme, levels: { ...scheme.levels, max: 9 }, interval: { low: 0.1, high: 1 } };
  assert.equal(titleOf(planeSchemes, 'autoguidance', noisy, ['/weight', '/levels/max']), 'Autoguidance, σ 0.1 to 1');
  assert.equal(titleOf(planeSchemes, 'autoguidance', noisy, ['/levels/max']), 'Autoguidance, w = 3, σ 0.1 to 1');
  assert.equal(titleOf(planeSchemes, 'autoguidance', noisy, ['/interval/low', '/interval/high']), 'Autoguidance, w = 3, σ max = 9');
  assert.equal(titleOf(planeSchemes, 'autoguidance', noisy, ['/interval/low']), 'Autoguidance, w = 3, σ up to 1, σ max = 9');
});

test('a panel says what stands for what', () => {
  const moons = fit(plane, setSampling(plane, openingState(plane, false), { distribution: 'two-moons' }));
  const [none, cfg, autoguidance] = moons.panels.map((panel) => describeStandIn(planeSchemes, panel));
  assert.match(none!, /^main-64-4096:A knows the paper’s tree only, so exact models take their place with these data\. /);
  assert.match(cfg!, /^main-64-4096:A and guide-32-0512:AB know the paper’s tree only/);
  assert.match(autoguidance!, /, and sigma scaling stands for autoguidance\. The tree brings back what was there\.$/);
  assert.deepEqual(
    openingState(plane, false).panels.map((panel) => describeStandIn(planeSchemes, panel)),
    ['', '', ''],
  );
});

test('lost particles are counted over runs, and none is nothing to say', () => {
  assert.equal(describeLost({ particles: 4096, lost: 3 }), '3 of 4,096 lost');
  assert.equal(describeLost({ particles: 512, lost: 3 }, { particles: 512, lost: 0 }), '3 of 1,024 lost');
  assert.equal(describeLost({ particles: 4096 }), '');
});
