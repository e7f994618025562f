import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greatestLoss, LossCurve, patience, Watch } from './loss.js';

test('a curve has at most 256 points, each the mean of as many iterations', () => {
  const curve = new LossCurve();
  for (let i = 1; i <= 10_000; i++) {
    curve.add(i, i);
    assert.ok(curve.losses.length < 256);
  }
  const stride = curve.iterations[0]!;
  assert.equal(stride, 64);
  curve.iterations.forEach((last, index) => {
    assert.equal(last, (index + 1) * stride);
    assert.equal(curve.losses[index], last - (stride - 1) / 2);
  });
});

test('a curve that was kept goes on', () => {
  const [whole, first] = [new LossCurve(), new LossCurve()];
  for (let i = 1; i <= 1024; i++) for (const curve of [whole, first]) curve.add(i, Math.sin(i));
  const { iterations, losses } = first;
  const second = LossCurve.of({ iterations: [...iterations], losses: [...losses] });
  for (let i = 1025; i <= 3000; i++) for (const curve of [whole, second]) curve.add(i, Math.sin(i));
  assert.deepEqual([second.iterations, second.losses], [whole.iterations, whole.losses]);
});

test('a loss that is none, or stays large, is a divergence', () => {
  for (const loss of [NaN, Infinity]) assert.match(new Watch().see(loss)!, /no number/);
  const watch = new Watch();
  const see = (loss: number, times: number) => Array.from({ length: times }, () => watch.see(loss)).at(-1);
  assert.equal(see(greatestLoss + 1, patience - 1), null);
  assert.equal(see(1, 1), null);
  assert.equal(see(greatestLoss, 100), null);
  assert.equal(see(greatestLoss + 1, patience - 1), null);
  assert.match(see(greatestLoss + 1, 1)!, /above 10 for 32 iterations/);
});
