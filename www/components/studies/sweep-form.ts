import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Chosen } from '../../scheme/address.js';
import type { Lab } from '../../lab/lab.js';
import type { Choice, Control } from '../../scheme/table.js';
import type { PanelState, SamplingState } from '../../state/state.js';
import { valuesBetween } from '../../study/range.js';
import { seedsFrom } from '../../study/seeds.js';
import { numbersOf, type SweepPlan } from '../../study/sweep.js';
import { controls } from '../../styles/controls.js';
import { capitalised, formatCount, formatDuration } from '../../text/format.js';
import { isLetter, plainSymbol } from '../../text/formula.js';
import { formatNumber, nameOf } from '../../text/parameter.js';
import { titleOf } from '../../text/title.js';

export class SweepWanted extends Event {
  constructor(readonly plan: SweepPlan) {
    super('sweep-wanted');
  }
}

const pointLimits = { least: 2, greatest: 41 };
const mostSeeds = 5;

/** What is to be swept: of which scheme, over which range, how finely, and how surely. */
@customElement('gp-sweep-form')
export class SweepForm extends LitElement {
  @property({ attribute: false }) lab!: Lab;
  @property({ attribute: false }) panels: readonly PanelState[] = [];
  @property({ attribute: false }) sampling!: SamplingState;
  /** Samples times steps a second, or 0. */
  @property({ attribute: false }) pace = 0;
  /** A panel by its number of its own, or a choice of the table. */
  @state() private base: number | string | null = null;
  @state() private path = '/weight';
  /** What was typed; null stands for what the number usually ranges over. */
  @state() private from: number | null = null;
  @state() private to: number | null = null;
  @state() private count = 11;
  @state() private seeds = 1;
  /** Chosen here; null for as many as the panels have, within measure. */
  @state() private chosenCount: number | null = null;
  @state() private complaint = '';

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }

      form {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 9rem), 1fr));
        gap: var(--space-2) var(--space-4);
        align-items: end;
        max-width: 60rem;
      }

      .field {
        display: grid;
        gap: var(--space-1);
        min-width: 0;
      }

      .wide {
        grid-column: span 2;
      }

      input,
      select {
        width: 100%;
        min-width: 0;
      }

      .run {
        display: flex;
        flex-wrap: wrap;
        grid-column: 1 / -1;
        gap: var(--space-2) var(--space-4);
        align-items: center;
        color: var(--ink-soft);
        font-size: var(--size-small);
      }

      button {
        border-color: var(--ink);
      }

      p {
        grid-column: 1 / -1;
        margin: 0;
        color: var(--accent);
        font-size: var(--size-small);
      }

      @container (max-width: 352px) {
        .wide {
          grid-column: 1 / -1;
        }
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>) {
    if (!changed.has('panels') || typeof this.base === 'string') return;
    // The last panel that is guided, which is mostly the newest idea.
    if (!this.panels.some(({ id }) => id === this.base)) {
      this.base = (this.panels.findLast(({ scheme }) => scheme.guide) ?? this.panels[0])?.id ?? null;
    }
  }

  /** At first no more than usual: a sweep has many runs. */
  get #count(): number {
    const { of, usual } = this.lab.samples;
    return this.chosenCount ?? Math.min(of(this.sampling), usual.few);
  }

  /** What is swept, with the noise levels that all panels share. */
  get #chosen(): Chosen | null {
    const { base, panels, sampling, lab } = this;
    if (typeof base === 'string') {
      return lab.fit({ choice: base, scheme: { ...lab.schemes.choiceOf(base).scheme, levels: sampling.levels } }, sampling);
    }
    const panel = panels.find(({ id }) => id === base);
    return panel ? { choice: panel.choice, scheme: { ...panel.scheme, levels: sampling.levels } } : null;
  }

  protected override render() {
    const chosen = this.#chosen;
    if (!chosen) return nothing;
    const { samples } = this.lab;
    const parameters = numbersOf(this.lab.schemes, chosen.choice, chosen.scheme);
    const parameter = parameters.find(({ path }) => path === this.path) ?? parameters[0]!;
    const from = this.from ?? parameter.from;
    const to = this.to ?? parameter.to;
    return html`<form novalidate @submit=${(event: Event) => this.#submit(event, chosen, parameter)}>
      <div class="field wide">
        <label for="base">Scheme</label>
        <select id="base" @change=${this.#chooseBase}>
          <optgroup label="Panels">
            ${this.panels.map(
              ({ id, choice, scheme }, index) =>
                html`<option value="panel-${id}" .selected=${id === this.base}>
                  Panel ${index + 1}: ${titleOf(this.lab.schemes, choice, scheme)}
                </option>`,
            )}
          </optgroup>
          <optgroup label="Kinds of guide">${this.lab.schemes.catalogue.schemes.map(this.#renderChoice)}</optgroup>
          <optgroup label="Presets">${this.lab.schemes.catalogue.presets.map(this.#renderChoice)}</optgroup>
        </select>
      </div>
      <div class="field wide">
        <label for="parameter">Parameter</label>
        <select id="parameter" @change=${this.#chooseParameter}>
          ${parameters.map(
            (each) =>
              html`<option value=${each.path} .selected=${each === parameter}>
                ${nameOf(each)}${isLetter(each.symbol) ? `, ${plainSymbol(each.symbol)}` : ''}
              </option>`,
          )}
        </select>
      </div>
      ${this.#renderNumber('from', 'From', from, parameter.step, (value) => (this.from = value))}
      ${this.#renderNumber('to', 'To', to, parameter.step, (value) => (this.to = value))}
      ${this.#renderNumber('count', 'Points', this.count, 1, (value) => (this.count = value))}
      ${this.#renderMenu('seeds', 'Seeds', [1, 2, 3, 4, mostSeeds], this.seeds, (value) => (this.seeds = value))}
      ${this.#renderMenu(`sweep-${samples.many}`, capitalised(samples.many), samples.choices, this.#count, (value) => (this.chosenCount = value))}
      ${this.complaint ? html`<p role="alert">${this.complaint}</p>` : nothing}
      <div class="run">
        <button type="submit">Run the sweep</button>
        <span data-forecast>${this.#forecast(chosen, parameter, from, to)}</span>
      </div>
    </form>`;
  }

  readonly #renderChoice = ({ id, name }: Pick<Choice, 'id' | 'name'>) =>
    html`<option value=${id} .selected=${id === this.base}>${name}</option>`;

  #renderNumber(id: string, label: string, value: number, step: number, set: (value: number) => void) {
    return html`<div class="field">
      <label for=${id}>${label}</label>
      <input
        id=${id}
        type="number"
        step=${step}
        .value=${String(value)}
        @change=${({ target }: Event) => {
          this.complaint = '';
          set((target as HTMLInputElement).valueAsNumber);
        }}
      />
    </div>`;
  }

  #renderMenu(id: string, label: string, values: readonly number[], chosen: number, set: (value: number) => void) {
    return html`<div class="field">
      <label for=${id}>${label}</label>
      <select id=${id} @change=${({ target }: Event) => set(Number((target as HTMLSelectElement).value))}>
        ${values.map((value) => html`<option value=${value} .selected=${value === chosen}>${formatCount(value)}</option>`)}
      </select>
    </div>`;
  }

  #forecast({ scheme }: Chosen, parameter: Control, from: number, to: number): string {
    if (this.#object(parameter, from, to)) return '';
    const values = valuesBetween(from, to, this.count, parameter.whole);
    const runs = `${formatCount(values.length * this.seeds)} runs`;
    if (this.pace === 0) return runs;
    const steps = parameter.path === '/levels/steps' ? (from + to) / 2 : scheme.levels.steps;
    const seconds = (values.length * this.seeds * this.#count * steps) / this.pace;
    return `${runs}, about ${formatDuration(1000 * seconds)}`;
  }

  #chooseBase({ target }: Event) {
    const { value } = target as HTMLSelectElement;
    this.base = value.startsWith('panel-') ? Number(value.slice('panel-'.length)) : value;
    this.#forgetRange();
  }

  #chooseParameter({ target }: Event) {
    this.path = (target as HTMLSelectElement).value;
    this.#forgetRange();
  }

  #forgetRange() {
    this.from = this.to = null;
    this.complaint = '';
  }

  /** Why a range cannot be swept, in a sentence; empty where it can. */
  #object({ name, least, greatest, whole }: Control, from: number, to: number): string {
    const { count } = this;
    if (Number.isNaN(from) || Number.isNaN(to)) return 'From and To have to be numbers.';
    if (from < least || to > greatest) {
      return `${name} must be between ${formatNumber(least)} and ${formatNumber(greatest)}.`;
    }
    if (from >= to) return 'The range has to end above where it begins.';
    if (whole && !(Number.isInteger(from) && Number.isInteger(to))) return `${name} must be a whole number.`;
    const { least: fewest, greatest: most } = pointLimits;
    return Number.isInteger(count) && count >= fewest && count <= most ? '' : `There can be ${fewest} to ${most} points.`;
  }

  #submit(event: Event, { choice, scheme }: Chosen, parameter: Control) {
    event.preventDefault();
    const from = this.from ?? parameter.from;
    const to = this.to ?? parameter.to;
    this.complaint = this.#object(parameter, from, to);
    if (this.complaint) return;
    this.dispatchEvent(
      new SweepWanted({
        choice,
        scheme,
        parameter,
        values: valuesBetween(from, to, this.count, parameter.whole),
        seeds: seedsFrom(this.sampling.seed, this.seeds),
        sampling: { ...this.sampling, ...this.lab.samples.set(this.#count) },
      }),
    );
  }
}
