// The strip's horizontal axis: noise levels by their logarithm, the highest at the left, and a step more to no noise at all.

/** Share of the axis that the last step takes, which has no logarithm. */
const lastStep = 0.04;

export class StripScale {
  readonly #high: number;
  readonly #low: number;

  constructor(
    /** The last is zero. */
    private readonly levels: Float64Array,
    private readonly steps: number,
  ) {
    this.#high = Math.log(levels[0] ?? 1);
    this.#low = Math.log(levels[levels.length - 2] ?? 0.1);
  }

  /** Whether noise levels are known; before that, steps are spread evenly. */
  get known(): boolean {
    return this.levels.length > 2 && this.#high > this.#low;
  }

  /** Where a noise level lies, 0 to 1. */
  ofSigma(sigma: number): number {
    if (sigma <= 0) return 1;
    const share = (this.#high - Math.log(sigma)) / (this.#high - this.#low);
    return Math.min(Math.max(share, 0), 1) * (1 - lastStep);
  }

  /** The noise level that lies there; zero in the last step. */
  sigmaAt(share: number): number {
    const inside = Math.max(share, 0) / (1 - lastStep);
    return inside > 1 ? 0 : Math.exp(this.#high + inside * (this.#low - this.#high));
  }

  /** Where a position of the clock lies: between two steps, on the straight line. */
  ofPosition(position: number): number {
    if (!this.known) return position / this.steps;
    const before = Math.min(Math.max(Math.floor(position), 0), this.steps - 1);
    const here = this.ofSigma(this.levels[before]!);
    return here + (position - before) * (this.ofSigma(this.levels[before + 1]!) - here);
  }

  /** The step nearest to a place. */
  stepAt(share: number): number {
    let best = 0;
    for (let step = 1; step <= this.steps; step++) {
      if (Math.abs(this.ofPosition(step) - share) < Math.abs(this.ofPosition(best) - share)) best = step;
    }
    return best;
  }

  /** Where a time of a schedule lies: 0 is the first step, 1 the last that has noise. */
  ofTime(u: number): number {
    return this.ofPosition(u * (this.steps - 1));
  }

  /** The time of a schedule that lies there. */
  timeAt(share: number): number {
    const last = this.steps - 1;
    let step = 0;
    while (step < last - 1 && this.ofPosition(step + 1) < share) step++;
    const [from, to] = [this.ofPosition(step), this.ofPosition(step + 1)];
    return Math.min(Math.max((step + (share - from) / (to - from)) / last, 0), 1);
  }
}
