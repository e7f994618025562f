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
  const { choice, parameter } = plan;
  return points.flatMap((point) =>
    point.runs.map(({ seed, ...sampled }) => ({
      sweep: number,
      title,
      choice,
      parameter: parameter.path,
      value: point.value,
      ...columns({ config: sweep.config(point, seed), ...sampled }),
    })),
  );
}
