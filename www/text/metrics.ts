// Metrics as the page shows them: rows of the core's table, from which tables, menus, columns, curves and sentences are made.
import type { Estimate, PerMetric } from '../../pkg/guidance_playground.js';
import { formatDecimal, formatShare, formatSigned } from './format.js';
import table from './metrics.json' with { type: 'json' };

export type MetricId = keyof PerMetric<Estimate>;

export interface Row<Id> {
  /** Its field in the core's metrics, its column in files, its term in the glossary. */
  id: Id;
  label: string;
  /** `share` is written in percent. */
  unit: string;
  better: 'lower' | 'nearer';
  /** Of the data themselves; null where that depends on the data. */
  perfect: number | null;
  /** Digits after the point beside a standard error, in files of text; the page shows one less. */
  digits: number;
  shown: 'files' | 'report' | 'tables' | 'panels';
}

export interface Metric<Id = string> extends Row<Id> {
  format: (value: number) => string;
  /** In words for errors, which have no sign, and for a perfect sampler's value. */
  plain: (value: number) => string;
}

/** With its ways to be written. */
export function metricOf<Id>(row: Row<Id>): Metric<Id> {
  const { unit, better, perfect, digits } = row;
  const plain = unit === 'share' ? formatShare : (value: number) => formatDecimal(value, digits - 1);
  // A difference from perfection, which goes both ways.
  const signed = better === 'nearer' && perfect === 0;
  return { ...row, plain, format: signed ? (value) => formatSigned(value, digits - 1) : plain };
}

const rows = (table as Row<MetricId>[]).map(metricOf);

/** Those that stand beside every picture. */
export const mainMetrics: readonly Metric<MetricId>[] = rows.filter(({ shown }) => shown === 'panels');

export const allMetrics: readonly Metric<MetricId>[] = [...new Set([...mainMetrics, ...rows])];
