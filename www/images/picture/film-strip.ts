// How one picture came about in every panel: what the scheme estimated of it, step after step.
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { controls } from '../../styles/controls.js';
import { formatSigma } from '../../text/format.js';
import type { ImagesEngine } from '../engine/engine.js';
import './thumbnail.js';

/** A step of the clock is to be shown. */
export class StepChosen extends Event {
  constructor(readonly step: number) {
    super('step-chosen', { bubbles: true, composed: true });
  }
}

@customElement('gp-film-strip')
export class FilmStrip extends LitElement {
  @property({ attribute: false }) engine: ImagesEngine | null = null;
  @property({ attribute: false }) picture = 0;
  @property({ attribute: false }) panels: { id: number; name: string }[] = [];
  /** Steps that each panel has come, so that the element renders as they advance. */
  @property({ attribute: false }) computed = '';
  @property({ attribute: false }) noiseLevels = new Float64Array();
  /** Where the clock is. */
  @property({ attribute: false }) step = 0;

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        padding-block: var(--space-3);
        border-top: 1px solid var(--line);
        font-size: var(--size-small);
      }

      p {
        margin: 0 0 var(--space-2);
        font-size: inherit;
        font-weight: 400;
        color: var(--ink-soft);
      }

      p strong {
        color: var(--ink);
        font-weight: 600;
      }

      .strip {
        display: flex;
        gap: 3px;
        margin-bottom: var(--space-3);
        overflow-x: auto;
      }

      button {
        flex: 1 0 2.5rem;
        max-width: 4.5rem;
        height: auto;
        min-height: 0;
        padding: 0 0 2px;
        border: 0;
        border-bottom: 2px solid transparent;
        border-radius: 0;
        background: none;
      }

      button[aria-pressed='true'] {
        border-bottom-color: var(--accent);
      }
    `,
  ];

  protected override render() {
    const { picture } = this;
    return html`<p><strong>Picture ${picture + 1}</strong>, from noise to its end: what each scheme estimated of it after every step. A
      step sets the clock.</p>
      ${this.panels.map(({ id, name }, index) => this.#renderStrip(id, name, index + 1))}`;
  }

  #renderStrip(panel: number, name: string, number: number) {
    const frames = [];
    for (let step = 1; ; step++) {
      const frame = this.engine?.frame(panel, step);
      if (!frame) break;
      frames.push(frame.estimates);
    }
    return html`<p>${name}</p>
      <div class="strip" role="group" aria-label="Steps of picture ${this.picture + 1} in panel ${number}">
        ${frames.map((estimates, index) => this.#renderStep(estimates, index + 1))}
      </div>`;
  }

  #renderStep(estimates: Float32Array, step: number) {
    const { world } = this.engine!;
    const data = estimates.subarray(this.picture * world!.numbers, (this.picture + 1) * world!.numbers);
    const sigma = this.noiseLevels[step - 1];
    return html`<button
      aria-pressed=${step === this.step ? 'true' : 'false'}
      aria-label="Step ${step}"
      title=${sigma === undefined ? '' : `estimated at σ = ${formatSigma(sigma)}`}
      @click=${() => this.dispatchEvent(new StepChosen(step))}
    >
      <gp-picture-thumbnail .world=${world} .data=${data}></gp-picture-thumbnail>
    </button>`;
  }
}
