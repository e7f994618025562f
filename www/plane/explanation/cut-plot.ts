// The picture of densities along a line. Loaded when the first one is to be drawn, and the plotting library with it.
import * as Plot from '@observablehq/plot';
import { formatDecimal } from '../../text/format.js';
import type { CutFound, CutPlace } from './cut.js';

/** Nats below the highest density that are shown: there is nothing to see farther down. */
const depth = 14;

export type Scale = 'logarithm' | 'density';

export const lines = [
  { field: 'data', name: 'data', dash: '' },
  { field: 'main', name: 'main p₁', dash: '7 3' },
  { field: 'guide', name: 'guide p₀', dash: '2 3' },
] as const;

export function drawDensities({ places, guided }: CutFound, scale: Scale, width: number): SVGElement {
  const shown = lines.filter(({ field }) => guided || field !== 'guide');
  const value = (place: CutPlace, field: (typeof lines)[number]['field']) => (scale === 'density' ? Math.exp(place[field]) : place[field]);
  const all = places.flatMap((place) => shown.map(({ field }) => value(place, field))).filter(Number.isFinite);
  const greatest = Math.max(...all);
  const least = scale === 'density' ? 0 : Math.max(Math.min(...all), greatest - depth);
  const plot = Plot.plot({
    ...frame(width, 168),
    ariaLabel: 'Densities along the line',
    x: axis(places, null),
    y: {
      domain: [least, greatest + 0.05 * (greatest - least)],
      grid: true,
      ticks: 4,
      label: scale === 'density' ? 'density' : 'log-density, nats',
      labelArrow: 'none',
      tickFormat,
    },
    marks: shown.map(({ field, dash }) =>
      Plot.line(places, {
        x: 'distance',
        y: (place: CutPlace) => value(place, field),
        stroke: `var(--quantity-${field})`,
        strokeWidth: 1.75,
        strokeDasharray: dash,
        clip: true,
      }),
    ),
  });
  return bare(plot);
}

export function drawRatio({ places }: CutFound, width: number): SVGElement {
  const ratios = places.map(({ ratio }) => ratio).filter(Number.isFinite);
  const [least, greatest] = [Math.max(Math.min(...ratios, 0), -3 * depth), Math.min(Math.max(...ratios, 0), 3 * depth)];
  const margin = 0.06 * (greatest - least) || 0.1;
  const plot = Plot.plot({
    ...frame(width, 132),
    ariaLabel: 'Log-ratio of main model and guide along the line',
    x: axis(places, 'along the line'),
    y: { domain: [least - margin, greatest + margin], grid: true, ticks: 4, label: 'log p₁/p₀, nats', labelArrow: 'none', tickFormat },
    marks: [
      Plot.ruleY([0], { stroke: 'var(--ink-soft)' }),
      Plot.areaY(places, {
        x: 'distance',
        y1: 0,
        y2: (p: CutPlace) => Math.max(p.ratio, 0),
        fill: 'var(--quantity-main)',
        fillOpacity: 0.22,
        clip: true,
      }),
      Plot.areaY(places, {
        x: 'distance',
        y1: 0,
        y2: (p: CutPlace) => Math.min(p.ratio, 0),
        fill: 'var(--quantity-guide)',
        fillOpacity: 0.22,
        clip: true,
      }),
      Plot.line(places, { x: 'distance', y: 'ratio', stroke: 'var(--quantity-difference)', strokeWidth: 1.75, clip: true }),
    ],
  });
  return bare(plot);
}

function frame(width: number, height: number) {
  return { className: 'plot', width, height, marginLeft: 44, marginTop: 22, marginRight: 10, marginBottom: 34 };
}

function axis(places: CutPlace[], label: string | null) {
  return { domain: [0, places.at(-1)!.distance], label, labelAnchor: 'center' as const, labelArrow: 'none' as const, ticks: 5, tickFormat };
}

function tickFormat(value: number): string {
  return formatDecimal(value, Number.isInteger(value) ? 0 : Math.abs(value) < 0.1 ? 2 : 1);
}

/** Its styles are the element's, not the library's. */
function bare(plot: SVGElement | HTMLElement): SVGElement {
  plot.querySelectorAll('style').forEach((sheet) => sheet.remove());
  plot.setAttribute('role', 'img');
  // Names of parts of an image are for styles only: what has no role may have no name.
  for (const part of plot.querySelectorAll('g[aria-label]')) {
    part.setAttribute('data-part', part.getAttribute('aria-label')!);
    part.removeAttribute('aria-label');
  }
  return plot as SVGElement;
}
