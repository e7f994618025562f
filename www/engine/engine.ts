// The page's side of sampling: which engine does it, the panels' runs, and what becomes of them when an engine fails.
//
// An engine of an instrument has its own runs and questions, lets go of those alone, and rests while the instrument is out of
// sight: its runs are then handed no work. A backend that fails is replaced by the other, from the same settings, with a
// sentence; a scheme that the device refuses is sampled by the processor, in its panel alone.
import { type CpuBackend, type GpuBackend, type LabTypes, type RunOwner, RunRecord } from './backend.js';
import type { Wish } from './choice.js';
import { AdvisedError, asError, headline, toFailure } from './failure.js';
import type { HiddenRuns, Sampled, SampleOptions } from './hidden-runs.js';
import type { BackendsOfPage, Member, SharedBackends } from './shared-backends.js';
import type { Failure } from './types.js';

const disposed = new AdvisedError('disposed', 'This instrument was taken off the page.', 'Reload the page.');

/** A panel's runs: what it shows, and what will take its place. */
export interface PanelRuns<Of extends LabTypes = LabTypes> {
  shown: RunRecord<Of> | null;
  pending: RunRecord<Of> | null;
  /** A preview asked for while another was under way: only the latest is kept. */
  waiting: Of['config'] | null;
  /** The latest settings, for an engine that has to begin anew. */
  wanted: Of['config'] | null;
}

/** What an engine is made of, besides what is shared. */
export interface EngineTypes extends LabTypes {
  cpu: this['backend'] & CpuBackend<RunRecord>;
  gpu: this['backend'] & GpuBackend<RunRecord>;
  questions: { dispose(): void };
}

export abstract class Engine<Of extends EngineTypes = EngineTypes> implements Member<Of['gpu']>, RunOwner<RunRecord<Of>> {
  /** Why there can be no runs at all. */
  failure: Failure | null = null;
  /** What the visitor should know of the choice of engine, in sentences. */
  notice = '';
  /** What samples, unless a panel's scheme is beyond it; null while it is being chosen, and runs wait. */
  backend: Of['backend'] | null = null;
  /** Its runs outside of the panels, once there were some. */
  hidden: HiddenRuns<Of> | null = null;
  /** The processor's backend, whichever samples; null until it is there. */
  protected cpu: Of['cpu'] | null = null;
  readonly #shared: SharedBackends<Of['cpu'], Of['gpu'], Of['questions']>;
  readonly #panels = new Map<number, PanelRuns<Of>>();
  /** Questions that are not answered yet. */
  readonly #questions = new Set<AbortController>();
  #resting = false;
  #disposed = false;

  constructor(
    private readonly wish: Wish,
    private readonly changed: () => void,
    backends: BackendsOfPage<Of['cpu'], Of['gpu'], Of['questions']>,
  ) {
    this.notice = wish.objection ?? '';
    this.#shared = backends.join(this);
    void this.#start();
  }

  /** What is sampled while a hand drags: fewer samples. */
  protected abstract previewOf(config: Of['config']): Of['config'];

  /** Whether the instrument is out of sight: its runs then go no further. */
  get resting(): boolean {
    return this.#resting;
  }

