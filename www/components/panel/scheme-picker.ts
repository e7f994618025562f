import { LitElement, css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { at, withAt } from '../../scheme/pointer.js';
import { grouped, groups } from '../../scheme/groups.js';
import type { Scheme } from '../../scheme/scheme.js';
import { ownRule, type Choice, type SchemeInfo, type SchemeTable } from '../../scheme/table.js';
import { controls } from '../../styles/controls.js';
import { renderFormulaOf } from '../../text/formula.js';
import { nameOfChoice } from '../../text/title.js';
import type { RangeChange } from '../../controls/range-field.js';
import '../../controls/range-field.js';

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

/** Which scheme a panel follows, its formula, and its own parameters. */
@customElement('gp-scheme-picker')
export class SchemePicker extends LitElement {
  @property({ attribute: false }) table!: SchemeTable;
  @property() choice = '';
  @property({ attribute: false }) scheme!: Scheme;
  @property() label = '';
  /** Whether it stays the scheme that it is, and only its parameters change. */
  @property({ type: Boolean }) fixed = false;
  /** Whether parameters and formula are left out. */
  @property({ type: Boolean }) brief = false;

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }

      /* The menu's own text would be as wide as its widest item, and in one line: it lies unseen on what is chosen. */
      .menu {
        position: relative;
        width: fit-content;
        padding-right: calc(0.4em + 0.5rem);
        border-radius: var(--radius);
      }

      .menu:has(:focus-visible) {
        outline: 2px solid var(--focus);
        outline-offset: 2px;
      }

      .menu span::after {
        content: '';
        display: inline-block;
        /* It takes no room in the line, so that it stays with the last word. */
        margin: 0 calc(-0.4em - 0.5rem) 0 0.4em;
        border: 0.25rem solid transparent;
        border-top-color: currentcolor;
        border-bottom: 0;
        vertical-align: middle;
      }

      .menu select {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        opacity: 0;
        cursor: pointer;
      }

      option,
      optgroup {
        background: var(--surface);
        font-size: var(--size-normal);
        font-weight: 400;
      }

      .title {
        display: grid;
        align-items: center;
        min-height: 2.25rem;
        margin: 0;
        font-size: var(--size-large);
        font-weight: 600;
        line-height: 1.25;
        letter-spacing: -0.01em;
      }

      .formula {
        display: block;
        margin-bottom: var(--space-1);
      }

      span.formula {
        font-size: 1rem;
      }

      .parameters {
        display: grid;
        grid-template-columns: auto minmax(4rem, 1fr) 4.25rem;
        gap: var(--space-1) var(--space-2);
      }

      @media (pointer: coarse) {
        .menu {
          min-height: 2.75rem;
        }
      }
    `,
  ];

  protected override render() {
    const { kind } = this.table.choiceOf(this.choice);
    const name = nameOfChoice(this.table, this.choice, this.scheme);
    const option = ({ id, name }: { id: string; name: string }) =>
      html`<option value=${id} .selected=${id === this.choice}>${name}</option>`;
    const menu = () => html`<div class="title menu">
      <span aria-hidden="true">${name}</span>
      <select aria-label="Scheme of ${this.label}" @change=${this.#choose}>
        ${[...grouped(this.table)].map(([group, choices]) => html`<optgroup label=${groups[group]}>${choices.map(option)}</optgroup>`)}
      </select>
    </div>`;
    return html`
      ${this.fixed ? html`<p class="title">${name}</p>` : menu()} ${this.brief ? nothing : this.#renderParameters(kind)}
    `;
  }

  #renderParameters(kind: SchemeInfo) {
    const { scheme } = this;
    const { combination } = this.table.ownParts(kind, scheme);
    // Of a rule of one's own they are what it is about.
    const own = combination?.id === ownRule.id ? combination.parameters : [];
    const parameters = [...kind.parameters, ...own.map((each) => ({ ...each, path: `/combination${each.path}` }))];
    return html`
      ${renderFormulaOf(combination ?? kind)}
      <div class="parameters">
        ${parameters.map((parameter) => {
          const value = at(scheme, parameter.path);
          // Another combination than the scheme's own may have taken its place.
          if (typeof value !== 'number') return nothing;
          return html`<gp-range-field
            brief
            data-path=${parameter.path}
            .parameter=${parameter}
            .value=${value}
            @range-change=${({ value, settled }: RangeChange) => this.#send(withAt(scheme, parameter.path, value), settled)}
          ></gp-range-field>`;
        })}
      </div>
    `;
  }

  #choose({ target }: Event) {
    this.dispatchEvent(new SchemeChosen(this.table.choiceOf((target as HTMLSelectElement).value)));
  }

  #send(scheme: Scheme, settled: boolean) {
    this.dispatchEvent(new SchemeChange(scheme, settled));
  }
}
