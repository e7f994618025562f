import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { Parameter } from '../scheme/table.js';
import { controls } from '../styles/controls.js';
import { isLetter, renderSymbol } from '../text/formula.js';
import { formatNumber, nameOf, refusalOf } from '../text/parameter.js';

/** A new value; `settled` is false while the hand still drags. */
export class RangeChange extends Event {
  constructor(
    readonly value: number,
    readonly settled: boolean,
  ) {
    super('range-change');
  }
}

/**
 * A slider over a parameter's usual values, and beside it the exact number, which may be any that the core accepts. A
 * number that it would not is answered with the range, and changes nothing.
 */
@customElement('gp-range-field')
export class RangeField extends LitElement {
  @property({ attribute: false }) parameter!: Parameter;
  @property({ type: Number }) value = 0;
  /** Instead of the parameter's name. */
  @property() label = '';
  /** In one row with the sliders above and below, by its symbol; the name stays for screen readers. */
  @property({ type: Boolean, reflect: true }) brief = false;
  /** Why what was typed cannot be. */
  @state() private complaint = '';

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-template-columns: auto minmax(4rem, 1fr) 4.25rem;
        gap: 0 var(--space-2);
        align-items: center;
      }

      :host([brief]) {
        grid-column: 1 / -1;
        grid-template-columns: subgrid;
      }

      :host([stacked]) {
        grid-template-columns: minmax(4rem, 1fr) 4.25rem;
      }

      :host([stacked]) label {
        grid-column: 1 / -1;
      }

      .symbol {
        color: var(--ink);
      }

      :host([brief]) .symbol i {
        font-size: 1.125rem;
      }

      input {
        width: 100%;
        min-width: 0;
      }

      [aria-invalid='true'] {
        border-color: var(--accent);
      }

      p {
        grid-column: 1 / -1;
        margin: 0 0 var(--space-2);
        color: var(--accent);
        font-size: var(--size-small);
        line-height: 1.35;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('value') || changed.has('parameter')) this.complaint = '';
  }

  #slide({ target, type }: Event) {
    this.complaint = '';
    this.dispatchEvent(new RangeChange((target as HTMLInputElement).valueAsNumber, type === 'change'));
  }

  #type({ target }: Event) {
    const input = target as HTMLInputElement;
    const value = input.valueAsNumber;
    // Emptied, and nothing typed in its place.
    const empty = Number.isNaN(value) && !input.validity.badInput;
    this.complaint = empty ? '' : refusalOf(value, this.parameter);
    if (empty || this.complaint) input.value = String(this.value);
    else this.dispatchEvent(new RangeChange(value, true));
  }

  protected override render() {
    const { parameter, value, complaint } = this;
    const { symbol, least, greatest, from, to, step } = parameter;
    const name = this.label || nameOf(parameter);
    return html`
      <label for="slider" title=${this.brief ? name : nothing}>
        ${
          this.brief
            ? html`<span class="symbol" aria-hidden="true">${renderSymbol(symbol)}</span
              ><span class="visually-hidden">${name}</span>`
            : html`${name}${isLetter(symbol) ? html` <span class="symbol" aria-hidden="true">${renderSymbol(symbol)}</span>` : nothing}`
        }
      </label>
      <input
        id="slider"
        type="range"
        min=${from}
        max=${to}
        step=${step}
        aria-valuetext=${formatNumber(value)}
        .value=${String(value)}
        @input=${this.#slide}
        @change=${this.#slide}
      />
      <input
        type="number"
        aria-label="${name}, exact"
        aria-invalid=${complaint ? 'true' : 'false'}
        aria-describedby=${complaint ? 'complaint' : nothing}
        min=${least}
        max=${greatest}
        step=${step}
        .value=${live(String(value))}
        @change=${this.#type}
      />
      ${complaint ? html`<p id="complaint" role="alert">${complaint}</p>` : nothing}
    `;
  }
}
