// How many outliers samples by the snapshots of a training have, beside those of the exact model: sampled out of sight, after what the
// panels ask for, and one at a time.
import type { Estimate } from '../../../pkg/guidance_playground.js';
import type { ModelName, Scheme } from '../../scheme/scheme.js';
import { exactModel } from '../../scheme/table.js';
import type { Session } from '../../state/session.js';
import { planeSchemes } from '../schemes.js';
import type { PlaneKinds } from '../state/kinds.js';
import type { PlaneSampling } from '../state/state.js';

export class Outliers {
  /** By iterations, as far as they are known. */
  readonly found = new Map<number, Estimate>();
  exact: Estimate | null = null;
  readonly #waiting: { iteration: number; name: string }[] = [];
  readonly #over = new AbortController();
  #busy = false;

  /** As everything stands when a training begins: all are sampled alike. */
  constructor(
    private readonly session: Session<PlaneKinds>,
    private readonly sampling: PlaneSampling,
    private readonly changed: () => void,
  ) {}

  /** One more that is to be sampled. */
  add(iteration: number, name: string): void {
    this.#waiting.push({ iteration, name });
    if (!this.#busy) void this.#work();
  }

  /** No more is wanted. */
  stop(): void {
    this.#over.abort();
  }

  async #work(): Promise<void> {
    this.#busy = true;
    try {
      for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
        this.found.set(next.iteration, await this.#sample({ model: next.name, condition: null }));
        this.changed();
        this.exact ??= await this.#sample(exactModel('A'));
        this.changed();
      }
    } catch {
      // Given up, or refused, which panels with the same network say.
    } finally {
      this.#busy = false;
    }
  }

  async #sample(main: ModelName): Promise<Estimate> {
    const { session, sampling } = this;
    const scheme: Scheme = { ...planeSchemes.choiceOf('none').scheme, main };
    const config = session.lab.runConfig({ scheme }, sampling);
    const { metrics } = await session.engine!.sample(config, { signal: this.#over.signal });
    return metrics.outliers;
  }
}
