// The figures as Markdown.

import { CONTESTANTS } from './contestants.mjs';

/** Evaluations of both networks in 32 Heun steps, and hidden-to-hidden matrices of a network. */
const EVALUATIONS = 63;
const MATRICES = 4;

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

export const table = (head, rows) =>
  [head, head.map((_, i) => (i ? '--:' : '---')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** Of the eight products that are counted, ours does seven. */
const DONE = 7 / 8;

const seconds = (value) => (value >= 10 ? value.toFixed(1) : value >= 1 ? value.toFixed(2) : value.toFixed(value >= 0.1 ? 3 : 4));
export const share = (value) => `${Math.round(100 * value)}%`;
export const none = '–';

const reached = (value, holds, text) => (value === undefined ? ['not measured', none] : [text(value), holds(value) ? 'met' : '**missed**']);
export const atLeast = (value, least, text = (v) => `${v.toFixed(2)} times`) => reached(value, (v) => v >= least, text);
export const atMost = (value, most, text) => reached(value, (v) => v <= most, text);

/** The document with this section in place of the one that it has, or before its remarks. */
export function inserted(document, title, text) {
  const begin = document.indexOf(`${title}\n`);
  const from = begin < 0 ? document.indexOf('## What limits') : begin;
  const after = document.indexOf('\n## ', from + 1);
  const end = begin < 0 ? from : after < 0 ? document.length : after + 1;
  return `${document.slice(0, from)}${text}\n${document.slice(end)}`;
}

export function report({ date, settings, machine, facts, verdicts, times, toy, extras }, cards, sections, remarks) {
  const { particles, few } = settings;
  const of = (section, name, pair, count) =>
    times.filter((t) => t.section === section && t.name === name && t.pair === pair && t.particles === count);
  const together = (name, count = particles) => of('together', name, 'shipped', count);
  const took = (list) => (list.length ? median(list.map((t) => t.seconds)) : undefined);
  /** Median of the ratios of times taken in the same round. */
  const ratio = (above, below) => {
    const pairs = above.flatMap((a) => below.filter((b) => b.round === a.round).map((b) => a.seconds / b.seconds));
    return pairs.length ? median(pairs) : undefined;
  };
  const times_ = (value, digits = 2) => (value === undefined ? none : value.toFixed(value >= 10 ? 1 : digits));
  const operations = (pair, count) => count * EVALUATIONS * 2 * MATRICES * 2 * toy[pair].reduce((sum, width) => sum + width * width, 0);
  const gflops = (pair, count, time) => (time === undefined ? undefined : operations(pair, count) / time / 1e9);
  /** Median of the shares of the bare loop's rate in the same round. */
  const shareOf = (name) => {
    const { peak, cores } = CONTESTANTS.find((c) => c.name === name);
    const loops = new Map(together(peak ?? '').map((t) => [t.round, t.peak * (name === peak ? 1 : (cores ?? 1))]));
    const shares = together(name).flatMap((t) =>
      loops.has(t.round) ? [operations('shipped', particles) / t.seconds / 1e9 / loops.get(t.round)] : [],
    );
    return shares.length ? median(shares) : undefined;
  };
  const spread = (list) => {
    const sorted = list.map((t) => t.seconds).sort((a, b) => a - b);
    return `${seconds(sorted[0])} to ${seconds(sorted[sorted.length - 1])}`;
  };
  const natives = CONTESTANTS.filter((c) => c.instructions && together(c.name).length);
  /** Ours on one core with the best instructions of the machine. */
  const native = natives[0]?.name ?? '';
  const missing = (name) => (verdicts[name]?.failed ? `left out: ${verdicts[name].failed}` : 'not in this run');

  const processors = CONTESTANTS.filter((c) => !c.software && !c.bare && (!c.instructions || natives.includes(c))).map((c) => {
    const list = together(c.name);
    if (!list.length) return [c.title, missing(c.name), none, none, none, none, none];
    const time = took(list);
    return [
      c.title,
      `${c.ours ? '**' : ''}${seconds(time)}${c.ours ? '**' : ''}`,
      spread(list),
      times_(ratio(list, together('relaxed-1'))),
      times_(ratio(list, together(native))),
      gflops('shipped', particles, time).toFixed(1),
      c.peak && shareOf(c.name) ? share(shareOf(c.name)) : none,
    ];
  });
  const software = [...CONTESTANTS.filter((c) => c.software), { ...CONTESTANTS.find((c) => c.name === 'relaxed-1'), processor: true }].map(
    (c) => {
      const list = together(c.name, few);
      if (!list.length) return [c.title, missing(c.name), none, none];
      return [
        c.processor ? `${c.title} (for comparison)` : c.title,
        seconds(took(list)),
        spread(list),
        times_(ratio(list, together('webgpu', few))),
      ];
    },
  );
  const loops = [...natives, ...CONTESTANTS.filter((c) => c.bare)].flatMap(({ name, title }) => {
    const list = together(name)
      .map((t) => t.peak)
      .filter(Boolean);
    return list.length
      ? [[title.replace(/^ours, |^bare multiply-add loop, /, ''), median(list).toFixed(1), Math.max(...list).toFixed(1)]]
      : [];
  });

  const kilobytes = (v) => `${(v / 1000).toFixed(1)} kB`;
  const twoShares = (v) => `${share(v)}; ${share(v * DONE)} of it in products really done`;
  const h100 = cards.filter(({ by, peaks }) => /H100/.test(by) && peaks.length > 0);
  const cardShare = h100.length ? Math.max(...h100.map((c) => c.operations / median(c.seconds) / median(c.peaks))) : undefined;
  const cardRun = h100.find((c) => c.particles === 16384 && c.steps === 32);
  const noCard = ([text, verdict]) => [text === 'not measured' ? 'not measured: no such card was at hand' : text, verdict];
  const targets = [
    [
      'relaxed wasm, 1 worker, beside onnxruntime-web wasm, 1 thread: 2.4 times',
      ...atLeast(ratio(together('onnx-1'), together('relaxed-1')), 2.4),
    ],
    ['relaxed wasm, 1 worker, beside TF.js with tf.grad: 13 times', ...atLeast(ratio(together('tfjs-grad'), together('relaxed-1')), 13)],
    ['relaxed wasm, 1 worker: 70% of the relaxed peak loop', ...atLeast(shareOf('relaxed-1'), 0.7, twoShares)],
    ['relaxed wasm, 2 workers, ahead of JAX on 2 cores', ...atLeast(ratio(together('jax-2'), together('relaxed-2')), 1)],
    ['native, 1 core, beside JAX on 1 core: twice', ...atLeast(ratio(together('jax-1'), together(native)), 2)],
    ['native with AVX2, 1 core, beside JAX on 1 core: 1.4 times', ...atLeast(ratio(together('jax-1'), together('avx2-1')), 1.4)],
    ['native, 1 core: 70% of the peak loop', ...atLeast(native ? shareOf(native) : undefined, 0.7, twoShares)],
    ['native with AVX2, 1 core: 75% of its peak loop', ...atLeast(shareOf('avx2-1'), 0.75, twoShares)],
    [
      'WebGPU on SwiftShader beside onnxruntime-web WebGPU: 15 times',
      ...atLeast(ratio(together('onnx-webgpu', few), together('webgpu', few)), 15),
    ],
    ['H100: 35% of f32 peak', ...noCard(atLeast(cardShare, 0.35, twoShares))],
    [
      'H100: 16,384 particles, 32 steps, under 8 ms',
      ...noCard(atMost(cardRun && 1e3 * median(cardRun.seconds), 8, (v) => `${v.toFixed(2)} ms`)),
    ],
    ['exact score, native, 1 thread: under 1 us a particle', ...atMost(extras.exactMicroseconds, 1, (v) => `${v.toFixed(2)} us`)],
    [
      `default training on 2 cores: at most 80 s${extras.trainedIterations < 4096 ? ` (${extras.trainedIterations} of 4096 iterations, multiplied)` : ''}`,
      ...atMost(extras.training, 80, (v) => `${v.toFixed(1)} s`),
    ],
    ['wasm core with SIMD, gzipped: at most 120 kB', ...atMost(extras.simdBytes ?? undefined, 120_000, kilobytes)],
    ['wasm core with relaxed SIMD, gzipped: at most 120 kB', ...atMost(extras.relaxedBytes ?? undefined, 120_000, kilobytes)],
  ];

  const cardTable = cards.length
    ? table(
        ['', 'particles', 'ms', 'particles x steps a second', 'TFLOP/s', 'share of the bare loop', 'until it is ready, s'],
        cards.map(({ by, particles: count, steps, operations: work, seconds: list, peaks, compiling }) => {
          const time = median(list);
          const part = peaks.length ? share(work / time / median(peaks)) : none;
          return [
            by,
            count.toLocaleString('en'),
            (1e3 * time).toFixed(2),
            ((count * steps) / time).toExponential(2),
            (work / time / 1e12).toFixed(2),
            part,
            compiling?.toFixed(2) ?? none,
          ];
        }),
      )
    : 'Not measured: no machine with a card was at hand. `guidance-playground bench --engine gpu --json` and\n`benches/peer_cuda.py` print the lines of benches/peers/cards.jsonl, from which the table is made.';

  const scaling = (section, columns, heading) => {
    const names = CONTESTANTS.filter((c) => columns.some(([, pair, count]) => of(section, c.name, pair, count).length));
    if (!names.length) return '';
    const rows = names.map((c) => [
      c.title,
      ...columns.map(([, pair, count]) => {
        const time = took(of(section, c.name, pair, count));
        return time === undefined ? none : `${seconds(time)} (${gflops(pair, count, time).toFixed(0)})`;
      }),
    ]);
    return table([heading, ...columns.map(([title]) => title)], rows);
  };
  const counts = [...new Set(times.filter((t) => t.section === 'particles').map((t) => t.particles))].sort((a, b) => a - b);
  const pairs = [...new Set(times.filter((t) => t.section === 'width').map((t) => t.pair))].sort((a, b) => toy[a][0] - toy[b][0]);
  const versions = [
    ...new Set(
      [
        ...Object.values(facts).flatMap((f) => [f.version, f.browser && `Chromium ${f.browser}`]),
        `Node.js ${machine.node}`,
        machine.rust,
      ].filter(Boolean),
    ),
  ];
  const instructions = [
    ...new Set(
      Object.values(facts)
        .map((f) => f.instructions)
        .filter(Boolean),
    ),
  ];
  const worst = Object.values(verdicts)
    .map((v) => v.near)
    .filter((v) => v !== undefined);

  return `# Benchmarks

Made by \`cargo xtask bench peers\` on ${date}; benches/peers/README.md says how. Do not edit: remarks belong into
benches/peers/remarks.md.

- Machine: ${machine.processor}, ${machine.cores} cores, ${machine.memory} GiB, ${machine.system} (${machine.arch}).
- Versions: ${versions.join(', ')}.
- Our instructions: ${instructions.join(', ') || none}.
- Work: ${particles.toLocaleString('en')} particles (${few} on the software card), 32 Heun steps, main-A64-4096 guided by guide-A32-0512, w = 3, the same
  starts for all. Chromium runs what is wasm or WebGPU.
- Before it was timed, each one's endpoints were compared with a float64 sampler's: at least 95% had to lie within
  0.001; the worst had ${worst.length ? `${(100 * Math.min(...worst)).toFixed(2)}%` : none}.
- All were timed in turn, ${settings.rounds} rounds (slow ones every third); a figure is a median, a ratio the median of the ratios within
  a round. Each had a warm-up; compiling and loading are not counted.
- GFLOP/s count the plain form: eight products by hidden matrices for each evaluation of a network (four forward, four
  in reverse), 63 evaluations, ${(operations('shipped', particles) / 1e9).toFixed(2)} GFLOP in all, for every contestant, whatever it saves. Ours merges two of the
  eight into one.
- The share is of a bare multiply-add loop in registers, measured in the same rounds, times the number of workers.

## Processors

${table(['', 'seconds', 'least to most', '÷ relaxed, 1 worker', '÷ native, best, 1 core', 'GFLOP/s', 'share of peak'], processors)}

${loops.length ? table(['bare multiply-add loop', 'GFLOP/s, median', 'most'], loops) : ''}

## WebGPU on SwiftShader, ${few} particles

A software card: it tells that the kernels are right and lean, not how fast a real card is.

${table(['', 'seconds', 'least to most', '÷ ours'], software)}

## WebGPU on real cards

${cardTable}

## Targets

${table(['target', 'measured', ''], targets)}

## Scaling in particles

Seconds (GFLOP/s).

${scaling(
  'particles',
  counts.map((n) => [n.toLocaleString('en'), 'shipped', n]),
  'particles',
)}

## Scaling in width

${particles.toLocaleString('en')} particles, random networks, the guide half as wide as the main network; seconds (GFLOP/s).

${scaling(
  'width',
  pairs.map((pair) => [toy[pair].join(' + '), pair, particles]),
  'widths',
)}
${sections.map((text) => `\n${text}`).join('')}${remarks.trim() ? `\n${remarks.trim()}\n` : ''}`;
}
