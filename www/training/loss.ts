// A run's losses: thinned to a curve, and watched.

/** Most points of a curve. */
const most = 256;

/** Means over ever more iterations, so that however long a run is, its curve has at most 256 points. */
export class LossCurve {
  /** The last iteration of each point, and its mean. */
  readonly iterations: number[] = [];
  readonly losses: number[] = [];
  #stride = 1;
  #sum = 0;
  #count = 0;

  /** As it was kept. */
  static of({ iterations, losses }: { iterations: number[]; losses: number[] }): LossCurve {
    const curve = new LossCurve();
    curve.iterations.push(...iterations);
    curve.losses.push(...losses);
    curve.#stride = iterations[0] ?? 1;
    return curve;
  }

  /** As it was after an iteration, so far as it tells. */
  until(iteration: number): LossCurve {
    const count = this.iterations.filter((one) => one <= iteration).length;
    return LossCurve.of({ iterations: this.iterations.slice(0, count), losses: this.losses.slice(0, count) });
  }

  /** The loss of the iteration that is the given one's number of those done. */
  add(iteration: number, loss: number): void {
    this.#sum += loss;
    this.#count += 1;
    if (iteration % this.#stride !== 0) return;
    this.iterations.push(iteration);
    this.losses.push(this.#sum / this.#count);
    this.#sum = this.#count = 0;
    if (this.losses.length < most) return;
    // Two become one: the means of as many iterations.
    this.#stride *= 2;
    for (let i = 0; i < most / 2; i++) {
      this.iterations[i] = this.iterations[2 * i + 1]!;
      this.losses[i] = (this.losses[2 * i]! + this.losses[2 * i + 1]!) / 2;
    }
    this.iterations.length = this.losses.length = most / 2;
  }
}

/** Where a loss is no longer that of a network that learns: one that knows nothing has about 1/2, at any noise. */
export const greatestLoss = 10;
/** For so many iterations one after another. */
export const patience = 32;

export class Watch {
  #above = 0;

  /** What is wrong, as the end of a sentence, if the run has diverged. */
  see(loss: number): string | null {
    if (!Number.isFinite(loss)) return 'is no number any more';
    this.#above = loss > greatestLoss ? this.#above + 1 : 0;
    return this.#above >= patience ? `has been above ${greatestLoss} for ${patience} iterations` : null;
  }
}
