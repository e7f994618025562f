// One panel's run inside the worker, advanced a noise level at a time.
import type { Playground, Run, RunConfig } from '../../pkg/guidance_playground.js';
import { toFailure } from './failure.js';
import { fetchNetwork } from './networks.js';
import type { Report } from './protocol.js';

export type Send = (report: Report, transfer?: Transferable[]) => void;

export class Job {
  #run: Run | null = null;
  #ended = false;

  constructor(
    readonly id: number,
    readonly config: RunConfig,
    readonly preview: boolean,
    private readonly send: Send,
  ) {}

  /** Fetches what the scheme's networks still lack, then places the particles at their start. */
  async begin(playground: Playground): Promise<void> {
    try {
      const missing = playground.missingNetworks(this.config.scheme);
      let loaded = 0;
      const report = () => this.send({ type: 'fetching', run: this.id, loaded, total: missing.length });
      if (missing.length > 0) report();
      await Promise.all(
        missing.map(async (name) => {
          const bytes = await fetchNetwork(name);
          // Another panel may have added it meanwhile.
          if (playground.missingNetworks(this.config.scheme).includes(name)) playground.addNetwork(name, bytes);
          loaded += 1;
          report();
        }),
      );
      if (this.#ended) return;
      this.#run = playground.run(this.config);
      const positions = positionsNow(this.#run);
      this.send({ type: 'started', run: this.id, noiseLevels: this.#run.noiseLevels(), positions }, [positions.buffer]);
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  /** Whether its networks are still on their way. */
  get beginning(): boolean {
    return this.#run === null && !this.#ended;
  }

  /** Whether there is work to do now. */
  get ready(): boolean {
    return this.#run !== null;
  }

  /** How far along, 0 to 1. */
  get progress(): number {
    return this.#run ? this.#run.stepsDone / this.#run.steps : 0;
  }

  /** Takes one step, or measures the endpoints after the last: the slice of work between two looks at the messages. */
  advance(): void {
    const run = this.#run;
    if (!run) return;
    try {
      if (run.stepsDone < run.steps) {
        run.step();
        const positions = positionsNow(run);
        this.send({ type: 'stepped', run: this.id, positions, evaluations: run.evaluations() }, [positions.buffer]);
      } else {
        this.send({ type: 'finished', run: this.id, metrics: run.metrics() });
        this.end();
      }
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  end(): void {
    this.#ended = true;
    this.#run?.free();
    this.#run = null;
  }

  #fail(thrown: unknown): void {
    if (!this.#ended) this.send({ type: 'failed', run: this.id, failure: toFailure(thrown) });
    this.end();
  }
}

/** A copy, and so never shared memory: it can be handed over. */
function positionsNow(run: Run): Float32Array<ArrayBuffer> {
  return run.positions(run.stepsDone) as Float32Array<ArrayBuffer>;
}
