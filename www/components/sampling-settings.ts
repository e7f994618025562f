import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { fields } from '../plane/explanation/fields.js';
import { greatestTreeSeed, treeSeed } from '../plane/distribution.js';
import { at, withAt } from '../scheme/pointer.js';
import type { Control, SchemeTable } from '../scheme/table.js';
import { particles as counts, type PlaneSampling } from '../plane/state/state.js';
import type { LookState } from '../plane/state/look.js';
import type { FieldName } from '../plane/explanation/settings.js';
import { controls } from '../styles/controls.js';
import { formatCount } from '../text/format.js';
import type { NumberTyped } from '../controls/number-field.js';
import '../controls/number-field.js';
import type { RangeChange } from '../controls/range-field.js';
import '../controls/range-field.js';
import { StagedElement } from './staged-element.js';
import type { VariantChange } from '../controls/variant-field.js';
import '../controls/variant-field.js';

export class SamplingChange extends Event {
  constructor(
    readonly change: Partial<PlaneSampling>,
    readonly settled = true,
  ) {
    super('sampling-change');
  }
}

export class LookChange extends Event {
  constructor(readonly change: Partial<LookState>) {
    super('look-change');
  }
}

/** What all panels share, and what is shown of it. */
@customElement('gp-sampling-settings')
export class SamplingSettings extends StagedElement {
  @property({ attribute: false }) table!: SchemeTable;
  @property({ attribute: false }) sampling!: PlaneSampling;
  @property({ attribute: false }) look!: LookState;
  @state() private open = false;

  static override styles = [
    controls,
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

      summary {
        width: fit-content;
        color: var(--ink-soft);
        font-size: var(--size-small);
        line-height: 1.75rem;
        cursor: pointer;
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
    const { particles, seed } = this.sampling;
    const [steps, ...others] = this.table.catalogue.levels;
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
      ${this.#renderDistribution()}
      ${this.#renderLevel(steps!, 'Steps')}
      <span class="field">
        <label for="particles">Particles</label>
        <select id="particles" @change=${this.#chooseParticles}>
          ${counts.choices.map((count) => html`<option value=${count} .selected=${count === particles}>${formatCount(count)}</option>`)}
        </select>
      </span>
      <span class="checks">
        ${this.#renderCheck('Paths', this.look.paths, (paths) => ({ paths }))}
        ${this.#renderCheck('Follow the noise', this.look.followNoise, (followNoise) => ({ followNoise }))}
        ${this.#renderCheck('Shade by density', this.look.shading === 'density', (on) => ({
          shading: on ? 'density' : 'points',
        }))}
        ${this.#renderCheck('Coverage of branches', this.look.coverage, (coverage) => ({ coverage }))}
      </span>
      <span class="field">
        <label for="field">Field</label>
        <select id="field" @change=${this.#chooseField}>
          <option value="" .selected=${this.look.field === null}>None</option>
          ${Object.entries(fields).map(
            ([field, { name }]) => html`<option value=${field} .selected=${field === this.look.field}>${name}</option>`,
          )}
        </select>
      </span>
      <details @toggle=${({ target }: Event) => (this.open = (target as HTMLDetailsElement).open)}>
        <summary>Noise levels</summary>
        ${
          this.open
            ? html`<div class="levels">
              <gp-variant-field
                data-field="spacing"
                label="Spacing"
                .variants=${this.table.catalogue.spacings}
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

  #renderDistribution() {
    const { distribution } = this.sampling;
    const number = treeSeed(distribution);
    return html`<span class="field">
      <label for="distribution">Data</label>
      <select id="distribution" @change=${this.#chooseDistribution}>
        ${this.table.catalogue.distributions.map(({ id, name }) => {
          // A tree is a tree, whatever its number.
          const chosen = id === distribution || (number !== null && treeSeed(id) !== null);
          return html`<option value=${id} .selected=${chosen}>${name}</option>`;
        })}
      </select>
      ${
        number === null
          ? nothing
          : html`<gp-number-field
            brief
            label="Number of the tree"
            what="The number of the tree"
            title="The seed that the tree grows from; the paper’s is 2, and no network knows another"
            .greatest=${greatestTreeSeed}
            .value=${number}
            @number-typed=${({ value }: NumberTyped) => this.#turnTo(`tree-${value}`)}
          ></gp-number-field>`
      }
    </span>`;
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

  #change({ levels }: PlaneSampling, settled: boolean) {
    this.dispatchEvent(new SamplingChange({ levels }, settled));
  }

  #chooseDistribution({ target }: Event) {
    this.#turnTo((target as HTMLSelectElement).value);
  }

  #turnTo(distribution: string) {
    this.dispatchEvent(new SamplingChange({ distribution }));
    // What was looked at closely, or cut through, is elsewhere now.
    this.dispatchEvent(new LookChange({ view: null, cut: null }));
  }

  #chooseParticles({ target }: Event) {
    this.dispatchEvent(new SamplingChange({ particles: Number((target as HTMLSelectElement).value) }));
  }

  #renderCheck(name: string, checked: boolean, change: (on: boolean) => Partial<LookState>) {
    const send = ({ target }: Event) => this.dispatchEvent(new LookChange(change((target as HTMLInputElement).checked)));
    return html`<label><input type="checkbox" .checked=${checked} @change=${send} /> ${name}</label>`;
  }

  #chooseField({ target }: Event) {
    this.dispatchEvent(new LookChange({ field: ((target as HTMLSelectElement).value as FieldName) || null }));
  }
}
