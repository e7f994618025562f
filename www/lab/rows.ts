// Rows of tables that are saved, each with all that is needed to run it again.
import type { Row } from '../study/export.js';
import type { Sweep } from '../study/sweep.js';
import type { Trial } from '../study/trials.js';
import type { LabMetrics } from './metrics.js';

export function rowOf({ columns }: LabMetrics, { number, title, choice, ...result }: Trial): Row {
  return { number, title, choice, ...columns(result) };
}

/** A sweep's runs. */
export function rowsOf({ columns }: LabMetrics, sweep: Sweep): Row[] {
  const { plan, points, number, title } = sweep;
  const { choice, axes } = plan;
  const [first, second] = axes;
  return points.flatMap((point) =>
    point.runs.map(({ seed, ...sampled }) => ({
      sweep: number,
      title,
      choice,
      parameter: first!.parameter.path,
      value: point.values[0],
      // Rows of all sweeps have the same columns.
      secondParameter: second?.parameter.path,
      secondValue: point.values[1],
      ...columns({ config: sweep.config(point, seed), ...sampled }),
    })),
  );
}
