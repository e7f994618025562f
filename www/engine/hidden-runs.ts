// Runs outside of the panels, of which only the metrics are wanted. They come behind the panels', and nothing of the page renders
// for them but what asked.
import { type LabTypes, RunRecord, type RunOwner } from './backend.js';
import { AdvisedError, asError } from './failure.js';
import type { EngineKind, Failure } from './types.js';

export interface SampleOptions {
  /** Gives the run up; the promise is then rejected with the signal's reason. */
  signal?: AbortSignal;
  /** Hears how far the run is, 0 to 1. */
  progress?: (fraction: number) => void;
}

/** What is known of a run that nobody saw. */
export interface Sampled<Metrics = object> {
  metrics: Metrics;
  /** Network evaluations per sample. */
  evaluations: number;
  /** See `RunRecord.milliseconds`. */
  milliseconds: number;
  engine: EngineKind;
}

interface HiddenRun<Of extends LabTypes> {
  config: Of['config'];
  /** Null while there is no engine for it. */
  record: RunRecord<Of> | null;
  progress: (fraction: number) => void;
  resolve(sampled: Sampled<Of['metrics']>): void;
  reject: (reason: unknown) => void;
  /** Stops listening to whoever may give it up. */
  leave: () => void;
}

/** Whose runs they are. */
export interface HiddenRunsOwner<Of extends LabTypes> extends RunOwner<RunRecord<Of>> {
  readonly backend: Of['backend'] | null;
  /** Why there are no runs any more. */
  readonly ended: Failure | null;
  /** Once there were some. */
  hidden: HiddenRuns<Of> | null;
  /** Who may yet do what a run's engine refused. */
  successor(record: RunRecord<Of>): Of['backend'] | null;
}

/** An engine's. Throws what has ended it. */
export function hiddenRuns<Of extends LabTypes>(engine: HiddenRunsOwner<Of>): HiddenRuns<Of> {
  if (engine.ended) throw asError(engine.ended);
  return (engine.hidden ??= new HiddenRuns(engine));
}

export class HiddenRuns<Of extends LabTypes> {
  readonly #runs = new Set<HiddenRun<Of>>();
  #backend: Of['backend'] | null;

  constructor(private readonly engine: HiddenRunsOwner<Of>) {
    this.#backend = engine.backend;
  }

  sample(config: Of['config'], { signal, progress = () => {} }: SampleOptions): Promise<Sampled<Of['metrics']>> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = () => this.#settle(run, () => reject(signal!.reason));
      const leave = () => signal?.removeEventListener('abort', stop);
      const run: HiddenRun<Of> = { config, record: null, progress, resolve, reject, leave };
      this.#runs.add(run);
      signal?.addEventListener('abort', stop);
      if (this.#backend) this.#begin(run, this.#backend);
    });
  }

  /** From now on this engine samples. */
  use(backend: Of['backend']): void {
    this.#backend = backend;
    for (const run of this.#runs) this.#begin(run, backend);
  }

  /** The engine goes, and what it had computed with it. */
  pause(): void {
    this.#backend = null;
    for (const run of this.#runs) this.#release(run);
  }

  /** There will be no engine any more. */
  end(reason: AdvisedError): void {
    for (const run of this.#runs) this.#settle(run, () => run.reject(reason));
  }

  /** Looks what has become of a run. */
  attend(record: RunRecord<Of>): void {
    const run = [...this.#runs].find((each) => each.record === record);
    if (!run) return;
    const { metrics, failure, evaluations, milliseconds, backend } = record;
    if (failure) {
      const successor = this.engine.successor(record);
      if (successor) return this.#begin(run, successor);
      const { code, message, advice } = failure;
      this.#settle(run, () => run.reject(new AdvisedError(code, message, advice)));
    } else if (metrics) {
      this.#settle(run, () => run.resolve({ metrics, evaluations, milliseconds, engine: backend.kind }));
    } else {
      run.progress(record.stepsDone / record.steps);
    }
  }

  #begin(run: HiddenRun<Of>, backend: Of['backend']): void {
    this.#release(run);
    run.record = new RunRecord<Of>(this.engine, backend, run.config, 'sample');
    backend.start(run.record);
  }

  #release(run: HiddenRun<Of>): void {
    run.record?.backend.release(run.record);
    run.record = null;
  }

  #settle(run: HiddenRun<Of>, tell: () => void): void {
    if (!this.#runs.delete(run)) return;
    run.leave();
    this.#release(run);
    tell();
  }
}
