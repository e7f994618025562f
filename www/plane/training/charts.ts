// What a training has come to, as small charts: the loss, how far its networks are from the exact scores at each noise level, and
// the outliers of what they sample.
import { css, html, nothing, svg } from 'lit';
import type { Estimate } from '../../../pkg/guidance_playground.js';
import type { LossByNoise, TrainingProgress } from '../../training/job.js';
import { formatCount, formatShare } from '../../text/format.js';
import { nameOfData } from '../distribution.js';
import { nameOfRun, type PlannedRun } from './plan.js';

/** How far a network was after so many iterations. */
export interface Judged {
  iteration: number;
  kept: boolean;
  loss: LossByNoise;
}

export interface Charted {
  job: readonly PlannedRun[];
  /** Of each run, as far as it has come. */
  curves: readonly TrainingProgress['curve'][];
  /** Of each run, the latest last. */
  judged: readonly (readonly Judged[])[];
  outliers: { found: ReadonlyMap<number, Estimate>; exact: Estimate | null } | null;
}

const size = { width: 360, height: 170, left: 40, right: 18, top: 8, bottom: 36 };
/** Kept snapshots that are seen behind the present one. */
const past = 3;

/** Where numbers stand along a side, by their logarithms or as they are. */
interface Axis {
  from: number;
  to: number;
  even?: boolean;
  ticks: readonly number[];
  label: string;
  format: (value: number) => string;
}

const iterations = (job: readonly PlannedRun[]): Axis => {
  const to = Math.max(...job.map((run) => run.iterations));
  // The end has its own, with room beside it.
  return { from: 1, to, ticks: [...[1, 16, 256].filter((tick) => 3 * tick <= to), to], label: 'iterations', format: formatCount };
};
const noise: Axis = { from: 0.003, to: 3, ticks: [0.01, 0.1, 1], label: 'noise level σ', format: String };
const raised = (exponent: number) => String(exponent).replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]!);
/** Powers of ten around all losses, and at least two; those below a thousandth by their exponents, which are no longer than others. */
const losses = (all: readonly number[]): Axis => {
  const powers = all.filter((loss) => loss > 0).map(Math.log10);
  const greatest = Math.ceil(Math.max(...powers, 0));
  const least = Math.floor(Math.min(...powers, greatest - 2));
  return {
    from: 10 ** least,
    to: 10 ** greatest,
    ticks: Array.from({ length: greatest - least + 1 }, (_, below) => 10 ** (greatest - below)),
    label: 'loss',
    format: (loss) => (loss > 9e-4 ? String(Number(loss.toPrecision(1))) : `10⁻${raised(Math.round(-Math.log10(loss)))}`),
  };
};

const shareOf = (value: number, { from, to, even }: Axis): number => {
  const share = even ? (value - from) / (to - from) : Math.log(value / from) / Math.log(to / from);
  return Math.min(Math.max(share, 0), 1);
};

/** Places on a picture, of values on two axes. */
function placed(across: Axis, up: Axis) {
  const { width, height, left, right, top, bottom } = size;
  const x = (value: number) => left + shareOf(value, across) * (width - left - right);
  const y = (value: number) => height - bottom - shareOf(value, up) * (height - top - bottom);
  const line = (xs: readonly number[], ys: readonly number[]) =>
    xs.map((value, index) => `${x(value).toFixed(1)},${y(ys[index]!).toFixed(1)}`).join(' ');
  const frame = svg`${up.ticks.map(
    (tick) => svg`<line class="axis" x1=${left} x2=${width - right} y1=${y(tick)} y2=${y(tick)}></line>
      <text x=${left - 6} y=${y(tick) + 4} text-anchor="end">${up.format(tick)}</text>`,
  )}
  ${across.ticks.map((tick) => svg`<text x=${x(tick)} y=${height - bottom + 16} text-anchor="middle">${across.format(tick)}</text>`)}
  <text class="label" x=${(left + width - right) / 2} y=${height - 6} text-anchor="middle">${across.label}</text>`;
  return { x, y, line, frame };
}

function chart(caption: unknown, label: string, drawn: unknown) {
  return html`<figure>
    <figcaption>${caption}</figcaption>
    <svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label=${label}>${drawn}</svg>
  </figure>`;
}

export function renderCharts(of: Charted) {
  if (of.curves.length === 0) return nothing;
  return html`<ul class="keys" aria-label="Lines of the charts">
      ${of.curves.map(
        (_, run) => html`<li>
          <svg class="key" viewBox="0 0 24 8" aria-hidden="true"><line class="run-${Math.min(run, 2)}" x2="24" y1="4" y2="4"></line></svg>
          ${nameOfRun(of.job[run]!)}
        </li>`,
      )}
    </ul>
    <div class="charts">
      ${renderCurves(of)} ${of.judged.some((run) => run.length > 0) ? renderByNoise(of) : nothing}
      ${of.outliers && of.outliers.found.size > 0 ? renderOutliers(of.job, of.outliers) : nothing}
    </div>`;
}

