// The network of pictures beside its peers, as a section of docs/benchmarks.md.

import { atLeast, atMost, median, none, share, table } from '../report.mjs';

export const TITLE = '## Pictures';

/** In the order of the table. */
const ORDER = ['torch', 'onnx', 'web', 'simd', 'relaxed', 'avx512', 'avx2', 'neon', 'portable'];
const PEERS = ['torch', 'onnx', 'web'];
/** On the software card, by the clock: no peers of the others. */
const CARDS = ['onnx-webgpu', 'webgpu'];
const TITLES = { torch: 'PyTorch CPU, 1 thread', onnx: 'onnxruntime, 1 thread', web: 'onnxruntime-web wasm, 1 thread' };

export function section({ date, rounds, machine, operations, versions, far, times, workers }) {
  const of = (name) => times.filter((time) => time.name === name);
  const paired = (a, b, figure) =>
    of(a).flatMap((x) =>
      of(b)
        .filter((y) => x.round === y.round)
        .map((y) => figure(x, y)),
    );
  const ratio = (a, b) => {
    const ratios = paired(a, b, (x, y) => x.seconds / y.seconds);
    return ratios.length ? median(ratios) : undefined;
  };
  const shareOf = (name) => {
    const shares = of(name).flatMap(({ seconds, peak }) => (peak ? [operations / seconds / peak] : []));
    return shares.length ? median(shares) : undefined;
  };
  const names = ORDER.filter((name) => of(name).length);
  const native = names.find((name) => ['avx512', 'avx2', 'neon', 'portable'].includes(name));
  const milliseconds = (seconds) => (1e3 * seconds).toFixed(1);
  const cell = (value, text) => (value === undefined ? none : text(value));
  const rows = names.map((name) => {
    const all = of(name).map(({ seconds }) => seconds);
    const [least, most] = [Math.min(...all), Math.max(...all)];
    const bold = PEERS.includes(name) ? '' : '**';
    return [
      PEERS.includes(name) ? TITLES[name] : `ours, ${versions[name]}`,
      `${bold}${milliseconds(median(all))}${bold}`,
      `${milliseconds(least)} to ${milliseconds(most)}`,
      cell(ratio(name, 'relaxed'), (v) => v.toFixed(2)),
      cell(ratio(name, native), (v) => v.toFixed(2)),
      (operations / median(all) / 1e9).toFixed(1),
      cell(shareOf(name), share),
    ];
  });
  const cards = CARDS.filter((name) => of(name).length).map((name) => {
    const all = of(name).map(({ seconds }) => seconds);
    return [
      name === 'webgpu' ? 'ours, WebGPU' : versions[name],
      milliseconds(median(all)),
      `${milliseconds(Math.min(...all))} to ${milliseconds(Math.max(...all))}`,
      cell(ratio(name, 'webgpu'), (v) => v.toFixed(2)),
    ];
  });
  const runs = workers.map(({ build, workers, seconds, peakGflops, shareOfPeak }) => [
    `${build}, ${workers} worker${workers > 1 ? 's' : ''}`,
    seconds.toFixed(2),
    peakGflops.toFixed(1),
    share(shareOfPeak),
  ]);
  const pair = workers.filter((w) => w.workers === 2).reduce((a, b) => (a.seconds < b.seconds ? a : b));
  const targets = [
    ['relaxed wasm, 1 worker, beside onnxruntime-web wasm, 1 thread: twice', ...atLeast(ratio('web', 'relaxed'), 2)],
    ['native, 1 core, beside PyTorch CPU, 1 thread: 1.5 times', ...atLeast(ratio('torch', native), 1.5)],
    ['native, 1 core, ahead of onnxruntime, 1 thread', ...atLeast(ratio('onnx', native), 1)],
    ...names.flatMap((name) =>
      PEERS.includes(name) ? [] : [[`${versions[name]}: 60% of its bare loop`, ...atLeast(shareOf(name), 0.6, (v) => share(v))]],
    ),
    ['WebGPU on SwiftShader beside onnxruntime-web WebGPU: twice', ...atLeast(ratio('onnx-webgpu', 'webgpu'), 2)],
    ['16 pictures, 16 steps with CFG, 2 workers: at most 1.2 s', ...atMost(pair.seconds, 1.2, (v) => `${v.toFixed(2)} s`)],
  ];
  const worst = Math.max(...Object.values(far)).toExponential(1);
  const listed = [...new Set(PEERS.map((name) => versions[name]))].join(', ');
  return `${TITLE}

Made by \`cargo xtask bench images\` on ${date}: ${machine.processor}, ${machine.cores} cores; ${listed}, Node.js ${machine.node}. An
evaluation of the main network of pictures for 16 of them, with what a prompt and a noise level say to it; the peers have it as PyTorch
exports it. All were measured in turn, ${rounds} rounds of eight evaluations, in processor time, since the machine was shared; a figure is a
median, a ratio the median of the ratios within a round. In wasm an evaluation is a step of a run, the sampler's own work and all.
Before, each one's answer at sigma 1 was compared with PyTorch's: the farthest number was off by ${worst}. GFLOP/s count the
multiply-adds of its products, ${(operations / 1e9).toFixed(3)} GFLOP, for all, and the share is of a bare multiply-add loop in the same rounds.

${table(['', 'ms', 'least to most', '÷ relaxed', '÷ native, best', 'GFLOP/s', 'share of peak'], rows)}

The same on WebGPU, in Chromium on SwiftShader, a card that is emulated in software and takes all cores, by the clock. Two evaluations
a round: what comes out of the first stays on the card and goes into the second.

${table(['', 'ms', 'least to most', '÷ ours'], cards)}

Sixteen pictures through 16 steps of DPM-Solver++(2M) with CFG, two evaluations a step (\`benches/images_wasm.mjs\`, processor time;
of two workers that of the slower, each with eight pictures).

${table(['', 'seconds', 'bare loop, GFLOP/s', 'share of peak'], runs)}

${table(['target', 'measured', ''], targets)}
`;
}
