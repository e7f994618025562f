import { LitElement, css, html, svg } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { controls } from '../styles/controls.js';
import type { PlaybackState } from '../state/state.js';
import { formatSigma } from '../text/format.js';

export type TransportCommand = { type: 'toggle-play' } | { type: 'scrub'; position: number } | { type: 'speed'; speed: number };

export class TransportEvent extends Event {
  constructor(readonly command: TransportCommand) {
    super('transport');
  }
}

const speeds = [0.25, 0.5, 1, 2];
/** Noise levels named under the slider. */
const marks = 4;

const icon = (path: string) => html`<svg viewBox="0 0 16 16" aria-hidden="true">${svg`<path d=${path} />`}</svg>`;
const icons = {
  play: icon('M4 2.5v11l9-5.5z'),
  pause: icon('M4 2.5h3v11H4zM9 2.5h3v11H9z'),
  back: icon('M3 3h2v10H3zM13 3v10L6 8z'),
  forward: icon('M11 3h2v10h-2zM3 3v10l7-5z'),
};

/** The one clock of all panels: play, step, and a slider over the noise levels. */
@customElement('playground-transport')
export class PlaygroundTransport extends LitElement {
  @property({ attribute: false }) playback!: PlaybackState;
  @property({ attribute: false }) steps = 1;
  /** Steps that every panel has computed. */
  @property({ attribute: false }) computed = 0;
  @property({ attribute: false }) noiseLevels = new Float64Array();

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto auto;
        gap: var(--space-1) var(--space-4);
        align-items: center;
      }

      .buttons {
        display: flex;
        gap: var(--space-1);
        align-items: center;
      }

      button {
        display: grid;
        place-items: center;
        width: 2.25rem;
        height: 2.25rem;
        padding: 0;
        border-radius: 50%;
      }

      button.play {
        width: 2.75rem;
        height: 2.75rem;
        border-color: var(--ink);
        background: var(--ink);
        color: var(--page);
      }

      svg {
        width: 1rem;
        fill: currentcolor;
      }

      .scrub {
        position: relative;
        padding-bottom: 1.125rem;
      }

      .scrub input {
        display: block;
        width: 100%;
        --track: linear-gradient(
          to right,
          var(--ink) var(--played),
          var(--line-strong) var(--played),
          var(--line-strong) var(--computed),
          var(--line) var(--computed)
        );
      }

      .marks {
        position: absolute;
        inset: auto 0.5rem 0;
        height: 1.125rem;
        color: var(--ink-soft);
        font-size: 0.75rem;
        font-variant-numeric: tabular-nums;
      }

      .marks span {
        position: absolute;
        transform: translateX(-50%);
        white-space: nowrap;
      }

      .marks span:first-child {
        transform: translateX(-0.5rem);
      }

      output {
        min-width: 6.5rem;
        line-height: 1.25;
        font-variant-numeric: tabular-nums;
      }

      output .sigma {
        font-size: var(--size-large);
        font-weight: 550;
      }

      output .sigma i {
        font-family: var(--font-math);
        font-weight: 400;
      }

      output .step {
        color: var(--ink-soft);
        font-size: var(--size-small);
      }

      @media (max-width: 40rem) {
        :host {
          grid-template-columns: auto minmax(0, 1fr) auto;
          column-gap: var(--space-3);
        }

        .scrub {
          grid-row: 1;
          grid-column: 1 / -1;
        }
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    this.addEventListener('keydown', this.#playOnSpace);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.removeEventListener('keydown', this.#playOnSpace);
  }

  protected override render() {
    const { playing, position, speed } = this.playback;
    const step = Math.round(position);
    const level = this.noiseLevels[step];
    const sigma = level === undefined ? '…' : formatSigma(level);
    const share = (of: number) => `calc(0.5rem + ${of / this.steps} * (100% - 1rem))`;
    return html`
      <div class="buttons">
        <button class="play" aria-label=${playing ? 'Pause' : 'Play'} @click=${() => this.#send({ type: 'toggle-play' })}>
          ${playing ? icons.pause : icons.play}
        </button>
        <button aria-label="Step back" ?disabled=${step === 0} @click=${() => this.#scrub(step - 1)}>${icons.back}</button>
        <button aria-label="Step forward" ?disabled=${step === this.steps} @click=${() => this.#scrub(step + 1)}>
          ${icons.forward}
        </button>
      </div>
      <div class="scrub">
        <input
          type="range"
          aria-label="Noise level"
          aria-valuetext="sigma ${sigma}, step ${step} of ${this.steps}"
          min="0"
          max=${this.steps}
          step=${playing ? 'any' : '1'}
          .value=${String(position)}
          style="--played: ${share(position)}; --computed: ${share(this.computed)}"
          @input=${({ target }: Event) => this.#scrub(Math.round((target as HTMLInputElement).valueAsNumber))}
        />
        <div class="marks" aria-hidden="true">${this.#marks()}</div>
      </div>
      <output aria-live="off">
        <div class="sigma"><i>σ</i> = ${sigma}</div>
        <div class="step">step ${step} of ${this.steps}</div>
      </output>
      <select
        aria-label="Speed"
        @change=${({ target }: Event) => this.#send({ type: 'speed', speed: Number((target as HTMLSelectElement).value) })}
      >
        ${speeds.map((each) => html`<option value=${each} ?selected=${each === speed}>${each}×</option>`)}
      </select>
    `;
  }

  #marks() {
    if (this.noiseLevels.length === 0) return [];
    return Array.from({ length: marks + 1 }, (_, mark) => {
      const step = Math.round((mark / marks) * this.steps);
      return html`<span style="left: ${(100 * step) / this.steps}%">${formatSigma(this.noiseLevels[step]!)}</span>`;
    });
  }

  /** Space plays and pauses while the slider has the focus; buttons and menus keep their own use of it. */
  readonly #playOnSpace = (event: KeyboardEvent) => {
    if (event.key !== ' ' || !(event.composedPath()[0] instanceof HTMLInputElement)) return;
    event.preventDefault();
    this.#send({ type: 'toggle-play' });
  };

  #scrub(position: number) {
    this.#send({ type: 'scrub', position });
  }

  #send(command: TransportCommand) {
    this.dispatchEvent(new TransportEvent(command));
  }
}
