import { LitElement, css, html, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { controls } from '../../styles/controls.js';

declare global {
  interface HTMLElementTagNameMap {
    'back-to-text': BackToText;
  }
}

/** Takes a reader to the instrument, says what it shows, and leads back to where the text was left. */
@customElement('back-to-text')
export class BackToText extends LitElement {
  @state() private showing = '';
  @query('button') private readonly button!: HTMLButtonElement | null;
  #origin: HTMLElement | null = null;
  /** A reader who has scrolled back needs no way there. */
  readonly #returned = new IntersectionObserver((entries) => {
    if (this.#left && entries.some(({ isIntersecting }) => isIntersecting)) this.#close();
    this.#left ||= entries.every(({ isIntersecting }) => !isIntersecting);
  });
  #left = false;

  static override styles = [
    controls,
    css`
      div {
        position: fixed;
        inset: var(--space-2) var(--space-2) auto;
        z-index: 2;
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: var(--space-2) var(--space-4);
        width: fit-content;
        max-width: min(46rem, calc(100vw - 2 * var(--space-2)));
        margin-inline: auto;
        padding: var(--space-1) var(--space-1) var(--space-1) var(--space-4);
        border: 1px solid var(--line-strong);
        border-radius: calc(var(--radius) + var(--space-1));
        background: var(--surface);
        box-shadow: 0 4px 16px rgb(0 0 0 / 0.12);
        font-size: var(--size-small);
        line-height: 1.35;
      }

      button {
        flex: none;
      }

      @media (max-width: 47rem) {
        div {
          width: auto;
        }
      }
    `,
  ];

  /** Scrolls to the instrument, which shows what the title says. */
  offer(showing: string, origin: HTMLElement) {
    this.#close();
    this.showing = showing;
    this.#origin = origin;
    scrollTo(document.querySelector('guidance-playground')!, 'start');
    this.#returned.observe(origin);
    void this.updateComplete.then(() => this.button?.focus({ preventScroll: true }));
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#close();
  }

  protected override render() {
    return html`<span class="visually-hidden" role="status">${this.showing && `Showing ${this.showing}.`}</span>
      ${
        this.showing
          ? html`<div>
              <span aria-hidden="true">Showing ${this.showing}</span>
              <button @click=${this.#goBack}>Back to the text</button>
            </div>`
          : nothing
      }`;
  }

  readonly #goBack = () => {
    const origin = this.#origin!;
    this.#close();
    origin.focus({ preventScroll: true });
    scrollTo(origin, 'center');
  };

  #close() {
    this.#returned.disconnect();
    this.#origin = null;
    this.#left = false;
    this.showing = '';
  }
}

function scrollTo(element: Element, block: ScrollLogicalPosition) {
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  element.scrollIntoView({ behavior: calm ? 'auto' : 'smooth', block });
}
