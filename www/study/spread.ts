// A metric over several seeds, as `metrics::compare::over_seeds` of the core defines it.

export interface Spread {
  mean: number;
  /** Standard deviation of one seed; NaN of a single value. */
  deviation: number;
  /** Of the mean. */
  standardError: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (count - 1));
  return { mean, deviation, standardError: deviation / Math.sqrt(count) };
}
