import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Range } from '../../pkg/guidance_playground.js';
import { controls } from '../styles/controls.js';

/** A new value; `settled` is false while the hand still drags. */
export class RangeChange extends Event {
  constructor(
    readonly value: number,
    readonly settled: boolean,
  ) {
    super('range-change', { bubbles: true, composed: true });
  }
}

/** A slider and the exact number beside it. */
@customElement('range-field')
export class RangeField extends LitElement {
  @property() label = '';
  /** Shown instead of the label, as a formula's letter; the label stays for screen readers. */
  @property() symbol = '';
  @property({ type: Number }) value = 0;
  @property({ attribute: false }) range!: Range;

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-template-columns: auto minmax(4rem, 1fr) 4.25rem;
        gap: var(--space-2);
        align-items: center;
      }

      .symbol {
        display: inline-block;
        min-width: 0.75rem;
        color: var(--ink);
        font: italic 1.125rem var(--font-math);
      }

      input {
        width: 100%;
        min-width: 0;
      }
    `,
  ];

  #slide({ target, type }: Event) {
    this.dispatchEvent(new RangeChange((target as HTMLInputElement).valueAsNumber, type === 'change'));
  }

  #type({ target }: Event) {
    const input = target as HTMLInputElement;
    const { min, max, step } = this.range;
    if (Number.isNaN(input.valueAsNumber)) {
      input.value = String(this.value);
      return;
    }
    const value = Math.min(Math.max(step === 1 ? Math.round(input.valueAsNumber) : input.valueAsNumber, min), max);
    input.value = String(value);
    this.dispatchEvent(new RangeChange(value, true));
  }

  protected override render() {
    const { min, max, step } = this.range;
    return html`
      <label for="slider">
        ${this.symbol
          ? html`<span class="symbol" aria-hidden="true">${this.symbol}</span
              ><span class="visually-hidden">${this.label}</span>`
          : this.label}
      </label>
      <input
        id="slider"
        type="range"
        min=${min}
        max=${max}
        step=${step}
        .value=${String(this.value)}
        @input=${this.#slide}
        @change=${this.#slide}
      />
      <input
        type="number"
        aria-label="${this.label}, exact"
        min=${min}
        max=${max}
        step=${step}
        .value=${String(this.value)}
        @change=${this.#type}
      />
    `;
  }
}
