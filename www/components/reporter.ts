// Tells an embed's page what becomes of its instrument, each thing once, and those who wait for the results when they are there.
import type { EmbedEvents, Tell } from './events.js';
import { asError, type AdvisedError } from '../engine/failure.js';
import type { Session } from '../state/session.js';
import type { State } from '../state/state.js';

/** The page's events, and what else its element hears. */
type EventName = keyof EmbedEvents;

export class Reporter {
  /** What was last told of, by the name of the event. */
  readonly #told = new Map<EventName, unknown>();
  /** What the last state was made of. */
  #settings: State | null = null;
  readonly #waiting: { resolve: () => void; reject: (reason: AdvisedError) => void }[] = [];

  constructor(
    private readonly session: Session,
    private readonly tell: Tell,
  ) {}

  /** Resolves when every panel has its result, and is seen. */
  sampled(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.session.awaited = true;
    });
  }

  /** Nobody needs to wait any more. */
  dismiss(reason: AdvisedError | null): void {
    for (const { resolve, reject } of this.#waiting.splice(0)) {
      if (reason) reject(reason);
      else resolve();
    }
    this.session.awaited = false;
  }

  /** The instrument stands in its place. */
  composed(): void {
    this.#once('composed', false, () => ({ failed: false }));
  }

  /** Looks what has become another since the last time; `composing` while the instrument is still put together. */
  report(composing: boolean): void {
    const { engine, settings, failure, refusal } = this.session;
    const wrong = failure ?? refusal;
    if (wrong) {
      const { code, message, advice } = wrong;
      this.#once('error', `${code} ${message}`, () => ({ code, message, advice }));
    }
    if (failure) this.#once('composed', true, () => ({ failed: true }));
    // Tried again, and there it is.
    else if (engine?.backend && this.#told.get('composed') === true) this.composed();
    this.#tellChange(settings);
    if (engine?.backend) {
      const { playback, sampling } = settings;
      const sigma = () => this.session.noiseLevels()[Math.round(playback.position)] ?? null;
      this.#once('frame', playback.position, () => ({ step: playback.position, steps: sampling.levels.steps, sigma: sigma() }));
      const { notice, backend } = engine;
      const { kind, description } = backend;
      this.#once('enginechange', `${kind} ${notice}`, () => ({ kind, description, notice }));
    }
    if (!failure && (composing || this.session.underWay)) return;
    this.dismiss(failure && asError(failure));
    if (!failure) this.#once('ready', true, () => ({ state: this.session.text }));
  }

  /** Which moment is shown is told of as a frame. */
  #tellChange(settings: State): void {
    const before = this.#settings;
    this.#settings = settings;
    if (before && (['panels', 'sampling', 'look', 'linked'] as const).every((of) => before[of] === settings[of])) return;
    const state = this.session.text;
    const key = state.replace(/&step=\d+$/, '');
    if (before) this.#once('change', key, () => ({ state }));
    else this.#told.set('change', key);
  }

  #once<T extends EventName>(type: T, key: unknown, detail: () => EmbedEvents[T]): void {
    if (this.#told.get(type) === key) return;
    this.#told.set(type, key);
    this.tell(type, detail());
  }
}
