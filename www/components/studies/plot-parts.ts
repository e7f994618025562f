// What the pictures of sweeps share: marks that answer to the hand, axes, and words.
import type * as Plot from '@observablehq/plot';
import type { Floor } from '../../../pkg/guidance_playground.js';
import type { LabMetrics } from '../../lab/metrics.js';
import type { Sweep, SweepAxis, SweepPoint } from '../../study/sweep.js';
import { floorWidth } from '../../study/metrics.js';
import { formatDecimal } from '../../text/format.js';
import { isLetter, plainSymbol } from '../../text/formula.js';
import type { Metric } from '../../text/metrics.js';
import { formatNumber, nameOf } from '../../text/parameter.js';

/** A place of a picture that answers to the hand. */
export interface Mark {
  /** Pixels from the picture's upper left corner. */
  x: number;
  y: number;
  words: string;
  /** The point of a sweep that it stands for; a panel's is there already. */
  point: { sweep: Sweep; point: SweepPoint } | null;
}

export interface Picture {
  svg: SVGElement;
  marks: Mark[];
  /** Pixels from a mark within which the hand means it. */
  reach: number;
}

/** Of a small mark. */
export const markReach = 24;

/** Log-densities farther below zero than this would leave no room for the others on a straight scale. */
const straight = 40;

export interface Axis {
  type: 'linear' | 'symlog';
  domain: [number, number];
  constant?: number;
  ticks: number | number[];
  tickFormat: (value: number) => string;
}

/** A metric's axis: from zero where it cannot be less; in powers of ten where some values are far out. */
export function axisOf({ unit, perfect }: Metric, values: number[], ticks: number): Axis {
  const finite = values.filter(Number.isFinite);
  const tickFormat = (value: number) => (unit === 'share' ? `${formatNumber(Number((100 * value).toPrecision(3)))}%` : shortly(value));
  // Of log-densities themselves zero is no mark.
  const inLog = unit === 'nats' && perfect === null;
  const low = unit === 'nats' ? Math.min(...finite, ...(inLog ? [] : [0])) : 0;
  const high = Math.max(...finite, ...(inLog ? [] : [0]));
  const margin = 0.04 * (high - low) || 1e-3;
  const domain: [number, number] = [low < 0 || inLog ? low - margin : 0, high + margin];
  if (low > -straight) return { type: 'linear', domain, ticks, tickFormat };
  const powers = Array.from({ length: 8 }, (_, power) => 10 ** power);
  const marks = [...powers.map((power) => -power).reverse(), 0, ...powers].filter((mark) => mark >= low && mark <= high);
  return { type: 'symlog', constant: 1, domain: [1.5 * low, high + margin], ticks: marks, tickFormat };
}

function shortly(value: number): string {
  return Math.abs(value) >= 10_000 ? formatDecimal(value, 0) : formatNumber(Number(value.toPrecision(3)));
}

/** How a sweep's number is called on an axis. */
export function axisLabel({ parameter }: SweepAxis): string {
  const name = nameOf(parameter);
  return isLetter(parameter.symbol) ? `${name}, ${plainSymbol(parameter.symbol)}` : name;
}

export function wordsOf({ describeLost }: LabMetrics, { sweep, point }: { sweep: Sweep; point: SweepPoint }): string {
  const lost = describeLost(...point.runs.map(({ metrics }) => metrics));
  return `${sweep.describe(point)}${lost && ` (${lost})`}`;
}

export function common(width: number, height: number) {
  return { className: 'plot', width, height, marginLeft: 52, marginTop: 24, marginRight: 16, marginBottom: 38 };
}

/** What a perfect sampler's metric may well be. */
export function bandOf({ mean, spread }: Floor): [number, number] {
  return [mean - floorWidth * spread, mean + floorWidth * spread];
}

export function place(plot: Plot.Plot, x: number, y: number): { x: number; y: number } {
  return { x: plot.scale('x')!.apply(x) as number, y: plot.scale('y')!.apply(y) as number };
}

/**
 * Without the library's own sheet of styles, which a strict policy of contents forbids: the element has its rules. To
 * readers of the screen a picture is one thing, so its parts have no names.
 */
export function bare(plot: Element): SVGElement {
  plot.querySelectorAll('style').forEach((sheet) => sheet.remove());
  for (const part of plot.querySelectorAll('[aria-label]')) {
    part.setAttribute('data-part', part.getAttribute('aria-label')!);
    part.removeAttribute('aria-label');
    part.removeAttribute('aria-description');
  }
  plot.setAttribute('role', 'img');
  return plot as SVGElement;
}
