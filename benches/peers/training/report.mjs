// Training beside Diffusion Explorer's way, as a section of docs/benchmarks.md.

import { atLeast, median, none, table } from '../report.mjs';

export const TITLE = '## Training in the browser';

/** Epochs of theirs after which both are compared. */
const PARTS = [100, 300, 1000];

/** The first of a curve whose loss is no greater, and the first with the least. */
const reached = (curve, loss) => curve.find((point) => point.loss <= loss);
const least = (curve) => curve.reduce((a, b) => (b.loss < a.loss ? b : a));

export function section({ date, rounds, judged, machine, version, backend, browser, trials, peer, ours, runs }) {
  /** In each round the best of so many epochs of theirs, and the first of ours that is as good. */
  const compared = (data, epochs) => {
    const pairs = runs
      .filter((run) => run.data === data)
      .map(({ peer, own }) => {
        const theirs = least(peer.filter(({ epoch }) => epoch <= epochs));
        return { theirs, ours: reached(own, theirs.loss) };
      });
    const of = (who, what) => pairs.flatMap((pair) => (pair[who] ? [pair[who][what]] : []));
    const all = pairs.every((pair) => pair.ours);
    return { of, ratio: all ? median(pairs.map(({ theirs, ours }) => theirs.seconds / ours.seconds)) : undefined };
  };
  const seconds = (values) => (values.length ? median(values).toFixed(2) : none);
  const spread = (values) => (values.length ? `${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}` : none);
  const losses = (values) => (values.length ? median(values).toFixed(4) : none);
  const times = (ratio) => ratio?.toFixed(1) ?? none;
  const data = [...new Set(runs.map((run) => run.data))];
  const rows = data.flatMap((name) => {
    const { of, ratio } = compared(name, peer.epochs);
    const row = (title, who, bold) => [
      `${name}: ${title}`,
      `${bold}${seconds(of(who, 'seconds'))}${bold}`,
      spread(of(who, 'seconds')),
      losses(of(who, 'loss')),
    ];
    return [
      [...row(`Diffusion Explorer’s way, ${version} ${backend}`, 'theirs', ''), times(ratio)],
      [...row(`ours, wasm relaxed SIMD, ${ours.workers} workers`, 'ours', '**'), '1.0'],
    ];
  });
  const parts = data.flatMap((name) =>
    PARTS.map((epochs) => {
      const { of, ratio } = compared(name, epochs);
      const cells = ['theirs', 'ours'].flatMap((who) => [seconds(of(who, 'seconds')), losses(of(who, 'loss'))]);
      return [`${name}, the best of ${epochs} epochs`, ...cells, times(ratio)];
    }),
  );
  const last = data.map((name) => {
    const ends = runs.filter((run) => run.data === name).map(({ own }) => own.at(-1));
    return `${name} ${losses(ends.map((end) => end.loss))} after ${seconds(ends.map((end) => end.seconds))} s`;
  });
  const targets = data.map((name) => [
    `training in a browser on ${name}, 2 cores, beside Diffusion Explorer’s way to the same loss: 10 times`,
    ...atLeast(compared(name, peer.epochs).ratio, 10, (v) => `${v.toFixed(1)} times`),
  ]);
  const tried = trials.map(({ backend, seconds }) => `${backend}, ${(1e3 * seconds).toFixed(1)} ms`).join('; ');
  return `${TITLE}

Made by \`cargo xtask bench training\` on ${date}: ${machine.processor}, ${machine.cores} cores; ${version}, Chromium ${browser}. A network learns
class A of the data in a page. Diffusion Explorer's way is as published (benches/peers/training/explorer.js has the source): ${peer.points} samples in
batches of 200, flow matching, three hidden layers of 64 with ELU, Adam of rate .01, ${peer.epochs} epochs; in TF.js, on the backend that takes
least for an epoch here (${tried}), and without the frames and pictures that it makes between epochs. Ours is
\`startTraining\` of the package: width ${ours.hidden}, ${ours.batch.toLocaleString('en')} particles a batch, exact scores, ${ours.workers} workers; to start them counts.

Both are judged by one loss, that of our training: half the mean of sigma² |s − s*|² over ${judged.toLocaleString('en')} points under its noise levels, s* the exact
score. A velocity at a time t is exactly a score at sigma = (1 − t)/t in units of theirs (benches/peers/training/loss.mjs). The loss was
taken every ${peer.every} epochs of theirs, and of the averaged networks that ours gave out (two a second, and at powers of two); that is not counted. A time is
that until theirs first had the least loss of so many epochs, and until ours was as good. All in turn, ${rounds} round${rounds > 1 ? 's' : ''} with other samples and
seeds in each; medians, a ratio the median of the ratios within a round.

${table(['', 'seconds', 'least to most', 'loss', '÷ ours'], rows)}

${table(['', 'theirs, seconds', 'loss', 'ours, seconds', 'loss', 'theirs ÷ ours'], parts)}

Ours goes on from there: ${ours.iterations} iterations have a loss on ${last.join(', on ')}.

${table(['target', 'measured', ''], targets)}
`;
}
