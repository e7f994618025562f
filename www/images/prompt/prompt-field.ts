import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { properties } from '../../controls/properties.js';
import { controls } from '../../styles/controls.js';
import { listbox } from '../../styles/listbox.js';
import { closed, press, type Choice } from '../../controls/choice.js';
import { complete, completionsAt, surprise, tokenAt, withWord, type Completion } from './completion.js';
import { prompts } from './presets.js';
import { cut, readPrompt, tokensOf, wordsFor, type Asked, type Reading } from './prompt.js';
import { remarksOf, shown, unturned } from './remarks.js';
import { wordsOf, type Slot, type Vocabulary } from '../vocabulary.js';

/** Another prompt; `settled` is false while one types. */
export class PromptChange extends Event {
  constructor(
    readonly prompt: string,
    readonly settled: boolean,
  ) {
    super('prompt-change', { bubbles: true, composed: true });
  }
}

/** What a part is called where nothing is asked of it. */
const open: Record<Slot, string> = {
  style: 'any style',
  concept: 'anything',
  rider: 'any rider',
  mount: 'any mount',
  background: 'any background',
};

/** What is chosen of the subject's menu for somebody riding; no concept is called so. */
const riding = 'riding';

/** A prompt: typed, with completion of its words, or put together of them. */
@customElement('gp-prompt-field')
export class PromptField extends LitElement {
  @property({ attribute: false }) vocabulary!: Vocabulary;
  @property() value = '';
  @property() label = 'Prompt';
  /** Only the text, without its parts and without prompts to begin with. */
  @property({ type: Boolean }) brief = false;
  @state() private choice: Choice = closed;
  @state() private completions: readonly Completion[] = [];
  /** What is typed, which a host may not have taken yet. */
  @state() private text = '';
  /** Whether that is the beginning of a longer text. */
  @state() private isCut = false;

