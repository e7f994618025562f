import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { LabExplorer } from '../../lab/lab.js';
import { isOwn, ownOf, withRule } from '../../scheme/own-rule.js';
import { at, withAt } from '../../scheme/pointer.js';
import { isSame, type Scheme } from '../../scheme/scheme.js';
import { hasOption, variantOf, type Control, type Option, type SchemeTable, type VariantValue } from '../../scheme/table.js';
import { controls } from '../../styles/controls.js';
import { quietSummary } from '../../styles/quiet-summary.js';
import type { RangeChange } from '../../controls/range-field.js';
import '../../controls/range-field.js';
import { ruleOf } from '../../text/rule-text.js';
import type { RuleChange } from './rule-editor.js';
import { SchemeChange, SchemeChosen } from './scheme-picker.js';
import type { VariantChange } from '../../controls/variant-field.js';
import '../../controls/variant-field.js';

/** The parts of a scheme that most schemes leave as they are, folded away; its summary names those that are not. */
@customElement('gp-scheme-details')
export class SchemeDetails extends LitElement {
  @property({ attribute: false }) table!: SchemeTable;
  @property() choice = '';
  @property({ attribute: false }) scheme!: Scheme;
  @property() label = '';
  @property({ attribute: false }) explorer: LabExplorer | null = null;
  /** Fields are made when they are first seen. */
  @state() private open = false;

  static override styles = [
    controls,
    quietSummary,
    css`
      :host {
        display: block;
      }

      summary strong {
        color: var(--ink);
        font-weight: 500;
      }

      .fields {
        display: grid;
        gap: var(--space-3);
        padding-block: var(--space-2) var(--space-3);
      }

      .fields > * + :not(button) {
        padding-top: var(--space-3);
        border-top: 1px solid var(--line);
      }

      .check {
        display: flex;
        gap: var(--space-2);
        align-items: center;
      }

      input[type='checkbox'] {
        width: 1rem;
        height: 1rem;
      }

      button {
        justify-self: start;
      }

      @media (pointer: coarse) {
        summary,
        .check {
          min-height: 2.75rem;
          line-height: 2.75rem;
        }
      }
    `,
  ];

  protected override render() {
    return html`<details @toggle=${({ target }: Event) => (this.open = (target as HTMLDetailsElement).open)}>
      <summary>More<span class="visually-hidden"> settings of ${this.label}</span>${this.#summarise()}</summary>
      ${this.open ? this.#renderFields() : nothing}
    </details>`;
  }

  /** What is not as it is by default. */
  #summarise() {
    const { scheme } = this;
    const names = this.table.parts.flatMap(({ field, variants }) => {
      const variant = variantOf(variants, scheme[field] as VariantValue);
      return variant === variants[0] ? [] : [variant.name];
    });
    names.push(...this.table.options.flatMap((option) => (hasOption(option, scheme) ? [option.info.name] : [])));
    if (scheme.interval) names.push(`σ ${scheme.interval.low} to ${scheme.interval.high}`);
    return names.length > 0 ? html`: <strong>${names.join(' · ')}</strong>` : nothing;
  }

  #renderFields() {
    const { scheme } = this;
    const choice = this.table.choiceOf(this.choice);
    const [first, second, ...rest] = this.table.parts.map(({ field, name, variants }) =>
      this.#acts(field)
        ? html`<gp-variant-field
            data-field=${field}
            label=${name}
            .variants=${variants}
            .value=${scheme[field]}
            @variant-change=${({ value, settled }: VariantChange) => this.#change(field, value, settled)}
          >${field === 'combination' ? this.#renderRule() : nothing}</gp-variant-field>`
        : nothing,
    );
    const unchanged = isSame(scheme, choice.scheme);
    return html`<div class="fields">
      ${first} ${second} ${this.#acts('interval') ? this.#renderInterval() : nothing} ${rest}
      ${this.table.options.map((option) => this.#renderOption(option))}
      ${this.explorer?.renderScheme?.(scheme, this.label, (changed, settled) => this.#send(changed, settled))}
      <button ?disabled=${unchanged} @click=${() => this.dispatchEvent(new SchemeChosen(choice))}>
        Back to ${choice.name}
      </button>
    </div>`;
  }

  /** A rule of one's own begins as the one that was there before. */
  #change(field: keyof Scheme, value: VariantValue, settled: boolean) {
    const { scheme } = this;
    const { combination } = scheme;
    const begins = isOwn(value) && !isOwn(combination);
    const rule = begins && withRule(ruleOf(variantOf(this.table.catalogue.combinations, combination), combination));
    this.#send({ ...scheme, [field]: rule || value }, settled);
  }

  /** The editor is fetched for the first rule. */
  #renderRule() {
    const rule = ownOf(this.scheme.combination);
    if (!rule) return nothing;
    void import('./rule-editor.js').catch(() => {});
    return html`<gp-rule-editor
      .rule=${rule}
      .combinations=${this.table.catalogue.combinations}
      label=${this.label}
      @rule-change=${({ rule, settled }: RuleChange) => this.#send({ ...this.scheme, combination: withRule(rule) }, settled)}
    ></gp-rule-editor>`;
  }

  /** Whether a part says anything: without guidance only the solver does, but what an address has brought can be taken back. */
  #acts(field: keyof Scheme): boolean {
    const { scheme } = this;
    return field === 'solver' || this.table.unguided(scheme) !== null || scheme[field] !== this.table.choiceOf('none').scheme[field];
  }

  #renderInterval() {
    const { scheme } = this;
    return html`<div data-field="interval">
      <label class="check">
        <input type="checkbox" .checked=${scheme.interval !== null} @change=${this.#toggleInterval} />
        Guide only at some noise levels
      </label>
      ${scheme.interval && this.#renderNumbers(this.table.catalogue.interval)}
    </div>`;
  }

  /** What only schemes of some tables have. A list's items are made elsewhere: here it can be emptied, and their numbers changed. */
  #renderOption(option: Option) {
    const { scheme } = this;
    const { field, on, off, info } = option;
    const has = hasOption(option, scheme);
    if (!has && (Array.isArray(off) || !this.#acts('schedule'))) return nothing;
    return html`<div data-option=${info.id}>
      <label class="check">
        <input type="checkbox" .checked=${has} @change=${() => this.#send({ ...scheme, [field]: has ? off : on }, true)} />
        ${info.name}
      </label>
      ${has ? this.#renderNumbers(info.parameters) : nothing}
    </div>`;
  }

  #renderNumbers(controls: readonly Control[]) {
    const { scheme } = this;
    return controls.map(
      (parameter) => html`<gp-range-field
        stacked
        data-path=${parameter.path}
        .parameter=${parameter}
        .value=${at(scheme, parameter.path) as number}
        @range-change=${({ value, settled }: RangeChange) => this.#send(withAt(scheme, parameter.path, value), settled)}
      ></gp-range-field>`,
    );
  }

  readonly #toggleInterval = ({ target }: Event) => {
    const empty: Scheme = { ...this.scheme, interval: null };
    const begun = this.table.catalogue.interval.reduce((scheme, { path, default: value }) => withAt(scheme, path, value), empty);
    this.#send((target as HTMLInputElement).checked ? begun : empty, true);
  };

  #send(scheme: Scheme, settled: boolean) {
    this.dispatchEvent(new SchemeChange(scheme, settled));
  }
}
