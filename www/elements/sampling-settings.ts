import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Limits } from '../../pkg/guidance_playground.js';
import type { SamplingState, State } from '../state/state.js';
import { controls } from '../styles/controls.js';
import { formatCount } from '../text/format.js';
import type { RangeChange } from './range-field.js';
import './range-field.js';

export class SamplingChange extends Event {
  constructor(
    readonly change: Partial<SamplingState>,
    readonly settled = true,
  ) {
    super('sampling-change');
  }
}

export class ShowChange extends Event {
  constructor(readonly change: Partial<Pick<State, 'paths' | 'followNoise'>>) {
    super('show-change');
  }
}

const particleChoices = [512, 1024, 2048, 4096, 8192, 16_384];

/** What all panels share, and what is shown of it. */
@customElement('sampling-settings')
export class SamplingSettings extends LitElement {
  @property({ attribute: false }) limits!: Limits;
  @property({ attribute: false }) sampling!: SamplingState;
  @property({ type: Boolean }) paths = false;
  @property({ type: Boolean }) followNoise = false;

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-6);
        align-items: center;
      }

      .field,
      .checks label {
        display: inline-flex;
        gap: var(--space-2);
        align-items: center;
      }

      range-field {
        width: 15rem;
      }

      input[type='number'] {
        width: 6.5rem;
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
        .checks label {
          min-height: 2.75rem;
        }
      }
    `,
  ];

  protected override render() {
    const { solver, steps, particles, seed } = this.sampling;
    const choices = particleChoices.filter(
      (count) => count >= this.limits.particles.min && count <= this.limits.particles.max,
    );
    return html`
      <span class="field">
        <label for="seed">Seed</label>
        <input
          id="seed"
          type="number"
          min="0"
          max=${Number.MAX_SAFE_INTEGER}
          step="1"
          .value=${String(seed)}
          @change=${this.#typeSeed}
        />
        <button @click=${() => this.dispatchEvent(new Event('new-noise'))}>New noise</button>
      </span>
      <range-field
        label="Steps"
        .range=${this.limits.steps}
        .value=${steps}
        @range-change=${({ value, settled }: RangeChange) =>
          this.dispatchEvent(new SamplingChange({ steps: Math.round(value) }, settled))}
      ></range-field>
      <span class="field">
        <label for="solver">Solver</label>
        <select id="solver" @change=${this.#chooseSolver}>
          <option value="heun" ?selected=${solver === 'heun'}>Heun</option>
          <option value="euler" ?selected=${solver === 'euler'}>Euler</option>
        </select>
      </span>
      <span class="field">
        <label for="particles">Particles</label>
        <select id="particles" @change=${this.#chooseParticles}>
          ${choices.map(
            (count) => html`<option value=${count} ?selected=${count === particles}>${formatCount(count)}</option>`,
          )}
        </select>
      </span>
      <span class="checks">
        <label>
          <input type="checkbox" .checked=${this.paths} @change=${this.#show('paths')} />
          Paths
        </label>
        <label>
          <input type="checkbox" .checked=${this.followNoise} @change=${this.#show('followNoise')} />
          Follow the noise
        </label>
      </span>
    `;
  }

  #typeSeed({ target }: Event) {
    const input = target as HTMLInputElement;
    const valid = input.value !== '' && input.validity.valid;
    if (valid) this.dispatchEvent(new SamplingChange({ seed: input.valueAsNumber }));
    else input.value = String(this.sampling.seed);
  }

  #chooseSolver({ target }: Event) {
    const solver = (target as HTMLSelectElement).value as SamplingState['solver'];
    this.dispatchEvent(new SamplingChange({ solver }));
  }

  #chooseParticles({ target }: Event) {
    this.dispatchEvent(new SamplingChange({ particles: Number((target as HTMLSelectElement).value) }));
  }

  #show(setting: 'paths' | 'followNoise') {
    return ({ target }: Event) =>
      this.dispatchEvent(new ShowChange({ [setting]: (target as HTMLInputElement).checked }));
  }
}
