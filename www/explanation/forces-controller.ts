// The forces at an element's point, asked for as its properties change.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Engine } from '../engine/engine.js';
import type { RunConfig } from '../scheme/scheme.js';
import { findForces, isAlike, type Forces, type ForcesWanted, type Vector } from './forces.js';
import { Latest } from './latest.js';

interface Host extends ReactiveControllerHost {
  engine: Engine | null;
  config: RunConfig | null;
  /** Steps passed; the level nearest to it is asked about. */
  step: number;
  point: Vector | null;
}

export class ForcesController implements ReactiveController {
  readonly #latest: Latest<ForcesWanted, Forces>;
  #asked: ForcesWanted | null = null;

  constructor(private readonly host: Host) {
    this.#latest = new Latest(findForces, () => host.requestUpdate());
    host.addController(this);
  }

  get forces(): Forces | null {
    return this.host.point && this.#latest.found;
  }

  get failure() {
    return this.#latest.failure;
  }

  hostUpdate(): void {
    const { engine, config, point } = this.host;
    if (!engine || !config || !point) return this.#forget();
    const wanted = { engine, config, step: Math.round(this.host.step), point };
    if (this.#asked && isAlike(wanted, this.#asked)) return;
    this.#asked = wanted;
    this.#latest.want(wanted);
  }

  hostDisconnected(): void {
    this.#forget();
  }

  #forget(): void {
    if (!this.#asked) return;
    this.#asked = null;
    this.#latest.stop();
  }
}
