// What can be shown of a whole field: which of the core's numbers, and in which form.
import type { Scheme } from '../../scheme/scheme.js';
import { exactModel } from '../../scheme/table.js';
import { at, numbersPerPoint, type Explained } from '../engine/questions/questions.js';
import type { FieldName } from './settings.js';

/** Whose it is: each has a colour of its own, on the page and in the pictures. */
export type Quantity = 'main' | 'guide' | 'difference' | 'result' | 'data';

interface Described {
  /** In words, for those who do not see it. */
  name: string;
  /** As a formula. */
  symbol: string;
  /** What a scheme may be without that it takes. */
  needs: 'guide' | 'network' | null;
}

/** Arrows: a direction and a length at each place. */
export interface ArrowField extends Described {
  form: 'arrows';
  quantity: Quantity;
  /** The score at a point, whose numbers begin at `from`. */
  score(values: Float32Array, from: number, weight: number): [number, number];
}

/** Contours of a number at each place, in nats. */
export interface ContourField extends Described {
  form: 'contours';
  /** Above the middle, and below it where there is a middle. */
  quantities: [Quantity] | [Quantity, Quantity];
  height(values: Float32Array, from: number): number;
}

const score =
  (place: number): ArrowField['score'] =>
  (values, from) => [values[from + place]!, values[from + place + 1]!];

const density =
  (place: number): ContourField['height'] =>
  (values, from) =>
    values[from + place]!;

export const fields: Record<FieldName, ArrowField | ContourField> = {
  'main-score': {
    form: 'arrows',
    name: 'Score of the main model',
    symbol: 's₁',
    quantity: 'main',
    needs: null,
    score: score(at.mainScore),
  },
  'guide-score': {
    form: 'arrows',
    name: 'Score of the guide',
    symbol: 's₀',
    quantity: 'guide',
    needs: 'guide',
    score: score(at.guideScore),
  },
  difference: {
    form: 'arrows',
    name: 'Weighted difference of the scores',
    symbol: 'w (s₁ − s₀)',
    quantity: 'difference',
    needs: 'guide',
    score: (values, from, weight) => [
      weight * (values[from + at.mainScore]! - values[from + at.guideScore]!),
      weight * (values[from + at.mainScore + 1]! - values[from + at.guideScore + 1]!),
    ],
  },
  result: {
    form: 'arrows',
    name: 'Score that is followed',
    symbol: 's',
    quantity: 'result',
    needs: null,
    score: score(at.result),
  },
  error: {
    form: 'arrows',
    name: 'Main model’s score less the exact one’s',
    symbol: 's₁ − ∇ log p',
    quantity: 'difference',
    needs: 'network',
    score: (values, from) => [
      values[from + at.mainScore]! - values[from + at.dataScore]!,
      values[from + at.mainScore + 1]! - values[from + at.dataScore + 1]!,
    ],
  },
  'data-density': {
    form: 'contours',
    name: 'Log-density of the data under this noise',
    symbol: 'log p',
    quantities: ['data'],
    needs: null,
    height: density(at.dataDensity),
  },
  'main-density': {
    form: 'contours',
    name: 'Log-density of the main model',
    symbol: 'log p₁',
    quantities: ['main'],
    needs: null,
    height: density(at.mainDensity),
  },
  'guide-density': {
    form: 'contours',
    name: 'Log-density of the guide',
    symbol: 'log p₀',
    quantities: ['guide'],
    needs: 'guide',
    height: density(at.guideDensity),
  },
  ratio: {
    form: 'contours',
    name: 'Log-ratio of main model and guide',
    symbol: 'log p₁/p₀',
    quantities: ['main', 'guide'],
    needs: 'guide',
    height: (values, from) => values[from + at.mainDensity]! - values[from + at.guideDensity]!,
  },
};

/** Why a scheme has nothing of a field, in a few words; null where it has. */
export function lacking({ needs }: ArrowField | ContourField, { guide, main }: Scheme): string | null {
  if (needs === 'guide' && !guide) return 'this scheme has no guide';
  return needs === 'network' && main.model === exactModel(null).model ? 'the main model is the exact one' : null;
}

/** Heights of a contour field, row by row. */
export function heights(field: ContourField, { values }: Explained): Float32Array {
  return Float32Array.from({ length: values.length / numbersPerPoint }, (_, i) => field.height(values, i * numbersPerPoint));
}

/** Steps below the highest level that are drawn. */
const levelsOfDensity = 8;
/** Of a ratio: each is about three times as much again. */
const levelsOfRatio = [0.1, 0.3, 1, 3, 10];

/** Contour levels in nats: of a density whole numbers, so that they stay where they are when the view moves. */
export function levels(field: ContourField, heights: Float32Array): number[] {
  if (field.quantities.length === 2) return levelsOfRatio;
  let highest = -Infinity;
  for (const height of heights) highest = Math.max(highest, height);
  const top = Math.floor(highest);
  return Array.from({ length: levelsOfDensity }, (_, index) => top - levelsOfDensity + 1 + index);
}

export interface Arrow {
  x: number;
  y: number;
  /** Its length is 0 to 1: sigma times the score's, m, as m/(1 + m). */
  along: [number, number];
}

export interface Drawing {
  sigma: number;
  /** Rings by level, in data coordinates, for each quantity. */
  contours: { quantity: Quantity; levels: { level: number; rings: Float32Array[] }[] }[];
  arrows: { quantity: Quantity; list: Arrow[] } | null;
}

export function arrows(field: ArrowField, points: Float32Array, { values, sigma, weight }: Explained): Arrow[] {
  return Array.from({ length: points.length / 2 }, (_, index) => {
    const [x, y] = field.score(values, index * numbersPerPoint, weight);
    const length = sigma * Math.hypot(x, y);
    const share = sigma / (1 + length);
    return { x: points[2 * index]!, y: points[2 * index + 1]!, along: [share * x, share * y] };
  });
}
