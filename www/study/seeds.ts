// One scheme with several seeds: how much of a metric is the seed's doing.
import type { Configuration } from '../engine/backend.js';
import type { Engine } from '../engine/engine.js';
import { toFailure } from '../engine/failure.js';
import type { Failure } from '../engine/types.js';
import { measured, seedCount } from './metrics.js';
import { spreadOf } from './spread.js';

/** The run's own seed and those after it. */
export function seedsFrom(seed: number, count = seedCount): number[] {
  const first = Math.min(seed, Number.MAX_SAFE_INTEGER - count + 1);
  return Array.from({ length: count }, (_, index) => first + index);
}

export class SeedStudy {
  /** Of all seeds, once they are there. */
  results: object[] | null = null;
  failure: Failure | null = null;
  running = false;
  /** Of the work of all, 0 to 1. */
  progress = 0;
  readonly seeds: number[];
  #stop = new AbortController();

  constructor(
    readonly config: Configuration,
    /** Of the run that is there already. */
    private readonly own: object,
    private readonly changed: () => void,
  ) {
    this.seeds = seedsFrom(config.seed);
  }

  async run(engine: Engine): Promise<void> {
    const stop = (this.#stop = new AbortController());
    Object.assign(this, { running: true, failure: null, progress: 0 });
    this.changed();
    const shares = new Map<number, number>();
    const sample = async (seed: number) => {
      if (seed === this.config.seed) return this.own;
      const note = (fraction: number) => {
        shares.set(seed, fraction);
        this.progress = [...shares.values()].reduce((sum, share) => sum + share, 0) / (seedCount - 1);
        this.changed();
      };
      const { metrics } = await engine.sample({ ...this.config, seed }, { signal: stop.signal, progress: note });
      note(1);
      return metrics;
    };
    try {
      this.results = await Promise.all(this.seeds.map(sample));
    } catch (thrown) {
      // The others are of no use alone.
      if (!stop.signal.aborted) this.failure = toFailure(thrown);
      stop.abort();
    }
    if (this.#stop !== stop) return;
    this.running = false;
    this.changed();
  }

  cancel(): void {
    this.#stop.abort();
  }

  /** Of a metric, and what a perfect sampler's mean over as many seeds is. */
  spread(id: string) {
    const measures = this.results!.map((metrics) => measured(metrics, id));
    const { mean, spread } = measures[0]!.floor;
    return { ...spreadOf(measures.map(({ value }) => value)), floor: { mean, spread: spread / Math.sqrt(seedCount) } };
  }
}
