// The pictures of sweeps. Loaded when the first one is to be drawn, and the plotting library with it.
import * as Plot from '@observablehq/plot';
import type { LabMetrics } from '../../lab/metrics.js';
import { Sweep, type SweepPoint } from '../../study/sweep.js';
import { measured } from '../../study/metrics.js';
import type { Metric } from '../../text/metrics.js';
import { formatNumber } from '../../text/parameter.js';
import { axisLabel, axisOf, bandOf, bare, common, markReach, place, wordsOf, type Mark, type Picture } from './plot-parts.js';

export const symbols = ['circle', 'square', 'triangle', 'diamond'] as const;
export const seriesColour = (sweep: Sweep) => `var(--series-${((sweep.number - 1) % symbols.length) + 1})`;
export const seriesSymbol = (sweep: Sweep) => symbols[(sweep.number - 1) % symbols.length]!;

/** What a panel shows, as a mark. */
export interface PanelResult {
  number: number;
  title: string;
  metrics: object;
  /** Samples that they are of. */
  count: number;
}

/** Half the length of an error bar: the spread over seeds, or the run's own standard error where there is but one. */
function uncertainty({ runs }: SweepPoint, metric: Metric, deviation: number): number {
  return runs.length > 1 ? deviation : measured(runs[0]!.metrics, metric.id).standardError;
}

interface Estimate {
  sweep: Sweep;
  point: SweepPoint;
  value: number;
  mean: number;
  low: number;
  high: number;
}

function estimates(sweep: Sweep, metric: Metric): Estimate[] {
  return sweep.filled.map((point) => {
    const { mean, deviation } = Sweep.metric(point, metric);
    const half = uncertainty(point, metric, deviation);
    return { sweep, point, value: point.values[0]!, mean, low: mean - half, high: mean + half };
  });
}

/** A metric over the number that is swept, with what a perfect sampler gives. All sweeps are of the same number. */
export function drawCurve(lab: LabMetrics, metric: Metric, sweeps: Sweep[], width: number, height: number): Picture {
  const all = sweeps.map((sweep) => estimates(sweep, metric));
  const flat = all.flat();
  const floor = measured(flat[0]!.point.runs[0]!.metrics, metric.id).floor;
  const values = sweeps.flatMap(({ plan }) => plan.axes[0]!.values);
  const label = axisLabel(sweeps[0]!.plan.axes[0]!);
  const domain: [number, number] = [Math.min(...values), Math.max(...values)];
  const band = bandOf(floor);
  const { type, constant, ...y } = axisOf(metric, [...flat.flatMap(({ low, high }) => [low, high]), ...band], 5);
  const plot = Plot.plot({
    ...common(width, height),
    ariaLabel: metric.label,
    ariaDescription: `${metric.label} by ${label}; the same numbers stand in the tables of points.`,
    x: {
      label,
      domain,
      ticks: Math.max(width / 60, 3),
      tickFormat: formatNumber,
      labelAnchor: 'center',
      labelArrow: 'none',
    },
    y: { type, ...(constant ? { constant } : {}), ...y, label: metric.label, grid: true, labelArrow: 'none' },
    marks: [
      Plot.rect([band], { x1: domain[0], x2: domain[1], y1: band[0], y2: band[1], fill: 'var(--floor)' }),
      Plot.ruleY([floor.mean], { stroke: 'var(--ink-soft)', strokeDasharray: '3 3' }),
      ...all.flatMap((points, index) => {
        const [stroke, symbol] = [seriesColour(sweeps[index]!), seriesSymbol(sweeps[index]!)];
        return [
          Plot.ruleX(points, { x: 'value', y1: 'low', y2: 'high', stroke }),
          Plot.line(points, { x: 'value', y: 'mean', stroke, strokeWidth: 1.5 }),
          Plot.dot(points, { x: 'value', y: 'mean', symbol, fill: stroke, stroke: 'var(--page)', strokeWidth: 1, r: 4 }),
        ];
      }),
    ],
  });
  const marks = flat.map((estimate) => ({
    ...place(plot, estimate.value, estimate.mean),
    words: `${wordsOf(lab, estimate)}: ${metric.format(estimate.mean)}`,
    point: estimate,
  }));
  return { svg: bare(plot), marks, reach: markReach };
}

