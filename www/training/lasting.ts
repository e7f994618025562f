// In the coordinator: a graphics device for as long as it lasts, and from then on the processor, from what was last read of the run.
import { headline, toFailure } from '../engine/failure.js';
import type { Engine, EngineRun } from './engine.js';
import type { TrainingRun } from './job.js';

export class Lasting implements Engine {
  #engine: Engine;
  #processor: Promise<Engine> | null = null;

  constructor(
    device: Engine,
    /** The processor, with a sentence that says why. */
    private readonly processor: (notice: string) => Promise<Engine>,
  ) {
    this.#engine = device;
  }

  get kind() {
    return this.#engine.kind;
  }

  get description() {
    return this.#engine.description;
  }

  get notice() {
    return this.#engine.notice;
  }

  async open(run: TrainingRun, checkpoint: Uint8Array | null): Promise<EngineRun> {
    const engine = this.#engine;
    const move = async (thrown: unknown, last: Uint8Array | null) => (await this.#after(thrown)).open(run, last);
    try {
      const state = await engine.open(run, checkpoint);
      return engine.kind === 'webgpu' ? new LastingRun(state, checkpoint, move) : state;
    } catch (thrown) {
      return move(thrown, checkpoint);
    }
  }

  /** What goes on; throws what is no fault of a device. */
  async #after(thrown: unknown): Promise<Engine> {
    const failure = toFailure(thrown);
    if (!failure.code.startsWith('gpu-')) throw thrown;
    this.#processor ??= this.processor(`${headline(failure)} The CPU has taken over.`);
    this.#engine = await this.#processor;
    return this.#engine;
  }
}

class LastingRun implements EngineRun {
  #state: EngineRun;
  #moved: Promise<EngineRun> | null = null;

  constructor(
    private readonly device: EngineRun,
    /** Where it stood when it was last read. */
    private last: Uint8Array | null,
    private readonly move: (thrown: unknown, last: Uint8Array | null) => Promise<EngineRun>,
  ) {
    this.#state = device;
  }

  /** It goes back to what was last read where the device is lost. */
  get iteration(): number {
    return this.#state.iteration;
  }

  advance(most: number): Promise<ArrayLike<number>> {
    return this.#ask((state) => state.advance(most));
  }

  /** Whoever has seen it will not see the run before it: its state is read, too. */
  network(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#ask(async (state) => {
      const network = await state.network();
      if (state === this.device) this.last = await state.checkpoint();
      return network;
    });
  }

  checkpoint(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#ask(async (state) => {
      const checkpoint = await state.checkpoint();
      if (state === this.device) this.last = checkpoint;
      return checkpoint;
    });
  }

  free(): void {
    this.#state.free();
  }

  async #ask<Answer>(act: (state: EngineRun) => Promise<Answer>): Promise<Answer> {
    const state = this.#state;
    try {
      return await act(state);
    } catch (thrown) {
      if (state !== this.device) throw thrown;
      this.#moved ??= this.move(thrown, this.last);
      this.#state = await this.#moved;
      return act(this.#state);
    }
  }
}
