// One or two numbers of a scheme over ranges: what can be swept, and the runs of a sweep.
import type { Configuration } from '../engine/backend.js';
import type { Engine } from '../engine/engine.js';
import { toFailure } from '../engine/failure.js';
import type { Sampled } from '../engine/hidden-runs.js';
import type { Failure } from '../engine/types.js';
import { at, withAt } from '../scheme/pointer.js';
import type { Scheme } from '../scheme/scheme.js';
import { hasOption, variantOf, type Control, type SchemeTable, type Variant, type VariantValue } from '../scheme/table.js';
import type { Metric } from '../text/metrics.js';
import { openingState, type LabBasis } from '../state/lab.js';
import type { SamplingState } from '../state/state.js';
import { setting, titleOf } from '../text/title.js';
import { measured } from './metrics.js';
import { combinations, gridsCoarseToFine } from './range.js';
import { spreadOf, type Spread } from './spread.js';

/** Runs under way at once: one is measured while another is sampled. */
const atOnce = 2;

/** Every number of a scheme, by pointers into it. */
export function numbersOf(table: SchemeTable, choice: string, scheme: Scheme): Control[] {
  const { catalogue, parts } = table;
  const within = (path: string, variants: Variant[], value: VariantValue) =>
    variantOf(variants, value).parameters.map((parameter) => ({ ...parameter, path: path + parameter.path }));
  const all = [
    ...table.choiceOf(choice).kind.parameters,
    ...parts.flatMap(({ field, variants }) => within(`/${field}`, variants, scheme[field] as VariantValue)),
    ...(scheme.interval ? catalogue.interval : []),
    ...table.options.flatMap((option) => (hasOption(option, scheme) ? option.info.parameters : [])),
    ...catalogue.levels,
    ...within('/levels/spacing', catalogue.spacings, scheme.levels.spacing),
  ];
  const byPath = new Map(all.map((parameter) => [parameter.path, parameter]));
  // A kind's own combination may have been replaced.
  return [...byPath.values()].filter(({ path }) => typeof at(scheme, path) === 'number');
}

/** A number of a scheme, and what it is to be. */
export interface SweepAxis {
  parameter: Control;
  values: number[];
}

export interface SweepPlan {
  choice: string;
  scheme: Scheme;
  /** One, which gives curves, or two, which give maps. */
  axes: readonly SweepAxis[];
  seeds: number[];
  /** All that is sampled with but for the seed, and for the noise levels, which the scheme has. */
  sampling: SamplingState;
}

export interface SweepPoint {
  /** By axis. */
  values: readonly number[];
  scheme: Scheme;
  /** By seed, as far as they are there. */
  runs: (Sampled & { seed: number })[];
  /** Why these values cannot be. */
  refusal: string;
}

export class Sweep {
  readonly title: string;
  readonly points: SweepPoint[];
  /** Why it stopped before its end, if it did. */
  failure: Failure | null = null;
  running = false;
  done = 0;
  #elapsed = 0;
  #begun = 0;
  readonly #stop = new AbortController();

  constructor(
    private readonly lab: LabBasis,
    /** Tells it from others of this visit, from 1. */
    readonly number: number,
    readonly plan: SweepPlan,
    private readonly changed: () => void,
  ) {
    const { choice, scheme, axes, sampling } = plan;
    // Curves of other data may stand beside it.
    const data = lab.isSameData(sampling, openingState(lab, false).sampling) ? '' : `, ${lab.nameOfData(sampling)}`;
    const paths = axes.map(({ parameter }) => parameter.path);
    this.title = titleOf(lab.schemes, choice, scheme, paths) + data;
    this.points = combinations(axes.map(({ values }) => values)).map((values) => ({
      values,
      scheme: values.reduce((changed, value, axis) => withAt(changed, paths[axis]!, value), scheme),
      runs: [],
      refusal: '',
    }));
  }

  get total(): number {
    return this.points.length * this.plan.seeds.length;
  }

  /** Milliseconds that are left, as far as can be told; null before the first run has ended. */
  get remaining(): number | null {
    if (this.done === 0) return null;
    const elapsed = this.running ? performance.now() - this.#begun : this.#elapsed;
    return (elapsed / this.done) * (this.total - this.done);
  }

  /** Points that have something to show. */
  get filled(): SweepPoint[] {
    return this.points.filter(({ runs }) => runs.length > 0);
  }

  async run(engine: Engine): Promise<void> {
    this.running = true;
    this.#begun = performance.now();
    this.changed();
    const order = gridsCoarseToFine(this.plan.axes.map(({ values }) => values.length));
    const work = this.plan.seeds.flatMap((seed) => order.map((index) => ({ seed, point: this.points[index]! })));
    const worker = async () => {
      for (let next = work.shift(); next && !this.#stop.signal.aborted; next = work.shift()) {
        await this.#sample(engine, next.point, next.seed);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    this.running = false;
    this.#elapsed = performance.now() - this.#begun;
    this.changed();
  }

  /** What a run does. */
  config({ scheme }: Pick<SweepPoint, 'scheme'>, seed: number): Configuration {
    return this.lab.runConfig({ scheme }, { ...this.plan.sampling, levels: scheme.levels, seed });
  }

  /** “w = 3, k = 1.1”. */
  describe({ values }: SweepPoint): string {
    return this.plan.axes.map(({ parameter }, axis) => setting(parameter.symbol, values[axis]!)).join(', ');
  }

  /** Stops; what is there stays. */
  cancel(): void {
    this.#stop.abort();
  }

  /** A metric at a point, over the seeds that are there. */
  static metric({ runs }: SweepPoint, { id }: Metric): Spread {
    return spreadOf(runs.map(({ metrics }) => measured(metrics, id).value));
  }

  async #sample(engine: Engine, point: SweepPoint, seed: number): Promise<void> {
    const config = this.config(point, seed);
    try {
      if (!point.refusal) point.runs.push({ seed, ...(await engine.sample(config, { signal: this.#stop.signal })) });
    } catch (thrown) {
      if (this.#stop.signal.aborted) return;
      const failure = toFailure(thrown);
      // A value that makes no sense beside others, as an interval that ends before it begins, or that loses all particles, is
      // left out.
      if (['invalid', 'diverged'].includes(failure.code)) point.refusal = failure.message;
      else {
        this.failure = failure;
        this.cancel();
        return;
      }
    }
    this.done += 1;
    this.changed();
  }
}
