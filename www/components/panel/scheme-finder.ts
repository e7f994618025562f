import { LitElement, css, html } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { grouped, groups } from '../../scheme/groups.js';
import type { Choice, Described, SchemeTable } from '../../scheme/table.js';
import { controls } from '../../styles/controls.js';
import { dialog } from '../../styles/dialog.js';
import { renderFormulaOf } from '../../text/formula.js';
import { SchemeChosen } from './scheme-picker.js';

/** What is said of a scheme. */
interface Told {
  choice: Choice;
  /** Whose formula it is. */
  rule: Described;
  why: string;
  reference: string;
  /** Models that are asked at each evaluation. */
  models: number;
  /** What is searched, in lower case. */
  text: string;
}

/** All schemes of a lab by what is particular about them, each with what it does and what it costs; found by words. */
@customElement('gp-scheme-finder')
export class SchemeFinder extends LitElement {
  @property({ attribute: false }) table!: SchemeTable;
  @property() choice = '';
  /** Of what, as “panel 2”. */
  @property() label = '';
  @state() private words = '';
  @query('dialog') private readonly dialog!: HTMLDialogElement;

  static override styles = [
    controls,
    dialog,
    css`
      dialog[open] {
        display: flex;
        flex-direction: column;
        height: 48rem;
      }

      .top {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-4);
        align-items: center;
      }

      h2 {
        margin: 0;
        font-size: var(--size-large);
        font-weight: 600;
      }

      label {
        display: flex;
        flex: 1 1 14rem;
        gap: var(--space-2);
        align-items: center;
        font-size: var(--size-small);
      }

      input {
        flex: 1;
        box-sizing: border-box;
        min-width: 0;
        height: 2.25rem;
        padding: 0 var(--space-2);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--surface);
        color: inherit;
        font: inherit;
      }

      .list {
        flex: 1;
        min-height: 0;
        margin-top: var(--space-2);
        overflow-y: auto;
      }

      h3 {
        margin: var(--space-4) 0 var(--space-1);
        color: var(--ink-soft);
        font-size: var(--size-small);
        font-weight: 600;
      }

      .row {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 0.125rem;
        justify-items: start;
        width: 100%;
        height: auto;
        padding: var(--space-2);
        border: 0;
        border-top: 1px solid var(--line);
        border-radius: 0;
        background: none;
        font-weight: 400;
        line-height: 1.35;
        text-align: left;
        white-space: normal;
      }

      .row:hover {
        background: var(--line);
      }

      .row:focus-visible {
        outline-offset: -2px;
      }

      .row strong {
        font-size: var(--size-normal);
        font-weight: 600;
      }

      .row[aria-current='true'] strong::after {
        content: ' (chosen)';
        color: var(--ink-soft);
        font-weight: 400;
      }

      .row span {
        color: var(--ink-soft);
      }

      .row .formula {
        color: var(--ink);
      }
    `,
  ];

  protected override firstUpdated() {
    this.dialog.showModal();
  }

  protected override render() {
    const found = this.#found();
    const count = [...found.values()].reduce((sum, rows) => sum + rows.length, 0);
    return html`<dialog aria-labelledby="title" @close=${() => this.dispatchEvent(new Event('dialog-closed'))} @keydown=${this.#move}>
      <div class="top">
        <h2 id="title">Schemes for ${this.label}</h2>
        <label>
          Find
          <input
            type="search"
            autofocus
            placeholder="a name, a paper, a word"
            .value=${this.words}
            @input=${({ target }: Event) => (this.words = (target as HTMLInputElement).value)}
            @keydown=${this.#chooseFirst}
          />
        </label>
        <button @click=${() => this.dialog.close()}>Close</button>
      </div>
      <span class="visually-hidden" role="status">${count === 1 ? '1 scheme' : `${count} schemes`}</span>
      <div class="list">
        ${[...found].map(
          ([group, rows]) => html`<section aria-label=${groups[group]}>
            <h3>${groups[group]}</h3>
            ${rows.map((row) => this.#renderRow(row))}
          </section>`,
        )}
        ${count === 0 ? html`<p>No scheme has all of these words.</p>` : ''}
      </div>
    </dialog>`;
  }

  #renderRow({ choice, rule, why, reference, models }: Told) {
    return html`<button
      class="row"
      data-choice=${choice.id}
      aria-current=${choice.id === this.choice ? 'true' : 'false'}
      @click=${() => this.#choose(choice)}
    >
      <strong>${choice.name}</strong>
      <span class="formula">${renderFormulaOf(rule)}</span>
      <span>${why}</span>
      <span>${models === 1 ? 'Asks one model' : `Asks ${models} models`}.${reference && ` ${reference}.`}</span>
    </button>`;
  }

  /** What has all of the words that were typed. */
  #found() {
    const words = this.words.toLowerCase().split(/\s+/).filter(Boolean);
    const all = [...grouped(this.table)].map(([group, choices]) => {
      const rows = choices.map((choice) => this.#tell(choice, groups[group]));
      return [group, rows.filter(({ text }) => words.every((word) => text.includes(word)))] as const;
    });
    return new Map(all.filter(([, rows]) => rows.length > 0));
  }

  #tell(choice: Choice, group: string): Told {
    const { kind, scheme, name, id } = choice;
    const { combination, ...others } = this.table.ownParts(kind, scheme);
    const parts = [combination, ...Object.values(others)].filter((part) => part !== undefined);
    const rule = combination ?? kind;
    const why =
      parts.length > 0
        ? parts.map((part) => `${part.name}: ${part.explanation ?? 'a formula as one types it.'}`).join(' ')
        : kind.explanation!;
    const reference = (id === kind.id ? kind : this.table.catalogue.presets.find((preset) => preset.id === id))?.reference ?? '';
    const text = [name, id, rule.formula, why, reference, kind.name, group].join(' ').toLowerCase();
    return { choice, rule, why, reference, models: scheme.guide ? 2 : 1, text };
  }

  #choose(choice: Choice) {
    this.dialog.close();
    this.dispatchEvent(new SchemeChosen(choice));
  }

  readonly #chooseFirst = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    // Or the key would press what has the focus next.
    event.preventDefault();
    this.renderRoot.querySelector<HTMLButtonElement>('.row')?.click();
  };

  /** Up and down through what was found. */
  readonly #move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const stops = [...this.renderRoot.querySelectorAll<HTMLElement>('input, .row')];
    const at = stops.indexOf((this.renderRoot as ShadowRoot).activeElement as HTMLElement);
    stops[Math.min(Math.max(at + step, 0), stops.length - 1)]?.focus();
  };
}
