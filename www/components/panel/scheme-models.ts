import { LitElement, css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { LabBasis } from '../../state/lab.js';
import type { SamplingState } from '../../state/state.js';
import { withMain } from '../../scheme/own-network.js';
import type { ModelName, Scheme } from '../../scheme/scheme.js';
import { nearestSnapshot, trainingOf, trainingsOf } from '../../scheme/snapshots.js';
import { textOf, withGuide } from '../../scheme/table.js';
import { controls } from '../../styles/controls.js';
import { formatCount } from '../../text/format.js';
import { SchemeChange } from './scheme-picker.js';

/** The models of a panel's scheme, and how far each was trained. */
@customElement('gp-scheme-models')
export class SchemeModels extends LitElement {
  @property({ attribute: false }) lab!: LabBasis;
  @property() choice = '';
  @property({ attribute: false }) scheme!: Scheme;
  /** What the data are. */
  @property({ attribute: false }) sampling!: SamplingState;
  /** Networks of the visitor's own. */
  @property({ attribute: false }) own: readonly string[] = [];

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }

      .models {
        color: var(--ink-soft);
        font-size: var(--size-small);
      }

      /* Side by side where there is room. */
      .model {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--space-3);
      }

      .model > span {
        display: flex;
        flex: 1 1 6.5rem;
        gap: var(--space-1);
        align-items: center;
        min-width: 0;
      }

      .model > .name {
        flex: 0 0 auto;
        min-width: min(9.5rem, 100%);
        max-width: 100%;
      }

      .models label {
        min-width: 2.4rem;
      }

      .models select {
        --inset: var(--space-1);
        min-width: 0;
        max-width: 100%;
        height: 1.75rem;
        border-color: transparent;
        background-color: transparent;
      }

      .snapshot input {
        flex: 1;
        min-width: 2rem;
        max-width: 8rem;
      }

      .iterations {
        min-width: 3.4rem;
        text-align: right;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }

      @media (pointer: coarse) {
        .models select {
          height: 2.75rem;
        }
      }
    `,
  ];

  protected override render() {
    const { scheme } = this;
    const table = this.lab.schemes;
    const { kind } = table.choiceOf(this.choice);
    return html`
      <div class="models">
        ${this.#renderModels('Main', table.mains, scheme.main, (name) => withMain(table, this.choice, scheme, name))}
        ${
          scheme.guide && kind.guides.length > 0
            ? this.#renderModels('Guide', kind.guides, scheme.guide, (name) => withGuide(scheme, name))
            : nothing
        }
      </div>
    `;
  }

  #renderModels(label: string, shipped: string[], name: ModelName, to: (name: ModelName) => Scheme) {
    const table = this.lab.schemes;
    const id = label.toLowerCase();
    const chosen = textOf(name);
    const change = (text: string) => to(table.modelName(table.partsOf(text)));
    const known = shipped.filter((name) => this.lab.knows(name, this.sampling));
    const names = [...known, ...this.own.filter((name) => this.lab.knows(name, this.sampling))];
    // An address can name one that is not here.
    const trainings = trainingsOf(table, names.includes(chosen) ? names : [...names, chosen]);
    const { name: training, iterations } = trainingOf(this.lab.schemes, chosen);
    const { models } = trainings.find(({ name }) => name === training)!;
    return html`<div class="model"><span class="name">
        <label for=${id}>${label}</label>
        <select
          id=${id}
          aria-label="${label} model"
          @change=${({ target }: Event) => {
            const wanted = trainings.find(({ name }) => name === (target as HTMLSelectElement).value)!;
            this.#send(change(nearestSnapshot(table, wanted, iterations)), true);
          }}
        >
          ${trainings.map(({ name }) => html`<option value=${name} .selected=${name === training}>${name}</option>`)}
        </select>
      </span>
      ${models.length > 1 ? this.#renderSnapshots(label, models, chosen, change) : nothing}
    </div>`;
  }

  /** A slider along a training; a snapshot is fetched when it is first seen. */
  #renderSnapshots(label: string, models: string[], chosen: string, change: (name: string) => Scheme) {
    const { iterations } = trainingOf(this.lab.schemes, chosen);
    const slide =
      (settled: boolean) =>
      ({ target }: Event) =>
        this.#send(change(models[(target as HTMLInputElement).valueAsNumber]!), settled);
    return html`<span class="snapshot">
      <input
        type="range"
        aria-label="Snapshot of the ${label.toLowerCase()}"
        aria-valuetext="${iterations} iterations"
        min="0"
        max=${models.length - 1}
        .value=${String(models.indexOf(chosen))}
        @input=${slide(false)}
        @change=${slide(true)}
      />
      <span class="iterations" title="Iterations of training">${formatCount(iterations ?? 0)} it.</span>
    </span>`;
  }

  #send(scheme: Scheme, settled: boolean) {
    this.dispatchEvent(new SchemeChange(scheme, settled));
  }
}
