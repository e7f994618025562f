// Schemes of pictures, and the words of their prompts.
import type { Scheme } from '../scheme/scheme.js';
import { SchemeTable, type Catalogue } from '../scheme/table.js';
import catalogue from './catalogue.json' with { type: 'json' };
import type { Vocabulary } from './vocabulary.js';

export type Finish = 'none' | { rescale: { share: number } } | { threshold: { quantile: number } };

export interface Negative {
  /** In words. */
  prompt: string;
  weight: number;
}

export interface PictureScheme extends Scheme {
  bands: { high: number; low: number } | null;
  negatives: Negative[];
  finish: Finish;
  cads: { begin: number; end: number; strength: number; mix: number } | null;
}

/** Schemes of pictures; those of its rows are `PictureScheme`s. */
export const pictureSchemes = new SchemeTable(catalogue as unknown as Catalogue);

export const vocabulary = catalogue.vocabulary as unknown as Vocabulary;

/** A kind of guide or a rule of the plane that is not offered for pictures: its names there, and why. */
export interface Refusal {
  id: string;
  name: string;
  reason: string;
}

export const refusals: readonly Refusal[] = catalogue.refused;

/** What is measured of pictures; what the numbers mean stands in explanations.json. */
export interface PictureMetric {
  id: string;
  label: string;
  /** Once the table has been told. */
  explanation?: string;
  unit: string;
  better: 'lower' | 'nearer';
  digits: number;
  /** Why there is no number, where there is none. */
  absent: string;
}

export const pictureMetrics = catalogue.metrics as PictureMetric[];
