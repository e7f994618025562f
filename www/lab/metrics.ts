// What a lab measures of runs, and how it tells that.
import type { LabTypes } from '../engine/backend.js';
import type { Choice } from '../scheme/table.js';
import type { Row } from '../study/export.js';
import type { Result } from '../study/metrics.js';
import type { Term } from '../text/glossary.js';
import type { Metric } from '../text/metrics.js';

export interface LabMetrics<Of extends LabTypes = LabTypes> {
  /** Those that stand beside every picture. */
  readonly main: readonly Metric[];
  readonly all: readonly Metric[];
  /** What they mean, and other terms that are its own, where the page's glossary has not all of them. */
  readonly terms?: () => Promise<Readonly<Record<string, Term>>>;
  /** Those that are set against each other at first, by their names: what sampling gains, and what it loses by that. */
  readonly axes: { across: string; up: string };
  /** Samples that metrics are not of, of all runs together; empty where there are none. */
  describeLost(...runs: Of['metrics'][]): string;
  /** What that means. */
  readonly meaningOfLost: string;
  /** What the reader of a plot has to know where not all is of the same number of samples. */
  readonly meaningOfFewer: string;
  /** A panel's result in a sentence, for those who do not see the picture. */
  summarise(choice: Choice, config: Of['config'], metrics: Of['metrics']): string;
  /** A result as CSV and JSON hold it, by column. */
  columns(result: Result<Of>): Row;
}
