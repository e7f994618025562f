import { LitElement, css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { catalogue, choiceOf, ownParts, repeatsMain, type Choice } from '../scheme/catalogue.js';
import { at, withAt } from '../scheme/pointer.js';
import type { Scheme } from '../scheme/scheme.js';
import { nearestSnapshot, trainingOf, trainingsOf } from '../scheme/snapshots.js';
import { controls } from '../styles/controls.js';
import { formatCount } from '../text/format.js';
import { renderFormula } from '../text/formula.js';
import type { RangeChange } from './range-field.js';
import './range-field.js';

export class SchemeChosen extends Event {
  constructor(readonly choice: Choice) {
    super('scheme-chosen', { bubbles: true, composed: true });
  }
}

/** Something of the scheme changed; `settled` is false while the hand still drags. */
export class SchemeChange extends Event {
  constructor(
    readonly scheme: Scheme,
    readonly settled: boolean,
  ) {
    super('scheme-change', { bubbles: true, composed: true });
  }
}

/** Which scheme a panel follows, its formula, its models, and its own parameters. */
@customElement('scheme-picker')
export class SchemePicker extends LitElement {
  @property() choice = '';
  @property({ attribute: false }) scheme!: Scheme;
  @property() label = '';

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }

      select {
        max-width: 100%;
        border-color: transparent;
        background: none;
        text-overflow: ellipsis;
      }

      .scheme {
        field-sizing: content;
        height: 2.25rem;
        margin-left: calc(-1 * var(--space-2));
        padding: 0 var(--space-1);
        font-size: var(--size-large);
        font-weight: 600;
        letter-spacing: -0.01em;
      }

      option,
      optgroup {
        background: var(--surface);
        font-size: var(--size-normal);
        font-weight: 400;
      }

      .formula {
        display: block;
        margin-bottom: var(--space-1);
        font-size: 1rem;
      }

      .models {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 0 var(--space-3);
        color: var(--ink-soft);
        font-size: var(--size-small);
      }

      .models span {
        display: flex;
        gap: var(--space-1);
        align-items: center;
        min-width: 0;
      }

      .models label {
        min-width: 2.4rem;
      }

      .models select {
        field-sizing: content;
        height: 1.75rem;
        padding: 0;
      }

      .snapshot input {
        flex: 1;
        min-width: 2rem;
        max-width: 8rem;
      }

      .iterations {
        min-width: 3.4rem;
        justify-content: end;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }

      .parameters {
        display: grid;
        grid-template-columns: auto minmax(4rem, 1fr) 4.25rem;
        gap: var(--space-1) var(--space-2);
      }

      @media (pointer: coarse) {
        .scheme,
        .models select {
          height: 2.75rem;
        }
      }
    `,
  ];

  protected override render() {
    const { scheme } = this;
    const { kind } = choiceOf(this.choice);
    const option = ({ id, name }: { id: string; name: string }) =>
      html`<option value=${id} ?selected=${id === this.choice}>${name}</option>`;
    return html`
      <select class="scheme" aria-label="Scheme of ${this.label}" @change=${this.#choose}>
        <optgroup label="Kinds of guide">
          ${catalogue.schemes.map(option)}
        </optgroup>
        <optgroup label="Presets">
          ${catalogue.presets.map(option)}
        </optgroup>
      </select>
      ${renderFormula((ownParts(kind, scheme).combination ?? kind).formula)}
      <div class="models">
        ${this.#renderModels('Main', catalogue.mains, scheme.main, (name) => {
          const next = { ...scheme, main: name };
          return next.guide && repeatsMain(kind) ? { ...next, guide: { ...next.guide, model: name } } : next;
        })}
        ${scheme.guide && kind.guides.length > 0
          ? this.#renderModels('Guide', kind.guides, scheme.guide.model, (name) => withAt(scheme, '/guide/model', name))
          : nothing}
      </div>
      <div class="parameters">
        ${kind.parameters.map((parameter) => {
          const value = at(scheme, parameter.path);
          // Another combination than the scheme's own may have taken its place.
          if (typeof value !== 'number') return nothing;
          return html`<range-field
            brief
            data-path=${parameter.path}
            .parameter=${parameter}
            .value=${value}
            @range-change=${({ value, settled }: RangeChange) =>
              this.#send(withAt(scheme, parameter.path, value), settled)}
          ></range-field>`;
        })}
      </div>
    `;
  }

  #renderModels(label: string, names: string[], chosen: string, change: (name: string) => Scheme) {
    const id = label.toLowerCase();
    const trainings = trainingsOf(names);
    const { name: training, iterations } = trainingOf(chosen);
    const { models } = trainings.find(({ name }) => name === training) ?? { models: [chosen] };
    return html`<span>
        <label for=${id}>${label}</label>
        <select
          id=${id}
          aria-label="${label} model"
          @change=${({ target }: Event) => {
            const wanted = trainings.find(({ name }) => name === (target as HTMLSelectElement).value)!;
            this.#send(change(nearestSnapshot(wanted, iterations)), true);
          }}
        >
          ${trainings.map(({ name }) => html`<option value=${name} ?selected=${name === training}>${name}</option>`)}
        </select>
      </span>
      ${models.length > 1 ? this.#renderSnapshots(label, models, chosen, change) : html`<span></span>`}`;
  }

  /** A slider along a training; a snapshot is fetched when it is first seen. */
  #renderSnapshots(label: string, models: string[], chosen: string, change: (name: string) => Scheme) {
    const { iterations } = trainingOf(chosen);
    const slide = (settled: boolean) => ({ target }: Event) =>
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

  #choose({ target }: Event) {
    this.dispatchEvent(new SchemeChosen(choiceOf((target as HTMLSelectElement).value)));
  }

  #send(scheme: Scheme, settled: boolean) {
    this.dispatchEvent(new SchemeChange(scheme, settled));
  }
}
