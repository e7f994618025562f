import { LitElement, css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { Engine, type Core } from '../engine/engine.js';
import type { Failure } from '../engine/protocol.js';
import type { RunRecord } from '../engine/run-record.js';
import { findUnsupported } from '../engine/support.js';
import * as changes from '../state/changes.js';
import { PlaybackClock } from '../state/playback.js';
import { openingState, runConfig, type PanelState, type State } from '../state/state.js';
import { controls } from '../styles/controls.js';
import { summarise } from '../text/summary.js';
import './playground-panel.js';
import './playground-transport.js';
import type { TransportEvent } from './playground-transport.js';
import './sampling-settings.js';
import type { SamplingChange, ShowChange } from './sampling-settings.js';
import type { SchemeChange, SchemeChosen } from './scheme-picker.js';

declare global {
  interface HTMLElementTagNameMap {
    'guidance-playground': GuidancePlayground;
  }
}

const seedsOffered = 1_000_000;

/** The instrument: holds the state and the engine, and shows panels on one noise and one clock. */
@customElement('guidance-playground')
export class GuidancePlayground extends LitElement {
  @state() private failure: Failure | null = null;
  @state() private settings: State | null = null;

  #engine: Engine | null = null;
  readonly #announced = new WeakSet<RunRecord>();
  #announcement = '';
  readonly #clock = new PlaybackClock((fraction) => this.#tick(fraction));
  readonly #reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        padding-bottom: var(--space-8);
      }

      .panels {
        /* Holds what is visually hidden inside, or it would widen the page when the row scrolls. */
        position: relative;
        display: grid;
        grid-template-columns: repeat(var(--panels), minmax(0, 1fr));
        grid-template-rows: repeat(4, auto);
        gap: 0 clamp(1rem, 2.5vw, 2.5rem);
      }

      .panels > * {
        row-gap: var(--space-3);
      }

      .bar {
        position: sticky;
        bottom: 0;
        margin-top: var(--space-4);
        padding-block: var(--space-3);
        border-top: 1px solid var(--line);
        background: var(--page);
        /* Above the progress bars that pass under it. */
        z-index: 1;
      }

      sampling-settings {
        padding-top: var(--space-3);
        border-top: 1px solid var(--line);
      }

      .notice {
        max-width: 46rem;
        padding: var(--space-4) var(--space-6);
        border: 1px solid var(--line);
        border-left: 4px solid var(--accent);
        border-radius: var(--radius);
        background: var(--surface);
      }

      .notice p {
        margin: 0 0 var(--space-2);
      }

      .loading {
        color: var(--ink-soft);
      }

      @media (max-width: 56rem) {
        .panels {
          grid-template-columns: none;
          grid-auto-flow: column;
          grid-auto-columns: min(86%, 26rem);
          margin-inline: calc(-1 * var(--gutter));
          padding-inline: var(--gutter);
          scroll-padding-inline: var(--gutter);
          overflow-x: auto;
          scroll-snap-type: x mandatory;
        }

        .panels > * {
          scroll-snap-align: start;
        }

        .bar {
          margin-inline: calc(-1 * var(--gutter));
          padding-inline: var(--gutter);
        }
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    void this.#start();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#clock.running = false;
    this.#engine?.dispose();
    this.#engine = null;
  }

  /** The settings now, for scripts that look on. */
  get currentState(): State | null {
    return this.settings;
  }

  /** Positions that a panel shows at a step, or null where it has not got there. */
  positions(panel: number, step: number): Float32Array | null {
    const id = this.settings?.panels[panel]?.id;
    return (id === undefined ? null : this.#engine?.runs(id).shown?.positions[step]?.slice()) ?? null;
  }

  async #start() {
    this.failure = await findUnsupported();
    if (this.failure || !this.isConnected) return;
    this.settings = null;
    this.#engine?.dispose();
    this.#engine = new Engine(() => this.#engineChanged());
  }

  #engineChanged() {
    const engine = this.#engine!;
    if (engine.failure) {
      this.failure = engine.failure;
      this.#clock.running = false;
    } else if (engine.core && !this.settings) {
      this.#set(openingState(engine.core.schemes, engine.core.limits, !this.#reducedMotion.matches));
      this.#runAll();
    }
    if (this.settings) engine.settle(this.settings.playback.position);
    this.#announce();
    this.requestUpdate();
  }

  #set(next: State) {
    this.settings = next;
    this.#clock.running = next.playback.playing;
    this.#engine?.settle(next.playback.position);
  }

  #runAll(settled = true) {
    for (const panel of this.settings!.panels) this.#run(panel.id, settled);
  }

  #run(id: number, settled: boolean) {
    const { panels, sampling, playback } = this.settings!;
    const config = runConfig(panels.find((panel) => panel.id === id)!, sampling);
    if (settled) this.#engine!.run(id, config);
    else this.#engine!.preview(id, config);
    this.#engine!.settle(playback.position);
  }

  /** Steps of the noise now set that every panel has computed; a panel that failed holds nobody up. */
  #computed(): number {
    const { panels, sampling } = this.settings!;
    const steps = panels.map(({ id }) => {
      const shown = this.#engine!.runs(id).shown;
      if (shown?.failure) return sampling.steps;
      const { seed, solver, steps } = shown?.config ?? {};
      const current = seed === sampling.seed && solver === sampling.solver && steps === sampling.steps;
      return current ? shown!.stepsDone : 0;
    });
    return Math.min(...steps);
  }

  #tick(fraction: number) {
    const settings = this.settings!;
    const { position, speed } = settings.playback;
    const { steps } = settings.sampling;
    const next = Math.min(position + fraction * speed * steps, Math.max(this.#computed(), position));
    if (next === position && position < steps) return;
    this.#set(changes.setPlayback(settings, { position: next, playing: next < steps }));
  }

  /** Says each panel's result once, when its full run ends. */
  #announce() {
    const sentences = (this.settings?.panels ?? []).flatMap((panel, index) => {
      const { shown } = this.#engine!.runs(panel.id);
      if (!shown?.metrics || shown.preview || this.#announced.has(shown)) return [];
      this.#announced.add(shown);
      return [`Panel ${index + 1}, ${this.#summarise(panel, shown)}`];
    });
    if (sentences.length > 0) this.#announcement = sentences.join(' ');
  }

  #summarise(panel: PanelState, run: RunRecord): string {
    const info = this.#engine!.core!.schemes.find(({ id }) => id === panel.schemeId)!;
    return summarise(info.name, info.guided ? run.config.scheme.weight : null, run.metrics!);
  }

  protected override render() {
    const core = this.#engine?.core;
    return html`
      ${this.failure ? this.#renderFailure(this.failure) : nothing}
      ${core && this.settings && !this.failure ? this.#renderInstrument(core, this.settings) : nothing}
      ${!this.failure && !this.settings ? html`<p class="loading" role="status">Loading the sampler…</p>` : nothing}
      <div class="visually-hidden" role="status" data-announcement>${this.#announcement}</div>
    `;
  }

  #renderFailure({ code, message, advice }: Failure) {
    return html`<div class="notice" role="alert" data-code=${code}>
      <p><strong>${message}</strong></p>
      <p>${advice}</p>
      <button @click=${() => this.#start()}>Try again</button>
    </div>`;
  }

  #renderInstrument(core: Core, settings: State) {
    const engine = this.#engine!;
    const { panels, sampling, playback } = settings;
    const first = panels[0] && engine.runs(panels[0].id).shown;
    return html`
      <div class="panels" style="--panels: ${panels.length}">
        ${panels.map((panel, index) => this.#renderPanel(core, settings, panel, index + 1))}
      </div>
      <div class="bar" role="group" aria-label="Playback">
        <playground-transport
          .playback=${playback}
          .steps=${sampling.steps}
          .computed=${this.#computed()}
          .noiseLevels=${first?.noiseLevels ?? new Float64Array()}
          @transport=${this.#transport}
        ></playground-transport>
      </div>
      <sampling-settings
        role="group"
        aria-label="Sampling"
        .limits=${core.limits}
        .sampling=${sampling}
        ?paths=${settings.paths}
        ?followNoise=${settings.followNoise}
        @sampling-change=${({ change, settled }: SamplingChange) => {
          this.#set(changes.setSampling(settings, change));
          this.#runAll(settled);
        }}
        @show-change=${({ change }: ShowChange) => this.#set({ ...settings, ...change })}
        @new-noise=${() => {
          const seed = Math.floor(Math.random() * seedsOffered);
          this.#set(changes.newNoise(settings, seed, !this.#reducedMotion.matches));
          this.#runAll();
        }}
      ></sampling-settings>
    `;
  }

  #renderPanel(core: Core, settings: State, panel: PanelState, number: number) {
    const { shown, pending } = this.#engine!.runs(panel.id);
    return html`<playground-panel
      .core=${core}
      .state=${settings}
      .panel=${panel}
      .number=${number}
      .outlines=${this.#engine!.outlines}
      .run=${shown}
      .pending=${pending}
      .progress=${`${shown?.stepsDone}/${shown?.finished}/${pending?.stepsDone}/${pending?.networks.loaded}`}
      @scheme-chosen=${({ info }: SchemeChosen) => {
        this.#set(changes.chooseScheme(settings, panel.id, info));
        this.#run(panel.id, true);
      }}
      @scheme-change=${({ scheme, settled }: SchemeChange) => {
        this.#set(changes.setScheme(settings, panel.id, scheme));
        this.#run(panel.id, settled);
      }}
      @retry=${() => this.#run(panel.id, true)}
    ></playground-panel>`;
  }

  readonly #transport = ({ command }: TransportEvent) => {
    const settings = this.settings!;
    if (command.type === 'toggle-play') this.#set(changes.togglePlay(settings));
    else if (command.type === 'scrub') this.#set(changes.scrubTo(settings, command.position));
    else this.#set(changes.setPlayback(settings, { speed: command.speed }));
  };
}
