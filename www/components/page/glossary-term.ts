import { LitElement, css, html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { Term } from '../../text/glossary.js';

/** A pointer that crosses a term on its way elsewhere opens nothing, and one that crosses the gap closes nothing. */
const patience = 150;

/** What opens cards: fetched for the first, with the meanings. */
let cards: typeof import('./term-card.js') | null = null;

/** A word with its meaning: shown on hover, focus and touch; Escape hides it, and the pointer may enter it. */
@customElement('gp-glossary-term')
export class GlossaryTerm extends LitElement {
  /** Its name in the glossary. */
  @property() term = '';
  /** The terms of what it stands beside, where it has some of its own. */
  @property({ attribute: false }) own: (() => Promise<Readonly<Record<string, Term>>>) | null = null;
  @query('.word') readonly word!: HTMLElement;
  /** Whether its card is to be open. */
  wanted = false;
  #timer = 0;

  static override styles = css`
    .word {
      scroll-margin-bottom: var(--covered, 0);
      border-radius: 2px;
      text-decoration: underline dotted;
      text-decoration-color: var(--line-strong);
      text-decoration-thickness: from-font;
      text-underline-offset: 0.2em;
      cursor: help;
    }

    .word:hover {
      text-decoration-style: solid;
    }

    .word:focus-visible {
      outline: 2px solid var(--focus);
      outline-offset: 2px;
    }
  `;

  override connectedCallback() {
    super.connectedCallback();
    this.addEventListener('pointerenter', this.#enter);
    this.addEventListener('pointerleave', this.#leave);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.removeEventListener('pointerenter', this.#enter);
    this.removeEventListener('pointerleave', this.#leave);
    this.hide();
  }

  protected override render() {
    return html`<span class="word" role="button" tabindex="0" @focus=${this.show} @blur=${this.hide} @click=${this.show} @keydown=${this.#press}
      ><slot></slot
    ></span>`;
  }

  readonly show = async (): Promise<void> => {
    clearTimeout(this.#timer);
    this.wanted = true;
    cards ??= await import('./term-card.js');
    await cards.openCard(this);
  };

  readonly hide = (): void => {
    clearTimeout(this.#timer);
    this.wanted = false;
    cards?.closeCard(this);
  };

  readonly #enter = ({ pointerType }: PointerEvent) => {
    clearTimeout(this.#timer);
    if (pointerType === 'mouse') this.#timer = window.setTimeout(this.show, patience);
  };

  readonly #leave = ({ pointerType }: PointerEvent) => {
    clearTimeout(this.#timer);
    if (pointerType === 'mouse') this.#timer = window.setTimeout(this.hide, patience);
  };

  readonly #press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    this.show();
  };
}
