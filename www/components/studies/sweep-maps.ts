// Maps of a metric over two numbers. Loaded when the first one is to be drawn, and the plotting library with it.
import * as Plot from '@observablehq/plot';
import type { LabMetrics } from '../../lab/metrics.js';
import { measured, standing } from '../../study/metrics.js';
import { Sweep, type SweepPoint } from '../../study/sweep.js';
import type { Metric } from '../../text/metrics.js';
import { formatNumber } from '../../text/parameter.js';
import { axisLabel, axisOf, bandOf, bare, common, place, wordsOf, type Picture } from './plot-parts.js';

/** The least opacity of a cell, so that it is told from none. */
const faint = 0.06;
/** Steps that a scale is drawn in. */
const shades = 40;
const legendHeight = 58;

/** How strongly values are coloured: from the least of all maps to the greatest. */
export interface Shading {
  least: number;
  greatest: number;
  opacity: (value: number) => number;
  /** To a straight scale, and from it. */
  bend: (value: number) => number;
  unbend: (value: number) => number;
  /** As {@link axisOf} has it of the same values, for the legend. */
  axis: ReturnType<typeof axisOf>;
  floor: { mean: number; spread: number };
}

/** One for all maps of a metric, so that they can be compared; null where the samples say nothing about it. */
export function shadingOf(metric: Metric, sweeps: Sweep[], width: number): Shading | null {
  const values = sweeps.flatMap((sweep) => sweep.filled.map((point) => Sweep.metric(point, metric).mean)).filter(Number.isFinite);
  if (values.length === 0) return null;
  const { floor } = measured(sweeps[0]!.filled[0]!.runs[0]!.metrics, metric.id);
  const axis = axisOf(metric, [...values, ...bandOf(floor)], Math.max(width / 90, 3));
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  const isBent = axis.type === 'symlog';
  const bend = (value: number) => (isBent ? Math.sign(value) * Math.log1p(Math.abs(value)) : value);
  const unbend = (value: number) => (isBent ? Math.sign(value) * Math.expm1(Math.abs(value)) : value);
  const range = bend(greatest) - bend(least) || 1;
  const opacity = (value: number) => faint + (1 - faint) * Math.min(Math.max((bend(value) - bend(least)) / range, 0), 1);
  return { least, greatest, opacity, bend, unbend, axis, floor };
}

/** A metric as the colour of cells over both numbers of a sweep; those that may be a perfect sampler's have a ring. */
export function drawMap(lab: LabMetrics, metric: Metric, sweep: Sweep, shading: Shading, width: number, height: number): Picture {
  const [across, up] = sweep.plan.axes as [Sweep['plan']['axes'][0], Sweep['plan']['axes'][0]];
  const [edgesX, edgesY] = [edgesOf(across.values), edgesOf(up.values)];
  const cells = sweep.filled.map((point) => {
    const [x, y] = point.values as [number, number];
    const [column, row] = [across.values.indexOf(x), up.values.indexOf(y)];
    const { mean } = Sweep.metric(point, metric);
    const { floor } = measured(point.runs[0]!.metrics, metric.id);
    return { point, x, y, mean, floor, x1: edgesX[column]!, x2: edgesX[column + 1]!, y1: edgesY[row]!, y2: edgesY[row + 1]! };
  });
  const axis = (edges: number[], values: readonly number[], size: number) => ({
    domain: [edges[0]!, edges.at(-1)!],
    ticks: thinned(values, size / 44),
    tickFormat: formatNumber,
    labelArrow: 'none' as const,
  });
  const plot = Plot.plot({
    ...common(width, height),
    ariaLabel: `${metric.label} over two parameters`,
    ariaDescription: `${metric.label} by ${axisLabel(across)} and ${axisLabel(up)}; the same numbers stand in the table of points.`,
    x: { ...axis(edgesX, across.values, width), label: axisLabel(across), labelAnchor: 'center' },
    y: { ...axis(edgesY, up.values, 2 * height), label: axisLabel(up) },
    marks: [
      Plot.rect(cells, {
        x1: 'x1',
        x2: 'x2',
        y1: 'y1',
        y2: 'y2',
        fill: shade,
        fillOpacity: ({ mean }: (typeof cells)[0]) => shading.opacity(mean),
        stroke: 'var(--page)',
        strokeWidth: 0.5,
      }),
      Plot.dot(
        cells.filter(({ mean, floor }) => standing(mean, floor) === 'within'),
        { x: 'x', y: 'y', r: 3.5, fill: 'var(--page)', stroke: 'var(--ink)', strokeWidth: 1.5 },
      ),
    ],
    // Opacities are those of the shading, not of a scale of the library's.
    opacity: { type: 'identity' },
  });
  const marks = cells.map(({ point, x, y, mean }) => ({
    ...place(plot, x, y),
    words: `${wordsOf(lab, { sweep, point })}: ${metric.format(mean)}${spreadOf(point, metric)}`,
    point: { sweep, point },
  }));
  const cell = [(edgesX[1]! - edgesX[0]!) / (edgesX.at(-1)! - edgesX[0]!), (edgesY[1]! - edgesY[0]!) / (edgesY.at(-1)! - edgesY[0]!)];
  return { svg: bare(plot), marks, reach: 0.5 * Math.hypot(cell[0]! * width, cell[1]! * height) };
}

