import { LitElement, css, html } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Term } from '../../text/glossary.js';

/** A pointer that crosses a term on its way elsewhere opens nothing, and one that crosses the gap closes nothing. */
const patience = 150;
/** Between the card and the edges of the window. */
const margin = 8;

/** Only one card is open at a time. */
let open: GlossaryTerm | null = null;

/** A word with its meaning: shown on hover, focus and touch; Escape hides it, and the pointer may enter it. */
@customElement('gp-glossary-term')
export class GlossaryTerm extends LitElement {
  /** Its name in the glossary. */
  @property() term = '';
  /** The terms of what it stands beside, where it has some of its own. */
  @property({ attribute: false }) own: (() => Promise<Readonly<Record<string, Term>>>) | null = null;
  @query('.word') private readonly word!: HTMLElement;
  @query('.card') private readonly card!: HTMLElement;
  /** Fetched when it is first asked for: metrics are there before the meaning of their names. */
  @state() private meaning: Term | null = null;
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

    .card {
      /* In the page's own coordinates, so that it scrolls with the word. */
      position: absolute;
      inset: auto;
      box-sizing: border-box;
      width: max-content;
      max-width: min(22rem, calc(100vw - 1rem));
      margin: 0;
      padding: var(--space-3) var(--space-4);
      border: 1px solid var(--line-strong);
      border-radius: var(--radius);
      background: var(--surface);
      color: var(--ink);
      box-shadow: 0 4px 16px rgb(0 0 0 / 0.12);
      font: var(--size-small) / 1.5 var(--font);
      text-align: start;
      white-space: normal;
    }

    strong {
      display: block;
      margin-bottom: var(--space-1);
      font-weight: 600;
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

  async #fetch(): Promise<void> {
    const [own, { glossary }] = await Promise.all([this.own?.() ?? {}, import('../../text/glossary.js')]);
    const terms: Readonly<Record<string, Term>> = { ...glossary, ...own };
    if (!Object.hasOwn(terms, this.term)) throw new Error(`The glossary has no term “${this.term}”.`);
    this.meaning = terms[this.term]!;
    await this.updateComplete;
  }

  protected override render() {
    const { title, text } = this.meaning ?? { title: '', text: '' };
    return html`<span
        class="word"
        role="button"
        tabindex="0"
        aria-describedby="card"
        @focus=${this.show}
        @blur=${this.hide}
        @click=${this.show}
        @keydown=${this.#press}
        ><slot></slot></span
      ><span class="card" id="card" role="tooltip" popover="manual"><strong>${title}</strong>${text}</span>`;
  }

  readonly show = async (): Promise<void> => {
    clearTimeout(this.#timer);
    if (open === this) return;
    open?.hide();
    open = this;
    if (!this.meaning) await this.#fetch();
    // Left meanwhile.
    if (open !== this || !this.isConnected) return;
    this.card.showPopover();
    this.#place();
    document.addEventListener('keydown', this.#escape);
    document.addEventListener('pointerdown', this.#pressElsewhere);
  };

  readonly hide = (): void => {
    clearTimeout(this.#timer);
    if (open !== this) return;
    open = null;
    document.removeEventListener('keydown', this.#escape);
    document.removeEventListener('pointerdown', this.#pressElsewhere);
    if (this.isConnected) this.card.hidePopover();
  };

  /** Below the word's first line, or above it where there is no room; never over the window's edge. */
  #place() {
    const word = this.word.getClientRects()[0]!;
    const { offsetWidth: width, offsetHeight: height } = this.card;
    const { clientWidth, clientHeight } = document.documentElement;
    const left = Math.max(Math.min(word.left, clientWidth - width - margin), margin);
    const top = word.bottom + height + margin > clientHeight && word.top > height ? word.top - height : word.bottom;
    this.card.style.left = `${left + window.scrollX}px`;
    this.card.style.top = `${top + window.scrollY}px`;
  }

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

  readonly #escape = (event: KeyboardEvent) => {
    if (event.key === 'Escape') this.hide();
  };

  readonly #pressElsewhere = (event: Event) => {
    if (!event.composedPath().includes(this)) this.hide();
  };
}
