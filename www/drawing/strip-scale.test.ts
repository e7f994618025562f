import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { StripScale } from './strip-scale.js';

const real = (least: number, greatest: number) => fc.double({ min: least, max: greatest, noNaN: true });

function near(value: number, other: number): void {
  assert.ok(Math.abs(value - other) <= 1e-6 * (1 + Math.abs(value)), `${value} and ${other}`);
}

test('the strip goes from noise level to place and back, and finds every step and time', () => {
  const levels = fc
    .uniqueArray(real(0.001, 50), { minLength: 4, maxLength: 40, selector: (level) => Math.round(1e3 * Math.log(level)) })
    .map((list) => Float64Array.from([...list.sort((one, other) => other - one), 0]));
  fc.assert(
    fc.property(levels, real(0, 1), (levels, share) => {
      const steps = levels.length - 1;
      const scale = new StripScale(levels, steps);
      for (const level of levels) near(scale.sigmaAt(scale.ofSigma(level)), level);
      for (let step = 0; step <= steps; step++) assert.equal(scale.stepAt(scale.ofPosition(step)), step);
      near(scale.timeAt(scale.ofTime(share)), share);
    }),
    { numRuns: 200, seed: 1 },
  );
});