/** What the colours of maps mean, and where a perfect sampler's metric is. */
export function drawShading(metric: Metric, { least, greatest, opacity, bend, unbend, axis, floor }: Shading, width: number): Picture {
  const { type, constant, ticks, tickFormat } = axis;
  const [bandLow, bandHigh] = bandOf(floor);
  const domain: [number, number] = [Math.min(least, bandLow), Math.max(greatest, bandHigh)];
  if (domain[0] === domain[1]) domain[1] += 1e-9;
  const [from, to] = [bend(least), bend(greatest)];
  const edge = (place: number) => unbend(from + ((to - from) * place) / shades);
  const steps = Array.from({ length: shades }, (_, place) => ({ x1: edge(place), x2: edge(place + 1), at: edge(place + 0.5) }));
  const plot = Plot.plot({
    ...common(width, legendHeight),
    marginTop: 8,
    ariaLabel: `Colours of ${metric.label.toLowerCase()}`,
    ariaDescription: `From ${metric.format(least)} to ${metric.format(greatest)}; a perfect sampler gives ${metric.format(floor.mean)}.`,
    x: {
      type,
      ...(constant ? { constant } : {}),
      domain,
      ticks,
      tickFormat,
      label: metric.label,
      labelAnchor: 'center',
      labelArrow: 'none',
    },
    y: { axis: null, domain: [0, 1] },
    opacity: { type: 'identity' },
    marks: [
      Plot.rect(steps, { x1: 'x1', x2: 'x2', y1: 0.2, y2: 0.8, fill: shade, fillOpacity: ({ at }: (typeof steps)[0]) => opacity(at) }),
      Plot.rect([0], { x1: bandLow, x2: bandHigh, y1: 0, y2: 1, fill: 'none', stroke: 'var(--ink)', strokeDasharray: '3 3' }),
      Plot.axisX({ ticks: ticks as number[], tickFormat, label: metric.label, labelAnchor: 'center', labelArrow: 'none' }),
    ],
  });
  return { svg: bare(plot), marks: [], reach: 0 };
}

/** Apart from the colours by which sweeps are told apart. */
const shade = 'var(--ink)';

/** Borders of cells around values in order: half-way between neighbours. */
function edgesOf(values: readonly number[]): number[] {
  const between = values.slice(1).map((value, index) => (value + values[index]!) / 2);
  const [first, last] = [values[0]!, values.at(-1)!];
  return [2 * first - between[0]!, ...between, 2 * last - between.at(-1)!];
}

/** Every so many of the values, the first among them, so that no more are left. */
function thinned(values: readonly number[], most: number): number[] {
  const every = Math.ceil(values.length / Math.max(most, 2));
  return values.filter((_, index) => index % every === 0);
}

function spreadOf({ runs }: SweepPoint, metric: Metric): string {
  if (runs.length > 1) return ` ± ${metric.plain(Sweep.metric({ runs } as SweepPoint, metric).deviation)}`;
  const { standardError } = measured(runs[0]!.metrics, metric.id);
  return Number.isFinite(standardError) ? ` ± ${metric.plain(standardError)}` : '';
}
