import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { at, withAt } from '../scheme/pointer.js';
import type { Control } from '../scheme/table.js';
import type { Lab, LabExplorer } from '../lab/lab.js';
import type { SamplingState } from '../state/state.js';
import { controls } from '../styles/controls.js';
import { quietSummary } from '../styles/quiet-summary.js';
import { capitalised, formatCount } from '../text/format.js';
import type { NumberTyped } from '../controls/number-field.js';
import '../controls/number-field.js';
import type { RangeChange } from '../controls/range-field.js';
import '../controls/range-field.js';
import { StagedElement } from './staged-element.js';
import type { VariantChange } from '../controls/variant-field.js';
import '../controls/variant-field.js';

export class SamplingChange extends Event {
  constructor(
    readonly change: Partial<SamplingState>,
    readonly settled = true,
  ) {
    super('sampling-change');
  }
}

/** What all panels share, and what is shown of it. */
@customElement('gp-sampling-settings')
export class SamplingSettings extends StagedElement {
  @property({ attribute: false }) lab!: Lab;
  @property({ attribute: false }) explorer: LabExplorer | null = null;
  @property({ attribute: false }) sampling!: SamplingState;
  @property({ attribute: false }) look!: object;
  @state() private open = false;

  static override styles = [
    controls,
    quietSummary,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-6);
        align-items: center;
      }

      .field {
        max-width: 100%;
      }

      .field select {
        min-width: 0;
      }

      .field,
      .checks label {
        display: inline-flex;
        gap: var(--space-2);
        align-items: center;
      }

      gp-range-field {
        width: 15rem;
      }

      details {
        flex-basis: 100%;
      }

      .levels {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr));
        gap: var(--space-2) var(--space-6);
        align-items: start;
        padding-top: var(--space-2);
      }

      .levels gp-range-field {
        width: auto;
      }

      .checks {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-4);
      }

      input[type='checkbox'] {
        width: 1rem;
        height: 1rem;
      }

      @media (pointer: coarse) {
        .checks label,
        summary {
          min-height: 2.75rem;
          line-height: 2.75rem;
        }
      }
    `,
  ];

  protected override render() {
    const { samples } = this.lab;
    const { seed } = this.sampling;
    const [steps, ...others] = this.lab.schemes.catalogue.levels;
    return html`
      <span class="field">
        <gp-number-field
          label="Seed"
          what="The seed"
          .value=${seed}
          @number-typed=${({ value }: NumberTyped) => this.dispatchEvent(new SamplingChange({ seed: value }))}
        ></gp-number-field>
        <button @click=${() => this.dispatchEvent(new Event('new-noise'))}>New noise</button>
      </span>
      ${this.explorer?.renderData(this.sampling)}
      ${this.#renderLevel(steps!, 'Steps')}
      <span class="field">
        <label for=${samples.many}>${capitalised(samples.many)}</label>
        <select id=${samples.many} @change=${this.#chooseCount}>
          ${samples.choices.map(
            (count) => html`<option value=${count} .selected=${count === samples.of(this.sampling)}>${formatCount(count)}</option>`,
          )}
        </select>
      </span>
      ${this.explorer?.renderLook(this.look)}
      <details @toggle=${({ target }: Event) => (this.open = (target as HTMLDetailsElement).open)}>
        <summary>Noise levels</summary>
        ${
          this.open
            ? html`<div class="levels">
              <gp-variant-field
                data-field="spacing"
                label="Spacing"
                .variants=${this.lab.schemes.catalogue.spacings}
                .value=${this.sampling.levels.spacing}
                @variant-change=${({ value, settled }: VariantChange) =>
                  this.#change(withAt(this.sampling, '/levels/spacing', value), settled)}
              ></gp-variant-field>
              ${others.map((parameter) => this.#renderLevel(parameter))}
            </div>`
            : nothing
        }
      </details>
    `;
  }

  #renderLevel(parameter: Control, label = '') {
    return html`<gp-range-field
      ?stacked=${!label}
      data-path=${parameter.path}
      label=${label}
      .parameter=${parameter}
      .value=${at(this.sampling, parameter.path) as number}
      @range-change=${({ value, settled }: RangeChange) => this.#change(withAt(this.sampling, parameter.path, value), settled)}
    ></gp-range-field>`;
  }

  #change({ levels }: SamplingState, settled: boolean) {
    this.dispatchEvent(new SamplingChange({ levels }, settled));
  }

  #chooseCount({ target }: Event) {
    this.dispatchEvent(new SamplingChange(this.lab.samples.set(Number((target as HTMLSelectElement).value))));
  }
}
