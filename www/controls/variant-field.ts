import { LitElement, css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { nameOf, ownRule, variantOf, type Variant, type VariantValue } from '../scheme/table.js';
import { at, withAt } from '../scheme/pointer.js';
import { controls } from '../styles/controls.js';
import { renderWhole } from '../text/formula.js';
import { renderReference } from '../text/reference.js';
import type { CurvePoint } from '../scheme/curve.js';
import type { CurveChange } from './curve-field.js';
import './curve-field.js';
import type { RangeChange } from './range-field.js';
import './range-field.js';

/** Another variant, or another number of it; `settled` is false while the hand still drags. */
export class VariantChange extends Event {
  constructor(
    readonly value: VariantValue,
    readonly settled: boolean,
  ) {
    super('variant-change');
  }
}

/** One of several variants from the core's table, what else is set of it, its parameters, and what it is. */
@customElement('gp-variant-field')
export class VariantField extends LitElement {
  @property() label = '';
  @property({ attribute: false }) variants: Variant[] = [];
  @property({ attribute: false }) value!: VariantValue;

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }

      .choice {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-2);
        align-items: center;
        justify-content: space-between;
      }

      select {
        min-width: 0;
        max-width: 100%;
      }

      p {
        margin: var(--space-1) 0 0;
        color: var(--ink-soft);
        font-size: var(--size-small);
        line-height: 1.45;
        text-wrap: pretty;
      }

      .formula {
        display: block;
        color: var(--ink);
        font-size: var(--size-normal);
      }

      a {
        color: inherit;
      }
    `,
  ];

  protected override render() {
    const variant = variantOf(this.variants, this.value);
    const curve = `/${variant.id}/points`;
    const points = at(this.value, curve) as CurvePoint[] | undefined;
    return html`
      <div class="choice">
        <label for="variant">${this.label}</label>
        <select id="variant" @change=${this.#choose}>
          ${this.variants.map(({ id, name }) => html`<option value=${id} .selected=${id === variant.id}>${name}</option>`)}
        </select>
      </div>
      <slot></slot>
      ${variant.parameters.map(
        (parameter) =>
          html`<gp-range-field
            stacked
            data-path=${parameter.path}
            .parameter=${parameter}
            .value=${(at(this.value, parameter.path) as number | undefined) ?? parameter.default}
            @range-change=${({ value, settled }: RangeChange) => this.#change(parameter.path, value, settled)}
          ></gp-range-field>`,
      )}
      ${
        points
          ? html`<gp-curve-field
            .points=${points}
            @curve-change=${({ points, settled }: CurveChange) => this.#change(curve, points, settled)}
          ></gp-curve-field>`
          : nothing
      }
      ${
        variant.id === ownRule.id
          ? nothing
          : html`<p>${renderWhole(variant.formula!)} ${variant.explanation} ${renderReference(variant.reference!)}</p>`
      }
    `;
  }

  #choose({ target }: Event) {
    const chosen = this.variants.find(({ id }) => id === (target as HTMLSelectElement).value);
    if (chosen && chosen.id !== nameOf(this.value)) this.dispatchEvent(new VariantChange(chosen.value, true));
  }

  #change(path: string, to: unknown, settled: boolean) {
    this.dispatchEvent(new VariantChange(withAt(this.value, path, to), settled));
  }
}
