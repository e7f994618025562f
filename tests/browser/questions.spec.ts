// What the page asks of the core besides runs.
import { expect, measure, openAtEnd, shared as test } from './fixture.js';

test('a scheme is explained at any point, networks and all', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512');
  const { sigma, weight, values, last, lastLevel } = await page.evaluate(async () => {
    const { panels, sampling } = window.guidancePlayground.state();
    const scheme = { ...panels[2]!.scheme, levels: sampling.levels };
    const config = { scheme, particles: 1, seed: 1, distribution: sampling.distribution };
    const points = Float32Array.from({ length: 2400 }, (_, i) => (i % 2 ? 0.2 : 0.1) + i * 4e-4);
    const explained = (await window.guidancePlayground.ask({ type: 'explain', config, step: 20, points }))!;
    const { steps } = scheme.levels;
    const end = (await window.guidancePlayground.ask({ type: 'explain', config, step: steps, points: points.slice(0, 2) }))!;
    const trace = (await window.guidancePlayground.ask({ type: 'trace', config, particles: Uint32Array.of(0) }))!;
    return {
      ...explained,
      values: [...explained.values],
      last: end.sigma,
      lastLevel: trace.noiseLevels[steps - 1],
    };
  });
  expect(weight).toBe(3);
  expect(sigma).toBeGreaterThan(0.01);
  expect(last).toBe(lastLevel);
  expect(values).toHaveLength(1200 * 11);
  for (let point = 0; point < 1200; point += 97) {
    const [main, mainX, mainY, , guideX, guideY, x, y, data] = values.slice(11 * point, 11 * point + 9) as number[];
    const scale = 1e-4 * Math.max(...[mainX!, mainY!, guideX!, guideY!].map(Math.abs));
    expect(Math.abs(x! - (guideX! + 3 * (mainX! - guideX!)))).toBeLessThan(scale);
    expect(Math.abs(y! - (guideY! + 3 * (mainY! - guideY!)))).toBeLessThan(scale);
    // The network has learned the data's density, and both are normalised: in the middle of the data they are close.
    if (data! > 0) expect(Math.abs(main! - data!)).toBeLessThan(1);
  }
});

test('particles are traced along the way of the run, and its paths can be had', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512');
  const { steps, paths, traced, positions } = await page.evaluate(async () => {
    const { panels, sampling } = window.guidancePlayground.state();
    const { particles, seed, levels, distribution } = sampling;
    const config = { scheme: { ...panels[1]!.scheme, levels }, particles, seed, distribution };
    const numbers = Uint32Array.of(7, particles - 1, 0);
    const { steps } = levels;
    const ends = (await window.guidancePlayground.positions(1, steps))!;
    return {
      steps,
      paths: [...(await window.guidancePlayground.paths(1, numbers))!],
      traced: [...(await window.guidancePlayground.ask({ type: 'trace', config, particles: numbers }))!.paths],
      positions: [...numbers].flatMap((number) => [ends[2 * number]!, ends[2 * number + 1]!]),
    };
  });
  expect(paths).toHaveLength(3 * 2 * (steps + 1));
  expect(traced).toEqual(paths);
  const ends = [0, 1, 2].flatMap((particle) => paths.slice(2 * ((steps + 1) * (particle + 1) - 1)).slice(0, 2));
  expect(ends).toEqual(positions);
});

test('branches, and what lies on them, agree with the metrics', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512');
  const told = await page.evaluate(async () => {
    const { distribution } = window.guidancePlayground.state().sampling;
    const positions = (await window.guidancePlayground.positions(1, window.guidancePlayground.state().sampling.levels.steps))!;
    const branches = (await window.guidancePlayground.ask({ type: 'branches', distribution }))!;
    const { share, error } = (await window.guidancePlayground.ask({ type: 'coverage', distribution, positions }))!;
    const facts = (await window.guidancePlayground.ask({ type: 'facts', distribution, positions }))!;
    return { branches, share: [...share], error: [...error], facts: [...facts.slice(0, 300)], count: facts.length / 3 };
  });
  expect(told.branches).toHaveLength(127);
  const variation = told.share.reduce((sum, share, b) => sum + Math.abs(share - told.branches[b]!.mass) / 2, 0);
  await expect(measure(page, 2, 'branchTotalVariation')).toHaveText(`${(100 * variation).toFixed(1)}%`);
  expect(told.error.every((error) => error > 0 && error < 0.02)).toBe(true);
  for (let at = 0; at < 300; at += 3) {
    const [logDensity, branch, depth] = told.facts.slice(at, at + 3) as [number, number, number];
    expect(Number.isFinite(logDensity)).toBe(true);
    expect(depth).toBe(told.branches[branch]!.depth);
  }
});

test('a short question is answered before a long one, which can be given up; what is wrong is said', async ({ page }) => {
  await openAtEnd(page, '?engine=cpu#v=1&particles=512');
  const { order, aborted, refused } = await page.evaluate(async () => {
    const { panels, sampling } = window.guidancePlayground.state();
    const scheme = { ...panels[0]!.scheme, levels: sampling.levels };
    const config = { scheme, particles: 1, seed: 1, distribution: sampling.distribution };
    const explain = (points: number, signal?: AbortSignal) =>
      window.guidancePlayground.ask({ type: 'explain', config, step: 3, points: new Float32Array(2 * points) }, signal);
    await explain(1);
    const order: string[] = [];
    const long = explain(20_000).then(() => order.push('long'));
    const short = explain(1).then(() => order.push('short'));
    const abort = new AbortController();
    const given = explain(20_000, abort.signal).catch((reason: Error) => reason.name);
    abort.abort();
    await Promise.all([long, short]);
    const wrong = { ...config, scheme: { ...scheme, main: { model: 'nobody', condition: null } } };
    const refused = await window.guidancePlayground
      .ask({ type: 'explain', config: wrong, step: 3, points: new Float32Array(2) })
      .catch((failure: Error) => failure.message);
    return { order, aborted: await given, refused };
  });
  expect(order).toEqual(['short', 'long']);
  expect(aborted).toBe('AbortError');
  expect(refused).toBe('No network named nobody is shipped: one of a visitor’s own is only where it was dropped or trained.');
});