/** The losses of batches, of which zero is the best that there can be, in powers of ten both ways. */
function renderCurves({ job, curves }: Charted) {
  const { line, frame } = placed(iterations(job), losses(curves.flatMap((curve) => curve.losses)));
  const names = job.map(nameOfRun).join(', ');
  return chart(
    'Loss of the batch of each iteration',
    `Loss over iterations of ${names}, in powers of ten`,
    svg`${frame}
      ${curves.map(({ iterations, losses }, run) => svg`<polyline class="run-${Math.min(run, 2)}" points=${line(iterations, losses)}></polyline>`)}`,
  );
}

/** Each run's latest network; of the run under way, and in the end of the main network, the last kept ones, too, the older the fainter. */
function renderByNoise({ job, judged }: Charted) {
  const over = job.every(({ iterations }, run) => judged[run]?.at(-1)?.iteration === iterations);
  const under = over ? 0 : judged.findLastIndex((run) => run.length > 0);
  const seen = judged.map((run, index) => {
    const before = index === under ? run.slice(0, -1).filter((each) => each.kept) : [];
    return [...before.slice(-past), ...run.slice(-1)];
  });
  const { line, frame } = placed(noise, losses(seen.flat().flatMap(({ loss }) => loss.losses)));
  const drawn = seen.map((run, index) =>
    run.map(({ loss }, place, all) => {
      const age = all.length - 1 - place;
      const faint = age === 0 ? 1 : 0.6 / (age + 1);
      return svg`<polyline class="run-${Math.min(index, 2)}" opacity=${faint.toFixed(2)} points=${line(loss.sigmas, loss.losses)}></polyline>`;
    }),
  );
  const { iteration, loss } = judged[under]!.at(-1)!;
  const [low, high] = [0, loss.sigmas.length - 1].map(
    (index) => `${loss.losses[index]!.toPrecision(2)} at σ = ${loss.sigmas[index]!.toPrecision(2)}`,
  );
  const run = job[under]!;
  return chart(
    html`Loss of the averaged networks, which panels have, by noise level, on the data (${nameOfData(run.data)}):
      <strong>0 is the best</strong>, the exact score’s, below all powers of ten`,
    `Loss by noise level of ${nameOfRun(run)} after ${formatCount(iteration)} iterations, of which 0 is the best: ${low}, ${high}`,
    svg`${frame}${drawn}`,
  );
}

/** Of the main network's snapshots, and the exact model's. */
function renderOutliers(job: readonly PlannedRun[], { found, exact }: NonNullable<Charted['outliers']>) {
  const rows = [...found].sort(([one], [other]) => one - other);
  const greatest = Math.max(...rows.map(([, { value }]) => value), exact?.value ?? 0, 0.02);
  const step = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25].find((each) => greatest <= 4 * each) ?? 0.25;
  const to = step * Math.ceil(greatest / step);
  const ticks = Array.from({ length: Math.round(to / step) + 1 }, (_, index) => index * step);
  const up: Axis = { from: 0, to, even: true, ticks, label: 'outliers', format: (share) => `${Math.round(100 * share)}%` };
  const { x, y, line, frame } = placed(iterations(job), up);
  const [last, { value }] = rows.at(-1)!;
  const best = exact ? `; with the exact model ${formatShare(exact.value)}` : '';
  const says = `${formatShare(value)} after ${formatCount(last)} iterations${best}`;
  return chart(
    `Outliers without guidance, by the main network’s snapshots: ${says}`,
    `Outliers over iterations: ${says}`,
    svg`${frame}
      ${exact ? svg`<line class="exact" x1=${size.left} x2=${size.width - size.right} y1=${y(exact.value)} y2=${y(exact.value)}></line>` : nothing}
      <polyline class="run-0" points=${line(
        rows.map(([iteration]) => iteration),
        rows.map(([, { value }]) => value),
      )}></polyline>
      ${rows.map(([iteration, { value }]) => svg`<circle class="run-0" cx=${x(iteration)} cy=${y(value)} r="2.5"></circle>`)}`,
  );
}

export const chartStyles = css`
  .charts {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: var(--space-3) var(--space-4);
  }

  figure {
    flex: 1 1 20rem;
    max-width: 26rem;
    min-width: 0;
    margin: 0;
  }

  figcaption {
    margin-bottom: var(--space-1);
    font-size: var(--size-small);
    text-wrap: pretty;
    font-variant-numeric: tabular-nums;
  }

  figure svg {
    display: block;
    width: 100%;
    color: var(--ink-soft);
    font-size: 11px;
  }

  .keys {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1) var(--space-3);
    margin: 0 0 var(--space-2);
    padding: 0;
    font-size: var(--size-small);
    list-style: none;
  }

  .key {
    display: inline-block;
    width: 1.5rem;
    height: 0.5rem;
    vertical-align: middle;
  }

  .axis {
    stroke: var(--line);
  }

  polyline,
  .key line {
    fill: none;
    stroke-width: 1.5;
  }

  .run-0 {
    stroke: var(--quantity-main);
  }

  circle.run-0 {
    fill: var(--quantity-main);
  }

  .run-1,
  .run-2 {
    stroke: var(--quantity-guide);
  }

  .run-2 {
    stroke-dasharray: 4 3;
  }

  .exact {
    stroke: var(--quantity-data);
    stroke-width: 1.5;
    stroke-dasharray: 2 3;
  }

  text {
    fill: currentColor;
  }
`;
