// The page's side of sampling: which engine does it, the panels' runs, and what becomes of them when an engine fails.
import type { View } from '../../pkg/guidance_playground.js';
import type { RunConfig } from '../scheme/scheme.js';
import { AnswerDesk } from './answers/answer-desk.js';
import type { Backend } from './backend.js';
import { findAdapter, type Wish } from './choice.js';
import { compileCore, compileGpuCore, type CompiledCore } from './core.js';
import { CpuBackend } from './cpu/backend.js';
import { AdvisedError, asError, headline, toFailure } from './failure.js';
import { GpuBackend } from './gpu/backend.js';
import { HiddenRuns, type Sampled, type SampleOptions } from './hidden-runs.js';
import type { Answer, Question } from './questions.js';
import { RunRecord } from './run-record.js';
import type { Failure } from './types.js';

/** Particles of a preview. */
const previewParticles = 512;

/** A panel's runs: what it shows, and what will take its place. */
export interface PanelRuns {
  shown: RunRecord | null;
  pending: RunRecord | null;
  /** A preview asked for while another was under way: only the latest is kept. */
  waiting: RunConfig | null;
  /** The latest settings, for an engine that has to begin anew. */
  wanted: RunConfig | null;
}

export class Engine {
  /** Why there can be no runs at all. */
  failure: Failure | null = null;
  /** What the visitor should know of the choice of engine, in sentences. */
  notice = '';
  /** What samples, unless a panel's scheme is beyond it; null while it is being chosen, and runs wait. */
  backend: Backend | null = null;
  readonly #panels = new Map<number, PanelRuns>();
  readonly #answers: AnswerDesk;
  readonly #hidden = new HiddenRuns(
    (config, backend) => new RunRecord(++this.#runs, backend, config, 'sample'),
    (record) => this.#successor(record),
  );
  /** Always there: it has the judge, and takes over where WebGPU cannot be had, or cannot do a scheme. */
  #cpu: CpuBackend | null = null;
  #gpu: GpuBackend | null = null;
  #devicesLost = 0;
  #runs = 0;
  #disposed = false;

  constructor(
    private readonly wish: Wish,
    private readonly changed: () => void,
  ) {
    this.notice = wish.objection ?? '';
    const core = compileCore();
    this.#answers = new AnswerDesk(core);
    void this.#start(core);
  }

  /** The part of the plane that the data is in, once the core is loaded. */
  get overview(): View | null {
    return this.#cpu?.overview ?? null;
  }

  dispose(): void {
    this.#disposed = true;
    this.#hidden.end(new AdvisedError('engine-disposed', 'The sampler was closed.', 'Reload the page.'));
    this.#gpu?.dispose();
    this.#cpu?.dispose();
    this.#answers.dispose();
  }

  runs(panel: number): PanelRuns {
    let runs = this.#panels.get(panel);
    if (!runs) {
      runs = { shown: null, pending: null, waiting: null, wanted: null };
      this.#panels.set(panel, runs);
    }
    return runs;
  }

  /** Samples anew, in place of whatever the panel was computing. */
  run(panel: number, config: RunConfig): void {
    const runs = this.runs(panel);
    runs.waiting = null;
    runs.wanted = config;
    this.#begin(runs, config, false);
  }

  /** Samples a few particles. A preview under way is let finish, or fast dragging would show nothing. */
  preview(panel: number, config: RunConfig): void {
    const runs = this.runs(panel);
    runs.wanted = config;
    if (runs.pending?.preview) {
      runs.waiting = config;
      return;
    }
    const particles = Math.min(previewParticles, config.particles);
    this.#begin(runs, { ...config, particles }, true);
  }

  /**
   * Samples outside of the panels, and after them: only the figures are kept. Several may be asked for at once; one whose
   * engine fails is begun anew by the other.
   */
  sample(config: RunConfig, options: SampleOptions = {}): Promise<Sampled> {
    const { failure } = this;
    if (failure) return Promise.reject(asError(failure));
    return this.#hidden.sample(config, options);
  }

  /** Lets go of a panel that is not there any more. */
  forget(panel: number): void {
    const { shown, pending } = this.runs(panel);
    for (const record of new Set([shown, pending])) record?.backend.release(record);
    this.#panels.delete(panel);
  }

  /** Lets runs that have reached the clock's position take their panels. */
  settle(position: number): void {
    for (const [panel, runs] of this.#panels) {
      if (runs.pending?.failure) this.#hand(runs, runs.pending);
      const { pending, shown } = runs;
      if (!pending) continue;
      const replaceable = shown === null || shown.failure !== null;
      if (pending.failure || pending.reaches(position) || (replaceable && pending.started)) {
        if (shown && shown !== pending) shown.backend.release(shown);
        runs.shown = pending;
      }
      if (runs.shown === pending && (pending.finished || pending.failure)) {
        runs.pending = null;
        const { waiting } = runs;
        runs.waiting = null;
        if (waiting) this.preview(panel, waiting);
      }
    }
  }

  /** Positions that a panel shows at a step, or null where it has not got there. */
  positions(panel: number, step: number): Promise<Float32Array | null> {
    const { shown } = this.runs(panel);
    return shown?.backend.positions(shown, step) ?? Promise.resolve(null);
  }