  static override styles = [
    controls,
    listbox,
    css`
      :host {
        display: grid;
        gap: var(--space-2);
        min-width: 0;
      }

      .entry {
        position: relative;
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
      }

      .text {
        position: relative;
        flex: 1 1 14rem;
        min-width: 0;
      }

      input {
        width: 100%;
        height: 2.25rem;
        padding: 0 var(--space-2);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--surface);
        font-size: var(--size-normal);
      }

      .swatch {
        width: 1rem;
        height: 1rem;
        flex: none;
        border: 1px solid var(--line-strong);
        background: var(--swatch);
      }

      .parts,
      .begin,
      .near {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-2);
        align-items: center;
      }

      .part {
        display: inline-flex;
        min-width: 0;
        border: 1px solid var(--line);
        border-radius: 1rem;
        background: var(--surface);
      }

      .part select,
      .part button {
        border: 0;
        border-radius: 1rem;
        background-color: transparent;
      }

      .part[data-open] select {
        color: var(--ink-soft);
      }

      .part button {
        min-width: 1.75rem;
        padding: 0 var(--space-2);
      }

      p {
        margin: 0;
        color: var(--ink-soft);
        font-size: var(--size-small);
        line-height: 1.45;
        overflow-wrap: anywhere;
      }

      p.wrong {
        color: var(--accent);
      }

      mark {
        background: none;
        color: var(--accent);
        text-decoration: underline wavy;
      }

      /* In a row that is moved sideways, or pictures would be far below. */
      @container instrument (max-width: 705px) {
        .parts,
        .begin {
          flex-wrap: nowrap;
          overflow-x: auto;
          scrollbar-width: none;
        }

        .part,
        .begin button {
          flex: none;
        }
      }

      @media (pointer: coarse) {
        input {
          height: 2.75rem;
          font-size: 1rem;
        }

        [role='option'] {
          min-height: 2.75rem;
        }

        .part button {
          min-width: 2.75rem;
        }
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('value') && this.value !== this.text) this.#set(this.value);
  }

  protected override render() {
    const { vocabulary, text, brief } = this;
    const reading = readPrompt(vocabulary, text);
    return html`
      <label for="text">${this.label}</label>
      ${this.#renderEntry(reading)} ${brief ? nothing : this.#renderParts(reading)} ${this.#renderRemarks(reading)}
      ${
        brief
          ? nothing
          : html`<div class="begin" role="group" aria-label="Prompts to begin with">
            ${prompts.map((prompt) => html`<button ?disabled=${prompt === text} @click=${() => this.#send(prompt)}>${prompt}</button>`)}
          </div>`
      }
    `;
  }

  #renderEntry({ refusal, unknown }: Reading) {
    const { choice, completions } = this;
    const isOpen = choice.open && completions.length > 0;
    return html`<div class="entry">
      <div class="text">
        <input
          id="text"
          type="text"
          role="combobox"
          dir="auto"
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          placeholder="anything"
          aria-autocomplete="list"
          aria-expanded=${isOpen ? 'true' : 'false'}
          aria-controls="list"
          aria-activedescendant=${isOpen && choice.active >= 0 ? `option-${choice.active}` : nothing}
          aria-invalid=${refusal || unknown.length > 0 ? 'true' : 'false'}
          aria-describedby="remarks"
          .value=${live(this.text)}
          @input=${this.#type}
          @change=${() => this.#send(this.text)}
          @keydown=${this.#press}
          @click=${this.#lookUp}
          @blur=${() => (this.choice = closed)}
        />
        <ul id="list" role="listbox" aria-label="Words" ?hidden=${!isOpen} @pointerdown=${(event: Event) => event.preventDefault()}>
          ${isOpen ? completions.map((completion, index) => this.#renderOption(completion, index)) : nothing}
        </ul>
      </div>
      ${this.brief ? nothing : html`<button @click=${() => this.#send(surprise(this.vocabulary, Math.random))}>Surprise me</button>`}
    </div>`;
  }

  #renderOption(completion: Completion, index: number) {
    const { word, slot } = completion;
    const isActive = index === this.choice.active;
    return html`<li id="option-${index}" role="option" aria-selected=${isActive ? 'true' : 'false'} @click=${() => this.#take(completion)}>
      ${slot === 'background' ? this.#renderSwatch(word) : nothing}<span>${word}</span><span>${slot === 'concept' ? 'subject' : slot}</span>
    </li>`;
  }

  #renderSwatch(word: string) {
    const { colour } = this.vocabulary.backgrounds.find(({ name }) => name === word)!;
    const swatch = `rgb(${colour.map((part) => Math.round(255 * part)).join(' ')})`;
    return html`<span class="swatch" aria-hidden="true" ${properties({ '--swatch': swatch })}></span>`;
  }

  /** The prompt's parts, each to be changed or taken out. */
  #renderParts({ asked }: Reading) {
    const rides = asked.rider !== null || asked.mount !== null;
    return html`<div class="parts" role="group" aria-label="Parts of the prompt">
      ${this.#renderPart('style', asked)} ${this.#renderSubject(asked, rides)}
      ${rides ? html`${this.#renderPart('rider', asked)} ${this.#renderPart('mount', asked)}` : nothing}
      ${this.#renderPart('background', asked)}
    </div>`;
  }

  #renderSubject(asked: Asked, rides: boolean) {
    const chosen = rides ? riding : asked.concept;
    const change = (word: string | null) => {
      const mounted = { ...asked, concept: null, rider: 'astronaut', mount: 'horse' };
      this.#ask(
        word === riding ? withWord(this.vocabulary, mounted, 'rider', mounted.rider) : withWord(this.vocabulary, asked, 'concept', word),
      );
    };
    return this.#renderMenu('subject', open.concept, chosen, [...this.vocabulary.concepts, riding], change);
  }

  #renderPart(slot: Slot, asked: Asked) {
    const change = (word: string | null) => this.#ask(withWord(this.vocabulary, asked, slot, word));
    return this.#renderMenu(slot, open[slot], asked[slot], wordsOf(this.vocabulary, slot), change);
  }

  #renderMenu(name: string, none: string, chosen: string | null, words: string[], change: (word: string | null) => void) {
    return html`<span class="part" data-part=${name} ?data-open=${chosen === null}>
      <select
        aria-label="${name[0]!.toUpperCase()}${name.slice(1)}"
        @change=${({ target }: Event) => change((target as HTMLSelectElement).value || null)}
      >
        <option value="" .selected=${chosen === null}>${none}</option>
        ${words.map((word) => html`<option value=${word} .selected=${word === chosen}>${word === riding ? 'somebody riding' : word}</option>`)}
      </select>
      ${chosen === null ? nothing : html`<button aria-label="Remove ${name} ${chosen}" @click=${() => change(null)}>×</button>`}
    </span>`;
  }

  #renderRemarks(reading: Reading) {
    // What is not known yet of a word that is being typed is no mistake.
    const begun = this.choice.open ? tokenAt(this.text, this.#input.selectionStart ?? this.text.length).word : '';
    const known = { ...reading, unknown: reading.unknown.filter(({ word }) => word !== begun) };
    const { sentences, unknown, note } = remarksOf(this.vocabulary, known, this.isCut);
    return html`<div id="remarks" role="status">
      ${sentences.map((sentence) => html`<p class="wrong"><bdi>${sentence}</bdi></p>`)}
      ${unknown.map(
        ({ word, near }) =>
          html`<p class="near">
            <span><mark><bdi>${shown(word)}</bdi></mark> is not known, and is left out. Near it:</span>
            ${near.map((other) => html`<button aria-label="${other} in place of ${shown(word)}" @click=${() => this.#replace(word, other)}>${other}</button>`)}
          </p>`,
      )}
      ${note ? html`<p data-note>${note}</p>` : nothing}
    </div>`;
  }

  readonly #type = ({ target }: Event) => {
    this.#set((target as HTMLInputElement).value);
    this.#lookUp();
    this.dispatchEvent(new PromptChange(this.text, false));
  };

  /** What may be completed at the caret. */
  readonly #lookUp = () => {
    const caret = this.#input.selectionStart ?? this.text.length;
    this.completions = completionsAt(this.vocabulary, this.text, caret);
    this.choice = { open: this.completions.length > 0, active: -1 };
  };

  readonly #press = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === 'Enter') {
      const completion = this.choice.open ? this.completions[this.choice.active] : undefined;
      event.preventDefault();
      if (completion) this.#take(completion);
      else this.#send(this.text);
      return;
    }
    if (!this.choice.open && event.key.startsWith('Arrow')) {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') this.#lookUp();
      this.choice = closed;
    }
    const next = press(this.choice, event.key, this.completions.length);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    this.choice = next;
  };

  #take(completion: Completion) {
    const { text, caret } = complete(this.text, this.#input.selectionStart ?? this.text.length, completion);
    this.#send(text);
    void this.updateComplete.then(() => this.#input.setSelectionRange(caret, caret));
  }

  /** A word in place of all that are written as this one. */
  #replace(word: string, other: string) {
    const found = tokensOf(this.text).filter((token) => token.word === word);
    this.#send(found.reduceRight((text, { from, to }) => text.slice(0, from) + other + text.slice(to), this.text));
  }

  #ask(asked: Asked) {
    this.#send(wordsFor(asked));
  }

  #send(given: string) {
    if (given !== this.text) this.#set(given);
    this.choice = closed;
    this.dispatchEvent(new PromptChange(this.text, true));
  }

  #set(given: string) {
    ({ text: this.text, isCut: this.isCut } = cut(unturned(given)));
  }

  get #input(): HTMLInputElement {
    return this.renderRoot.querySelector('input')!;
  }
}
