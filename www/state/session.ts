// One visit to the instrument: its settings, its engine and its clock, kept in step with each other.
import { readWish } from '../engine/choice.js';
import { Engine, type PanelRuns } from '../engine/engine.js';
import { findUnsupported } from '../engine/support.js';
import type { Failure } from '../engine/types.js';
import { readSchemes } from '../scheme/address.js';
import { setPlayback } from './changes.js';
import { PlaybackClock } from './playback.js';
import { openingState, runConfig, type State } from './state.js';

export class Session {
  settings: State;
  /** Why there is nothing to see, if so. */
  failure: Failure | null = null;
  #active = false;
  #engine: Engine | null = null;
  readonly #asked = readSchemes(location.href);
  readonly #clock = new PlaybackClock((fraction) => this.#tick(fraction));
  readonly #reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');

  constructor(private readonly changed: () => void) {
    this.settings = openingState(this.motion, this.#asked.chosen);
  }

  get engine(): Engine | null {
    return this.#engine;
  }

  /** Whether things may move by themselves. */
  get motion(): boolean {
    return !this.#reducedMotion.matches;
  }

  /** Starts, or starts again after a failure. */
  async start(): Promise<void> {
    this.stop();
    this.#active = true;
    this.failure = await findUnsupported();
    // Stopped meanwhile.
    if (!this.#active) return;
    if (!this.failure) {
      const wish = readWish(location.href);
      const objection = [wish.objection, this.#asked.objection].filter(Boolean).join(' ') || null;
      this.#engine = new Engine({ ...wish, objection }, () => this.#hear());
      this.#clock.running = this.settings.playback.playing;
      this.runAll(true);
    }
    this.changed();
  }

  stop(): void {
    this.#active = false;
    this.#clock.running = false;
    this.#engine?.dispose();
    this.#engine = null;
  }

  /** Changes the settings of now, which may be newer than those last seen on the screen. */
  change(change: (settings: State) => State): void {
    this.settings = change(this.settings);
    this.#clock.running = this.settings.playback.playing;
    this.#engine!.settle(this.settings.playback.position);
    this.changed();
  }

  runs(panel: number): PanelRuns {
    return this.#engine!.runs(panel);
  }

  /** Samples one panel with the settings of now; with few particles while they are not `settled`. */
  run(id: number, settled: boolean): void {
    const { panels, sampling, playback } = this.settings;
    const panel = panels.find((each) => each.id === id);
    if (!panel) return;
    const config = runConfig(panel, sampling);
    if (settled) this.#engine!.run(id, config);
    else this.#engine!.preview(id, config);
    this.#engine!.settle(playback.position);
    this.changed();
  }

  runAll(settled: boolean): void {
    for (const { id } of this.settings.panels) this.run(id, settled);
  }

  /** Steps of the noise now set that every panel has computed; a panel that failed holds nobody up. */
  computed(): number {
    const { panels, sampling } = this.settings;
    const steps = panels.map(({ id }) => {
      const { shown } = this.runs(id);
      if (shown?.failure) return sampling.levels.steps;
      const current = shown?.config.seed === sampling.seed && shown.config.scheme.levels === sampling.levels;
      return current ? shown.stepsDone : 0;
    });
    return Math.min(...steps);
  }

  /** The noise levels now set, or none until a run has told them. */
  noiseLevels(): Float64Array {
    const { panels, sampling } = this.settings;
    const records = panels.flatMap(({ id }) => [this.runs(id).shown, this.runs(id).pending]);
    const current = records.find((record) => record?.started && record.config.scheme.levels === sampling.levels);
    return current?.noiseLevels ?? new Float64Array();
  }

  #hear(): void {
    const engine = this.#engine!;
    if (engine.failure) {
      this.failure = engine.failure;
      this.#clock.running = false;
    }
    engine.settle(this.settings.playback.position);
    this.changed();
  }

  #tick(fraction: number): void {
    const { playback, sampling } = this.settings;
    const { steps } = sampling.levels;
    const wanted = playback.position + fraction * playback.speed * steps;
    const position = Math.min(wanted, Math.max(this.computed(), playback.position));
    // Waiting for the engine: nothing to draw.
    if (position === playback.position && position < steps) return;
    this.change((now) => setPlayback(now, { position, playing: position < steps }));
  }
}