/** Two metrics against each other: sweeps as paths, panels as numbered marks. */
export function drawTradeOff(
  lab: LabMetrics,
  [across, up]: [Metric, Metric],
  sweeps: Sweep[],
  panels: PanelResult[],
  width: number,
  height: number,
): Picture {
  const paths = sweeps.map((sweep) =>
    sweep.filled.map((point) => ({
      sweep,
      point,
      x: Sweep.metric(point, across).mean,
      y: Sweep.metric(point, up).mean,
    })),
  );
  const marked = panels.map((panel) => ({ panel, x: measured(panel.metrics, across.id).value, y: measured(panel.metrics, up.id).value }));
  const flat = paths.flat();
  // Over two numbers a path for each value of the second.
  const lines = paths.flatMap((points) => {
    const rows = new Set(points.map(({ point }) => point.values[1]));
    return [...rows].map((row) => points.filter(({ point }) => point.values[1] === row));
  });
  const some = flat[0]?.point.runs[0]?.metrics ?? panels[0]!.metrics;
  const [bandX, bandY] = [bandOf(measured(some, across.id).floor), bandOf(measured(some, up.id).floor)];
  const values = [...flat, ...marked];
  const { type: typeX, constant: constantX, ...x } = axisOf(across, [...values.map(({ x }) => x), ...bandX], width / 80);
  const { type: typeY, constant: constantY, ...y } = axisOf(up, [...values.map(({ y }) => y), ...bandY], 5);
  const plot = Plot.plot({
    ...common(width, height),
    ariaLabel: `${up.label} against ${across.label.toLowerCase()}`,
    ariaDescription: 'Sweeps as paths, panels as numbered marks; the same numbers stand in the tables.',
    x: {
      type: typeX,
      ...(constantX ? { constant: constantX } : {}),
      ...x,
      label: across.label,
      grid: true,
      labelAnchor: 'center',
      labelArrow: 'none',
    },
    y: { type: typeY, ...(constantY ? { constant: constantY } : {}), ...y, label: up.label, grid: true, labelArrow: 'none' },
    marks: [
      Plot.rect([0], {
        x1: bandX[0],
        x2: bandX[1],
        y1: bandY[0],
        y2: bandY[1],
        fill: 'var(--floor)',
        stroke: 'var(--ink-soft)',
        strokeDasharray: '3 3',
      }),
      ...lines.flatMap((points) => {
        const { sweep } = points[0]!;
        const [stroke, symbol] = [seriesColour(sweep), seriesSymbol(sweep)];
        // Of a grid there would be too many.
        const ends = sweep.plan.axes.length > 1 ? [] : [...new Set([points[0]!, points.at(-1)!])];
        const isRight = (point: { x: number }) => point.x > (x.domain[0] + x.domain[1]) / 2;
        const label = {
          x: 'x',
          y: 'y',
          text: (each: { sweep: Sweep; point: SweepPoint }) => wordsOf(lab, each),
          ...halo,
          fill: stroke,
        } as const;
        return [
          Plot.line(points, { x: 'x', y: 'y', stroke, strokeWidth: 1.5 }),
          Plot.dot(points, { x: 'x', y: 'y', symbol, fill: stroke, stroke: 'var(--page)', strokeWidth: 1, r: 4 }),
          // Towards the middle, where there is room.
          Plot.text(ends.filter(isRight), { ...label, textAnchor: 'end', dy: -11 }),
          Plot.text(
            ends.filter((end) => !isRight(end)),
            { ...label, textAnchor: 'start', dx: 9 },
          ),
        ];
      }),
      Plot.dot(marked, { x: 'x', y: 'y', r: 8, fill: 'var(--page)', stroke: 'var(--ink)', strokeWidth: 1.5 }),
      Plot.text(marked, { x: 'x', y: 'y', text: ({ panel }) => String(panel.number), fill: 'var(--ink)', fontWeight: 600 }),
    ],
  });
  const marks: Mark[] = [
    ...marked.map(({ panel, x, y }) => ({ ...place(plot, x, y), words: `Panel ${panel.number}: ${panel.title}`, point: null })),
    ...flat.map((each) => ({
      ...place(plot, each.x, each.y),
      words: `${wordsOf(lab, each)}: ${across.format(each.x)}, ${up.format(each.y)}`,
      point: each,
    })),
  ];
  return { svg: bare(plot), marks, reach: markReach };
}

/** Keeps letters legible over lines. */
const halo = { stroke: 'var(--page)', strokeWidth: 4 } as const;