  /** Whole paths of some of the particles that a panel shows, particle by particle; null before it is at its end. */
  paths(panel: number, particles: Uint32Array): Promise<Float32Array | null> {
    const { shown } = this.runs(panel);
    return shown?.backend.paths(shown, particles) ?? Promise.resolve(null);
  }

  /** Answers by the processor, whichever engine samples; rejects with an AdvisedError, or with the signal's reason. */
  ask<Q extends Question>(question: Q, signal?: AbortSignal): Promise<Answer<Q>> {
    return this.#answers.ask(question, signal);
  }

  /** Loses the graphics device on purpose. */
  loseDevice(): void {
    this.#gpu?.lose();
  }

  #begin(runs: PanelRuns, config: RunConfig, preview: boolean, backend = this.backend): void {
    const { pending, shown } = runs;
    if (pending && pending === shown) pending.backend.cancel(pending);
    else pending?.backend.release(pending);
    if (!backend) return;
    runs.pending = new RunRecord(++this.#runs, backend, config, preview ? 'preview' : 'panel');
    backend.start(runs.pending);
  }

  /** What the device cannot do of a scheme, the processor is asked for; if it refuses too, what it says stands. */
  #hand(runs: PanelRuns, record: RunRecord): void {
    const successor = this.#successor(record);
    if (!successor) return;
    this.#begin(runs, record.config, record.preview, successor);
    runs.pending!.remark = `This scheme runs on the CPU: ${headline(record.failure!)}`;
  }

  /** Who may yet do what a run's engine refused. */
  #successor({ backend, networks }: RunRecord): Backend | null {
    return backend === this.#gpu && networks.loaded === networks.total ? this.#cpu : null;
  }

  async #start(core: Promise<CompiledCore>): Promise<void> {
    try {
      const forced = this.wish.engine === 'webgpu';
      // Both take their time; neither waits for the other.
      const adapter = this.wish.engine === 'cpu' ? null : findAdapter(forced).then(() => null, toFailure);
      const compiled = await core;
      if (this.#disposed) return;
      this.#cpu = new CpuBackend(compiled, {
        changed: (record) => this.#hear(record),
        stopped: (failure) => this.#fail(failure),
      });
      const missing = await adapter;
      if (this.#disposed) return;
      if (!adapter) this.#use(this.#cpu);
      else if (missing) this.#fallBack(this.#refusal(missing));
      else await this.#openDevice((failure) => this.#refusal(failure));
    } catch (thrown) {
      this.#fail(toFailure(thrown));
    }
  }

  #refusal(failure: Failure): string {
    const reason = headline(failure);
    return this.wish.engine === 'webgpu'
      ? `The address asks for WebGPU, which cannot be had: ${reason} The CPU samples instead.`
      : reason;
  }

  /** Opens WebGPU, or else explains and falls back. */
  async #openDevice(explain: (failure: Failure) => string): Promise<void> {
    const cpu = this.#cpu!;
    try {
      const gpu = await GpuBackend.open(await compileGpuCore(), this.wish.engine === 'webgpu', (ends) => cpu.measure(ends), {
        changed: (record) => this.#hear(record),
        stopped: (failure) => this.#deviceFailed(failure),
      });
      if (this.#disposed) return gpu.dispose();
      this.#gpu = gpu;
      this.#use(gpu);
    } catch (thrown) {
      if (!this.#disposed) this.#fallBack(explain(toFailure(thrown)));
    }
  }

  /** A lost device is opened once more; anything else that it cannot do, the processor does. */
  #deviceFailed(failure: Failure): void {
    const reason = headline(failure);
    this.#forget();
    this.#gpu?.dispose();
    this.#gpu = null;
    this.backend = null;
    if (failure.code === 'gpu-lost' && ++this.#devicesLost === 1) {
      this.#say(`${reason} It was opened again, and everything sampled anew.`);
      void this.#openDevice((why) => `${reason} It could not be opened again: ${headline(why)} The CPU samples now.`);
    } else {
      this.#fallBack(`${reason} The CPU has taken over.`);
    }
  }

  #fallBack(reason: string): void {
    this.#say(reason);
    this.#use(this.#cpu!);
  }

  #say(sentence: string): void {
    this.notice = [this.wish.objection, sentence].filter(Boolean).join(' ');
  }

  /** From now on this engine samples; what another had computed went with it. */
  #use(backend: Backend): void {
    this.backend = backend;
    if (backend === this.#cpu) this.#cpu.employ();
    this.#forget();
    for (const [panel, { wanted }] of this.#panels) {
      if (wanted) this.run(panel, wanted);
    }
    this.#hidden.use(backend);
    this.#hear();
  }

  #forget(): void {
    for (const runs of this.#panels.values()) {
      for (const record of [runs.shown, runs.pending]) record?.backend.release(record);
      Object.assign(runs, { shown: null, pending: null });
    }
    this.#hidden.pause();
  }

  #fail(failure: Failure): void {
    this.failure = failure;
    this.#hidden.end(asError(failure));
    this.#hear();
  }

  #hear(record?: RunRecord): void {
    if (this.#disposed) return;
    // Of a hidden run there is nothing to be drawn.
    if (record?.purpose === 'sample') this.#hidden.attend(record);
    else this.changed();
  }
}
