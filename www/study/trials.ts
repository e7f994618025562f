// What was tried in this visit: every finished run of a panel, once.
import type { RunRecord } from '../engine/backend.js';
import type { SchemeTable } from '../scheme/table.js';
import { titleOf } from '../text/title.js';
import type { Result } from './metrics.js';

export interface Trial extends Result {
  /** In the order in which they were first tried, from 1. */
  number: number;
  choice: string;
  title: string;
}

export class Trials {
  /** Another list whenever it changes. */
  list: readonly Trial[] = [];
  /** Those that were cleared last, and can be put back. */
  cleared: readonly Trial[] = [];
  readonly #noted = new WeakSet<RunRecord>();
  #count = 0;

  constructor(private readonly table: SchemeTable) {}

  /** Takes in what a panel shows, once it is a finished run of all its samples. */
  note(choice: string, record: RunRecord | null): void {
    if (!record?.metrics || record.preview || this.#noted.has(record)) return;
    this.#noted.add(record);
    const { config, metrics, evaluations, milliseconds, backend } = record;
    const key = JSON.stringify(config);
    if (this.list.some((trial) => trial.engine === backend.kind && JSON.stringify(trial.config) === key)) return;
    const title = titleOf(this.table, choice, config.scheme);
    const trial = { number: ++this.#count, choice, title, config, metrics, evaluations, milliseconds, engine: backend.kind };
    this.list = [...this.list, trial];
  }

  clear(): void {
    this.cleared = this.list;
    this.list = [];
  }

  /** Puts back what was cleared last, before what has come since. */
  restore(): void {
    this.list = [...this.cleared, ...this.list];
    this.cleared = [];
  }
}