  set resting(is: boolean) {
    if (this.#resting === is) return;
    this.#resting = is;
    // A panel's scheme may be beyond the one that samples.
    for (const backend of new Set([this.backend, this.cpu])) backend?.reconsider();
  }

  /** Whether something that was asked is not answered yet: questions, or what is read of runs. */
  get asking(): boolean {
    return this.#questions.size > 0 || [this.backend, this.cpu].some((backend) => backend?.reading);
  }

  /** Lets go of all that is this instrument's; what it shares stays for others, for a while. */
  dispose(): void {
    this.#disposed = true;
    this.hidden?.end(disposed);
    for (const panel of this.#panels.keys()) this.forget(panel);
    for (const question of this.#questions) question.abort(disposed);
    this.#shared.leave(this);
  }

  runs(panel: number): PanelRuns<Of> {
    let runs = this.#panels.get(panel);
    if (!runs) {
      runs = { shown: null, pending: null, waiting: null, wanted: null };
      this.#panels.set(panel, runs);
    }
    return runs;
  }

  /** Samples anew, in place of whatever the panel was computing. */
  run(panel: number, config: Of['config']): void {
    const runs = this.runs(panel);
    runs.waiting = null;
    runs.wanted = config;
    this.#begin(runs, config, false);
  }

  /** Samples little. A preview under way is let finish, or fast dragging would show nothing. */
  preview(panel: number, config: Of['config'], isSameData: (one: Of['config'], other: Of['config']) => boolean): void {
    const runs = this.runs(panel);
    runs.wanted = config;
    if (runs.pending?.preview) {
      runs.waiting = config;
      runs.pending.superseded = !isSameData(runs.pending.config, config);
      return;
    }
    this.#begin(runs, this.previewOf(config), true);
  }

  /**
   * Samples outside of the panels, and after them: only the metrics are kept. Several may be asked for at once; one whose
   * engine fails is begun anew by the other.
   */
  async sample(config: Of['config'], options: SampleOptions = {}): Promise<Sampled<Of['metrics']>> {
    const { hiddenRuns } = await import('./hidden-runs.js').catch(() => {
      throw new AdvisedError(
        'core-unavailable',
        'What samples outside of the panels could not be loaded.',
        'Check the connection, then try again.',
      );
    });
    return hiddenRuns(this).sample(config, options);
  }

  /** Why there are no runs any more. */
  get ended(): Failure | null {
    return this.#disposed ? disposed : this.failure;
  }

  /** Lets go of a panel that is not there any more. */
  forget(panel: number): void {
    const { shown, pending } = this.runs(panel);
    for (const record of new Set([shown, pending])) record?.backend.release(record);
    this.#panels.delete(panel);
  }

  /** Lets runs that have reached the clock's position take their panels. */
  settle(position: number): void {
    for (const runs of this.#panels.values()) {
      if (runs.pending?.failure) this.#handOver(runs, runs.pending);
      const { pending, shown } = runs;
      if (!pending) continue;
      const replaceable = shown === null || shown.failure !== null;
      if (pending.failure || pending.reaches(position) || (replaceable && pending.started)) {
        if (shown && shown !== pending) shown.backend.release(shown);
        runs.shown = pending;
      }
      if (runs.shown === pending && pending.over) {
        runs.pending = null;
        const { waiting } = runs;
        runs.waiting = null;
        if (waiting) this.#begin(runs, this.previewOf(waiting), true);
      }
    }
  }

  /** Answers, whichever engine samples; rejects with an AdvisedError, or with the signal's reason. */
  protected async answer<Answer>(
    ask: (questions: Of['questions'], signal: AbortSignal) => Promise<Answer>,
    signal?: AbortSignal,
  ): Promise<Answer> {
    signal?.throwIfAborted();
    if (this.#disposed) throw disposed;
    const asked = new AbortController();
    const abort = () => asked.abort(signal!.reason);
    signal?.addEventListener('abort', abort);
    this.#questions.add(asked);
    try {
      return await ask(await this.#shared.questions, asked.signal);
    } finally {
      this.#questions.delete(asked);
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Loses the graphics device on purpose. */
  loseDevice(): void {
    if (this.backend?.kind === 'webgpu') (this.backend as Of['gpu']).lose();
  }

  #begin(runs: PanelRuns<Of>, config: Of['config'], preview: boolean, backend = this.backend): void {
    const { pending, shown } = runs;
    if (pending && pending === shown) pending.backend.cancel(pending);
    else pending?.backend.release(pending);
    if (!backend || this.#disposed) return;
    runs.pending = new RunRecord<Of>(this, backend, config, preview ? 'preview' : 'panel');
    backend.start(runs.pending);
  }

  /** What the device cannot do of a scheme, the processor is asked for; if it refuses too, what it says stands. */
  #handOver(runs: PanelRuns<Of>, record: RunRecord<Of>): void {
    const successor = this.successor(record);
    if (!successor) return;
    this.#begin(runs, record.config, record.preview, successor);
    runs.pending!.remark = `This scheme runs on the CPU: ${headline(record.failure!)}`;
  }

  /** Who may yet do what a run's engine refused. */
  successor({ backend, networks }: RunRecord<Of>): Of['backend'] | null {
    return backend !== this.cpu && networks.loaded === networks.total ? this.cpu : null;
  }

  async #start(): Promise<void> {
    // Both take their time; neither waits for the other.
    const device = this.wish.engine === 'cpu' ? null : this.#tryDevice();
    // Where there is none, the shared backends say so to all.
    this.cpu = await this.#shared.cpu.catch(() => null);
    const tried = await device;
    if (this.#disposed || !this.cpu) return;
    if (!tried) this.#use(this.cpu);
    else this.#settleOn(tried, (failure) => this.#refusal(failure));
  }

  /** The device, or what is missing. */
  #tryDevice(): Promise<Of['gpu'] | Failure> {
    return this.#shared.device(this.wish.engine === 'webgpu').catch(toFailure);
  }

  #refusal(failure: Failure): string {
    const reason = headline(failure);
    return this.wish.engine === 'webgpu' ? `The address asks for WebGPU, which cannot be had: ${reason} The CPU samples instead.` : reason;
  }

  #settleOn(tried: Of['gpu'] | Failure, explain: (failure: Failure) => string): void {
    if ('kind' in tried) this.#use(tried);
    else this.#fallBack(explain(tried));
  }

  deviceStopped(device: Of['gpu'], failure: Failure, again: boolean): void {
    if (this.backend !== device) return;
    const reason = headline(failure);
    this.#forget();
    this.backend = null;
    if (again) void this.#reopen(reason);
    else this.#fallBack(`${reason} The CPU has taken over.`);
  }

  async #reopen(reason: string): Promise<void> {
    this.#say(`${reason} It was opened again, and everything sampled anew.`);
    const tried = await this.#tryDevice();
    if (this.#disposed) return;
    this.#settleOn(tried, (why) => `${reason} It could not be opened again: ${headline(why)} The CPU samples now.`);
  }

  #fallBack(reason: string): void {
    this.#say(reason);
    this.#use(this.cpu!);
  }

  #say(sentence: string): void {
    this.notice = [this.wish.objection, sentence].filter(Boolean).join(' ');
  }

  /** From now on this engine samples; what another had computed went with it. */
  #use(backend: Of['backend']): void {
    this.backend = backend;
    if (backend === this.cpu) this.cpu.prepareForRuns();
    this.#forget();
    for (const [panel, { wanted }] of this.#panels) {
      if (wanted) this.run(panel, wanted);
    }
    this.hidden?.use(backend);
    this.look();
  }

  #forget(): void {
    for (const runs of this.#panels.values()) {
      for (const record of [runs.shown, runs.pending]) record?.backend.release(record);
      Object.assign(runs, { shown: null, pending: null });
    }
    this.hidden?.pause();
  }

  fail(failure: Failure): void {
    this.failure = failure;
    this.hidden?.end(asError(failure));
    this.look();
  }

  look(): void {
    if (!this.#disposed) this.changed();
  }

  hear(record: RunRecord<Of>): void {
    // Of a hidden run there is nothing to be drawn.
    if (record.purpose === 'sample') this.hidden?.attend(record);
    else this.look();
  }
}
