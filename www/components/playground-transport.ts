import { css, html, svg } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { controls } from '../styles/controls.js';
import type { SchemeTable } from '../scheme/table.js';
import type { PlaybackState } from '../state/state.js';
import { formatSigma } from '../text/format.js';
import './strip/guidance-strip.js';
import type { StripCurve } from './strip/curves.js';
import type { Scrub } from './strip/guidance-strip.js';
import { StagedElement } from './staged-element.js';

export type TransportCommand = { type: 'toggle-play' } | { type: 'scrub'; position: number } | { type: 'speed'; speed: number };

export class TransportEvent extends Event {
  constructor(readonly command: TransportCommand) {
    super('transport');
  }
}

const speeds = [0.25, 0.5, 1, 2];

const icon = (path: string) => html`<svg viewBox="0 0 16 16" aria-hidden="true">${svg`<path d=${path} />`}</svg>`;
const icons = {
  play: icon('M4 2.5v11l9-5.5z'),
  pause: icon('M4 2.5h3v11H4zM9 2.5h3v11H9z'),
  back: icon('M3 3h2v10H3zM13 3v10L6 8z'),
  forward: icon('M11 3h2v10h-2zM3 3v10l7-5z'),
  curve: icon('M2 12.5c4 0 5-9 7-9s2 5 5 5v1.5c-4 0-4-4.500-5-4.500s-3 8.500-7 8.500z'),
};

/** Where room is scarce. */
const close = css`
  .fold {
    display: grid;
  }

  select {
    --inset: var(--space-1);
  }

  :host {
    column-gap: var(--space-3);
  }
`;

/** The one clock of all panels: play, step, and the strip of weights over noise levels. */
@customElement('gp-playground-transport')
export class PlaygroundTransport extends StagedElement {
  @property({ attribute: false }) table!: SchemeTable;
  @property({ attribute: false }) playback!: PlaybackState;
  @property({ attribute: false }) steps = 1;
  /** Steps that every panel has computed. */
  @property({ attribute: false }) computed = 0;
  @property({ attribute: false }) noiseLevels = new Float64Array();
  @property({ attribute: false }) curves: StripCurve[] = [];
  @state() private unfolded = false;

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

      output {
        white-space: nowrap;
        line-height: 1.25;
        font-variant-numeric: tabular-nums;
      }

      /* As wide as it gets: the strip beside it keeps its place. */
      output::before,
      output::after {
        content: attr(data-sigma);
        display: block;
        height: 0;
        overflow: hidden;
        visibility: hidden;
        font-size: var(--size-large);
        font-weight: 550;
      }

      output::after {
        content: attr(data-step);
        font-size: var(--size-small);
        font-weight: 400;
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

      .fold {
        display: none;
      }

      /* Low as a phone on its side. */
      @media (max-height: 30rem) {
        ${close}

        :host {
          grid-template-columns: auto minmax(0, 1fr) auto auto auto;
        }
      }

      @container (max-width: 600px) {
        ${close}

        :host {
          grid-template-columns: auto minmax(0, 1fr) auto auto;
        }

        gp-guidance-strip {
          grid-row: 1;
          grid-column: 1 / -1;
        }
      }

      @container (max-width: 337px) {
        output {
          display: flex;
          gap: var(--space-3);
          align-items: baseline;
          grid-row: 2;
          grid-column: 1 / -1;
        }

        .fold {
          grid-column: 3;
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
    const widest = Array.from(this.noiseLevels, formatSigma).reduce((one, other) => (other.length > one.length ? other : one), '0.000');
    return html`
      <div class="buttons">
        <button class="play" aria-label=${playing ? 'Pause' : 'Play'} @click=${() => this.#send({ type: 'toggle-play' })}>
          ${playing ? icons.pause : icons.play}
        </button>
        <button
          aria-label="Step back"
          aria-disabled=${step === 0 ? 'true' : 'false'}
          @click=${() => this.#scrub(Math.max(step - 1, 0))}
        >
          ${icons.back}
        </button>
        <button
          aria-label="Step forward"
          aria-disabled=${step === this.steps ? 'true' : 'false'}
          @click=${() => this.#scrub(Math.min(step + 1, this.steps))}
        >
          ${icons.forward}
        </button>
      </div>
      <gp-guidance-strip
        .table=${this.table}
        ?unfolded=${this.unfolded}
        .curves=${this.curves}
        .noiseLevels=${this.noiseLevels}
        .steps=${this.steps}
        .position=${position}
        .computed=${this.computed}
        @scrub=${({ position }: Scrub) => this.#scrub(position)}
      ></gp-guidance-strip>
      <output aria-live="off" data-sigma="σ = ${widest}" data-step="step ${this.steps} of ${this.steps}">
        <div class="sigma"><i>σ</i> = ${sigma}</div>
        <div class="step">step ${step} of ${this.steps}</div>
      </output>
      <button
        class="fold"
        aria-label="Menus of the weight"
        aria-expanded=${this.unfolded ? 'true' : 'false'}
        @click=${() => (this.unfolded = !this.unfolded)}
      >
        ${icons.curve}
      </button>
      <select
        aria-label="Speed"
        @change=${({ target }: Event) => this.#send({ type: 'speed', speed: Number((target as HTMLSelectElement).value) })}
      >
        ${speeds.map((each) => html`<option value=${each} .selected=${each === speed}>${each}×</option>`)}
      </select>
    `;
  }

  /** Space plays and pauses while a slider has the focus; buttons and menus keep their own use of it. */
  readonly #playOnSpace = (event: KeyboardEvent) => {
    const [target] = event.composedPath();
    if (event.key !== ' ' || !(target instanceof Element && target.role === 'slider')) return;
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
