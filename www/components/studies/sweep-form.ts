import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Chosen } from '../../scheme/address.js';
import type { Lab } from '../../lab/lab.js';
import type { Choice, Control } from '../../scheme/table.js';
import type { PanelState, SamplingState } from '../../state/state.js';
import { valuesBetween } from '../../study/range.js';
import { seedsFrom } from '../../study/seeds.js';
import { numbersOf, type SweepAxis, type SweepPlan } from '../../study/sweep.js';
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
/** Of two parameters together. */
const mostPoints = 441;
const mostSeeds = 5;

/** What was typed of an axis. */
interface Typed {
  /** Which number it is of, by pointer; empty for none. */
  path: string;
  /** Null stands for what the number usually ranges over. */
  from: number | null;
  to: number | null;
  count: number;
}

/** What an axis is to be. */
interface Wanted {
  parameter: Control;
  from: number;
  to: number;
  count: number;
}

const valuesOf = ({ parameter, from, to, count }: Wanted): number[] => valuesBetween(from, to, count, parameter.whole);

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
  @state() private first: Typed = { path: '/weight', from: null, to: null, count: 11 };
  @state() private second: Typed = { path: '', from: null, to: null, count: 7 };
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

      .row {
        grid-column: 1 / span 2;
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
        .wide,
        .row {
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
    const axes = this.#axes(parameters);
    const [first, second] = axes as [Wanted, Wanted?];
    const others = parameters.filter((each) => each !== first.parameter);
    return html`<form novalidate @submit=${(event: Event) => this.#submit(event, chosen, axes)}>
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
        <select id="parameter" @change=${(event: Event) => (this.first = this.#choose(event, this.first))}>
          ${this.#renderParameters(parameters, first.parameter)}
        </select>
      </div>
      ${this.#renderRange('', first, (typed) => (this.first = { ...this.first, ...typed }))}
      ${this.#renderMenu('seeds', 'Seeds', [1, 2, 3, 4, mostSeeds], this.seeds, (value) => (this.seeds = value))}
      ${this.#renderMenu(`sweep-${samples.many}`, capitalised(samples.many), samples.choices, this.#count, (value) => (this.chosenCount = value))}
      <div class="field wide row">
        <label for="second">Second parameter</label>
        <select id="second" @change=${(event: Event) => (this.second = this.#choose(event, this.second))}>
          <option value="" .selected=${!second}>None</option>
          ${this.#renderParameters(others, second?.parameter)}
        </select>
      </div>
      ${second ? this.#renderRange('Second', second, (typed) => (this.second = { ...this.second, ...typed })) : nothing}
      ${this.complaint ? html`<p role="alert">${this.complaint}</p>` : nothing}
      <div class="run">
        <button type="submit">Run the sweep</button>
        <span data-forecast>${this.#forecast(chosen, axes)}</span>
      </div>
    </form>`;
  }

  readonly #renderChoice = ({ id, name }: Pick<Choice, 'id' | 'name'>) =>
    html`<option value=${id} .selected=${id === this.base}>${name}</option>`;

  #renderParameters(parameters: Control[], chosen?: Control) {
    return parameters.map(
      (each) =>
        html`<option value=${each.path} .selected=${each === chosen}>
          ${nameOf(each)}${isLetter(each.symbol) ? `, ${plainSymbol(each.symbol)}` : ''}
        </option>`,
    );
  }

  /** Over what an axis goes, and how finely; labels begin with what tells it from the other. */
  #renderRange(which: string, { parameter: { step }, from, to, count }: Wanted, set: (typed: Partial<Typed>) => void) {
    const label = (word: string) => capitalised(`${which} ${word}`.trim());
    return html`
      ${this.#renderNumber(label('from'), from, step, (from) => set({ from }))}
      ${this.#renderNumber(label('to'), to, step, (to) => set({ to }))}
      ${this.#renderNumber(label('points'), count, 1, (count) => set({ count }))}
    `;
  }

  /** What is swept: the first number, and the second if there is one that is another. */
  #axes(parameters: Control[]): Wanted[] {
    const wanted = ({ from, to, count }: Typed, parameter: Control): Wanted => {
      return { parameter, from: from ?? parameter.from, to: to ?? parameter.to, count };
    };
    const named = ({ path }: Typed) => parameters.find((parameter) => parameter.path === path);
    const first = named(this.first) ?? parameters[0]!;
    const second = named(this.second);
    return [wanted(this.first, first), ...(second && second !== first ? [wanted(this.second, second)] : [])];
  }

  #renderNumber(label: string, value: number, step: number, set: (value: number) => void) {
    const id = label.toLowerCase().replace(' ', '-');
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

  #forecast({ scheme }: Chosen, axes: Wanted[]): string {
    if (this.#object(axes)) return '';
    const count = axes.reduce((product, axis) => product * valuesOf(axis).length, this.seeds);
    const runs = `${formatCount(count)} runs`;
    if (this.pace === 0) return runs;
    const overSteps = axes.find(({ parameter }) => parameter.path === '/levels/steps');
    const steps = overSteps ? (overSteps.from + overSteps.to) / 2 : scheme.levels.steps;
    return `${runs}, about ${formatDuration((1000 * count * this.#count * steps) / this.pace)}`;
  }

  #chooseBase({ target }: Event) {
    const { value } = target as HTMLSelectElement;
    this.base = value.startsWith('panel-') ? Number(value.slice('panel-'.length)) : value;
    this.#forgetRange();
  }

  #choose({ target }: Event, { count }: Typed): Typed {
    this.complaint = '';
    return { path: (target as HTMLSelectElement).value, from: null, to: null, count };
  }

  #forgetRange() {
    this.first = { ...this.first, from: null, to: null };
    this.second = { ...this.second, from: null, to: null };
    this.complaint = '';
  }

  /** Why ranges cannot be swept, in a sentence; empty where they can. */
  #object(axes: Wanted[]): string {
    for (const axis of axes) {
      const objection = objectionTo(axis);
      if (objection) return objection;
    }
    const points = axes.reduce((product, { count }) => product * count, 1);
    return points <= mostPoints ? '' : `Together there can be at most ${mostPoints} points.`;
  }

  #submit(event: Event, { choice, scheme }: Chosen, wanted: Wanted[]) {
    event.preventDefault();
    this.complaint = this.#object(wanted);
    if (this.complaint) return;
    const axes: SweepAxis[] = wanted.map((axis) => ({ parameter: axis.parameter, values: valuesOf(axis) }));
    this.dispatchEvent(
      new SweepWanted({
        choice,
        scheme,
        axes,
        seeds: seedsFrom(this.sampling.seed, this.seeds),
        sampling: { ...this.sampling, ...this.lab.samples.set(this.#count) },
      }),
    );
  }
}

function objectionTo({ parameter: { name, least, greatest, whole }, from, to, count }: Wanted): string {
  if (Number.isNaN(from) || Number.isNaN(to)) return 'From and To have to be numbers.';
  if (from < least || to > greatest) return `${name} must be between ${formatNumber(least)} and ${formatNumber(greatest)}.`;
  if (from >= to) return 'The range has to end above where it begins.';
  if (whole && !(Number.isInteger(from) && Number.isInteger(to))) return `${name} must be a whole number.`;
  const { least: fewest, greatest: most } = pointLimits;
  return Number.isInteger(count) && count >= fewest && count <= most ? '' : `There can be ${fewest} to ${most} points.`;
}
