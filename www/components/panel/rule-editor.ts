import { LitElement, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { closed, press, type Choice } from '../../controls/choice.js';
import { properties } from '../../controls/properties.js';
import { headline, toFailure } from '../../engine/failure.js';
import { openCompiler } from '../../engine/rules/compiler.js';
import type { Mistake } from '../../engine/rules/module.js';
import { longest, type OwnRule, type RuleName } from '../../scheme/own-rule.js';
import { parametersOfRules, type Variant } from '../../scheme/table.js';
import { compileRule } from '../../state/own-rules.js';
import { controls } from '../../styles/controls.js';
import { listbox } from '../../styles/listbox.js';
import { quantityColours } from '../../styles/quantity-colours.js';
import { quietSummary } from '../../styles/quiet-summary.js';
import { completeRule, nameBefore, placeIn, ruleTokens, ruleOf } from '../../text/rule-text.js';
import { renderHelp, typesetCode } from './rule-help.js';
import { ruleStyles } from './rule-styles.js';

/** Another rule, which is whole; `settled` is false while one types. */
export class RuleChange extends Event {
  constructor(
    readonly rule: OwnRule,
    readonly settled: boolean,
  ) {
    super('rule-change');
  }
}

/** Milliseconds without a key after which what was typed is no preview any more. */
const rest = 700;

/** What completions are called. */
const kinds: Record<RuleName['kind'], string> = {
  number: 'number',
  vector: 'vector',
  main: 'main model',
  guide: 'guide',
  memory: 'memory',
  function: 'function',
  word: 'word',
  answer: 'answer',
};

/** A rule of one's own, as one types it: coloured, completed, and told what is wrong while the last whole one stays. */
@customElement('gp-rule-editor')
export class RuleEditor extends LitElement {
  @property({ attribute: false }) rule!: OwnRule;
  @property() label = '';
  /** Rules to begin from. */
  @property({ attribute: false }) combinations: readonly Variant[] = [];
  /** What is typed, which may be no rule yet. */
  @state() private text = '';
  @state() private mistake: Mistake | null = null;
  /** Why nothing can be compiled. */
  @state() private failure = '';
  @state() private names: readonly RuleName[] = [];
  @state() private choice: Choice = closed;
  @state() private completions: readonly RuleName[] = [];
  @state() private helping = false;
  /** Where the mistake stands, in pixels from the left. */
  @state() private inset = 0;
  @query('textarea') private readonly field!: HTMLTextAreaElement;
  #timer = 0;

  static override styles = [controls, listbox, quantityColours, quietSummary, ruleStyles];

  override disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    if (!changed.has('rule') || this.rule.text === changed.get('rule')?.text) return;
    // What is typed goes on from what was taken of it.
    if (this.rule.text === this.text) return;
    this.text = this.rule.text;
    void this.#check();
  }

  protected override updated() {
    const wrong = this.renderRoot.querySelector<HTMLElement>('.wrong');
    this.inset = wrong?.offsetLeft ?? 0;
  }

  protected override render() {
    const { choice, completions, mistake, failure } = this;
    const isOpen = choice.open && completions.length > 0;
    const isWrong = mistake !== null || failure !== '';
    return html`
      <div class="row">
        <label for="beginning">Start from</label>
        <select id="beginning" @change=${this.#begin}>
          <option value="" selected>a rule of the table</option>
          ${this.combinations.map(({ id, name, text }) => (text ? html`<option value=${id}>${name}</option>` : nothing))}
        </select>
        <label for="name">Name</label>
        <input id="name" type="text" maxlength=${longest.name} autocomplete="off" placeholder="Own rule" .value=${live(this.rule.name ?? '')} @change=${this.#name} />
      </div>
      <label for="rule">Rule<span class="visually-hidden"> of ${this.label}</span></label>
      <div class="entry">
        <div class="text">
          <pre aria-hidden="true">${this.#renderText()}
</pre>
          <textarea
            id="rule"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            dir="ltr"
            aria-autocomplete="list"
            aria-controls="completions"
            aria-activedescendant=${isOpen && choice.active >= 0 ? `completion-${choice.active}` : nothing}
            aria-invalid=${isWrong ? 'true' : 'false'}
            aria-describedby="told"
            .value=${live(this.text)}
            @input=${this.#type}
            @change=${this.#settle}
            @keydown=${this.#press}
            @blur=${() => (this.choice = closed)}
          ></textarea>
        </div>
        <ul id="completions" role="listbox" aria-label="Names" ?hidden=${!isOpen} @pointerdown=${(event: Event) => event.preventDefault()}>
          ${
            isOpen
              ? completions.map(
                  (
                    each,
                    index,
                  ) => html`<li id="completion-${index}" role="option" aria-selected=${index === choice.active ? 'true' : 'false'} @click=${() => this.#take(each)}>
                    <code>${each.name}</code><span>${kinds[each.kind]}</span>
                  </li>`,
                )
              : nothing
          }
        </ul>
      </div>
      <div id="told" role="status" ${properties({ '--inset': `${this.inset}px` })}>${this.#renderMistake()}</div>
      <details @toggle=${({ target }: Event) => (this.helping = (target as HTMLDetailsElement).open)}>
        <summary>How rules are written</summary>
        ${this.helping ? renderHelp() : nothing}
      </details>
    `;
  }

  /** In the colours of the arrows of forces; what is wrong is marked. */
  #renderText() {
    const [from, to] = this.mistake ? placeIn(this.text, this.mistake) : [0, 0];
    let at = 0;
    return ruleTokens(this.text, this.names).map(({ text, kind }) => {
      const begin = at;
      at += text.length;
      const isWrong = to > from && begin < to && at > from;
      return kind || isWrong ? html`<span class="${kind}${isWrong ? ' wrong' : ''}">${text}</span>` : text;
    });
  }

  #renderMistake() {
    const { mistake, failure } = this;
    if (failure) return html`<p>${failure}</p>`;
    if (!mistake) return nothing;
    const { line, column, problem } = mistake;
    return html`<p class="mistake">${typesetCode(problem)}</p>
      <p>Line ${line}, letter ${column}. ${this.text === this.rule.text ? nothing : 'Until it is mended, the rule before stays.'}</p>`;
  }

  readonly #type = () => {
    this.text = this.field.value;
    this.#lookUp();
    void this.#check().then((isWhole) => isWhole && this.#send(false));
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(this.#settle, rest);
  };

  /** What was typed is meant, if it is a rule. */
  readonly #settle = () => {
    clearTimeout(this.#timer);
    void this.#check().then((isWhole) => isWhole && this.#send(true));
  };

  /** Whether what is typed is a rule; says what is wrong with it. */
  async #check(): Promise<boolean> {
    try {
      this.names = (await openCompiler()).names;
      this.mistake = await compileRule(this.text);
      this.failure = '';
    } catch (thrown) {
      this.failure = headline(toFailure(thrown));
    }
    return this.mistake === null && !this.failure;
  }

  /** With the values that its parameters had, where they can have them. */
  #send(settled: boolean) {
    const { text } = this;
    const { values = {}, name = '' } = this.rule;
    const kept = (parametersOfRules.get(text) ?? []).map(({ symbol, from, to, default: usual }): [string, number] => {
      const value = values[symbol];
      return [symbol, value !== undefined && value >= from && value <= to ? value : usual];
    });
    this.dispatchEvent(new RuleChange({ text, values: Object.fromEntries(kept), name }, settled));
  }

  readonly #begin = ({ target }: Event) => {
    const select = target as HTMLSelectElement;
    const variant = this.combinations.find(({ id }) => id === select.value);
    select.value = '';
    if (variant) this.dispatchEvent(new RuleChange({ ...ruleOf(variant, variant.value), name: this.rule.name ?? '' }, true));
  };

  readonly #name = ({ target }: Event) => {
    this.dispatchEvent(new RuleChange({ ...this.rule, name: (target as HTMLInputElement).value.trim() }, true));
  };

  #lookUp() {
    this.completions = completeRule(this.text, this.field.selectionStart, this.names);
    this.choice = { open: this.completions.length > 0, active: -1 };
  }

  readonly #press = (event: KeyboardEvent) => {
    if (event.isComposing || !this.choice.open) return;
    const completion = this.completions[this.choice.active];
    const next = event.key === 'Enter' && completion ? closed : press(this.choice, event.key, this.completions.length);
    if (!next) {
      if (event.key.startsWith('Arrow')) this.choice = closed;
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Enter') this.#take(completion!);
    else this.choice = next;
  };

  #take({ name, kind }: RuleName) {
    const caret = this.field.selectionStart;
    const from = caret - nameBefore(this.text, caret).length;
    this.field.setRangeText(kind === 'function' ? `${name}(` : name, from, caret, 'end');
    this.#type();
    this.choice = closed;
  }
}
