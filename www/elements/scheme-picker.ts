import { LitElement, css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Limits, Scheme, SchemeInfo } from '../../pkg/guidance_playground.js';
import { controls } from '../styles/controls.js';
import { renderFormula } from '../text/formula.js';
import type { RangeChange } from './range-field.js';
import './range-field.js';

export class SchemeChosen extends Event {
  constructor(readonly info: SchemeInfo) {
    super('scheme-chosen', { bubbles: true, composed: true });
  }
}

/** The scheme's parameters changed; `settled` is false while the hand still drags. */
export class SchemeChange extends Event {
  constructor(
    readonly scheme: Scheme,
    readonly settled: boolean,
  ) {
    super('scheme-change', { bubbles: true, composed: true });
  }
}

/** Which scheme a panel follows, its formula, and its parameters. */
@customElement('scheme-picker')
export class SchemePicker extends LitElement {
  @property({ attribute: false }) schemes: SchemeInfo[] = [];
  @property({ attribute: false }) limits!: Limits;
  @property() schemeId = '';
  @property({ attribute: false }) scheme!: Scheme;
  @property() label = '';

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }

      select {
        field-sizing: content;
        max-width: 100%;
        text-overflow: ellipsis;
        height: 2.25rem;
        margin-left: calc(-1 * var(--space-2));
        padding: 0 var(--space-1);
        border-color: transparent;
        background: none;
        font-size: var(--size-large);
        font-weight: 600;
        letter-spacing: -0.01em;
      }

      option {
        background: var(--surface);
        font-size: var(--size-normal);
        font-weight: 400;
      }

      .formula {
        display: block;
        margin-bottom: var(--space-1);
        font-size: 1rem;
      }

      p {
        margin: 0;
        color: var(--ink-soft);
        font-size: var(--size-small);
        line-height: 1.75rem;
      }

      range-field + range-field {
        margin-top: var(--space-1);
      }

      @media (pointer: coarse) {
        select {
          height: 2.75rem;
        }
      }
    `,
  ];

  protected override render() {
    const info = this.schemes.find(({ id }) => id === this.schemeId);
    if (!info) return nothing;
    const { guide, weight } = this.scheme;
    return html`
      <select aria-label="Scheme of ${this.label}" @change=${this.#choose}>
          ${this.schemes.map(
            ({ id, name }) => html`<option value=${id} ?selected=${id === this.schemeId}>${name}</option>`,
          )}
        </select>
      ${renderFormula(info.formula)}
      ${info.guided
        ? html`<range-field
            data-field="weight"
            label="Guidance weight"
            symbol="w"
            .range=${this.limits.weight}
            .value=${weight}
            @range-change=${({ value, settled }: RangeChange) => this.#change({ weight: value }, settled)}
          ></range-field>`
        : html`<p>No guide, so no weight to set.</p>`}
      ${info.sigmaScale && guide
        ? html`<range-field
            data-field="sigma-scale"
            label="Noise level of the guide, times"
            symbol="k"
            .range=${this.limits.sigmaScale}
            .value=${guide.sigmaScale}
            @range-change=${({ value, settled }: RangeChange) =>
              this.#change({ guide: { ...guide, sigmaScale: value } }, settled)}
          ></range-field>`
        : nothing}
    `;
  }

  #choose({ target }: Event) {
    const info = this.schemes.find(({ id }) => id === (target as HTMLSelectElement).value);
    if (info) this.dispatchEvent(new SchemeChosen(info));
  }

  #change(change: Partial<Scheme>, settled: boolean) {
    this.dispatchEvent(new SchemeChange({ ...this.scheme, ...change }, settled));
  }
}
