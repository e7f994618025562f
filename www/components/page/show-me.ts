import { LitElement, css, html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { demonstrationTitles } from '../../plane/state/demonstration-titles.js';
import { isDemonstration } from '../../plane/state/demonstrations.js';
import { controls } from '../../styles/controls.js';
import './back-to-text.js';

/** A button in the text that sets the instrument to show what the text says. */
@customElement('show-me')
export class ShowMe extends LitElement {
  /** The name of a demonstration. */
  @property() what = '';
  @query('button') private readonly button!: HTMLButtonElement;

  static override styles = [
    controls,
    css`
      button {
        display: inline-flex;
        align-items: center;
        gap: var(--space-2);
        border-color: color-mix(in srgb, var(--accent) 45%, transparent);
        color: var(--accent);
      }

      button:hover {
        border-color: var(--accent);
      }

      svg {
        width: 0.75rem;
        fill: currentcolor;
      }
    `,
  ];

  protected override render() {
    return html`<button @click=${this.#show} title="Sets the instrument to ${demonstrationTitles[this.#name]}">
      <svg viewBox="0 0 12 12" aria-hidden="true"><path d="M2.5 1v10L11 6z" /></svg>
      <slot></slot>
    </button>`;
  }

  override focus(options?: FocusOptions) {
    this.button.focus(options);
  }

  get #name() {
    if (!isDemonstration(this.what)) throw new Error(`There is no demonstration “${this.what}”.`);
    return this.what;
  }

  readonly #show = () => {
    document.querySelector('guidance-playground')!.instrument!.demonstrate(this.#name);
    document.querySelector('back-to-text')!.offer(demonstrationTitles[this.#name], this);
  };
}
