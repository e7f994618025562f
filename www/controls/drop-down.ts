import { LitElement, css, html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { controls } from '../styles/controls.js';

/**
 * A button that unfolds what is in it; Escape, and going elsewhere, fold it away. A picture in its slot `picture` takes the place
 * of the label; whoever uses it may dress its parts `button` and `menu`.
 */
@customElement('gp-drop-down')
export class DropDown extends LitElement {
  @property() label = '';
  @query('details') private readonly details!: HTMLDetailsElement;
  @query('summary') private readonly summary!: HTMLElement;

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        position: relative;
      }

      summary {
        display: grid;
        place-items: center;
        width: fit-content;
        height: 2rem;
        padding: 0 var(--space-3);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
        font-size: var(--size-small);
        font-weight: 500;
        list-style: none;
        cursor: pointer;
        user-select: none;
      }

      summary::-webkit-details-marker {
        display: none;
      }

      summary:hover {
        border-color: var(--line-strong);
      }

      .menu {
        position: absolute;
        inset: calc(100% + var(--space-1)) 0 auto auto;
        z-index: 3;
        display: grid;
        gap: var(--space-2);
        width: max-content;
        max-width: calc(100vw - 2 * var(--space-4));
        padding: var(--space-2) var(--space-3);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--surface);
      }

      @media (pointer: coarse) {
        summary {
          height: 2.75rem;
          font-size: 1rem;
        }
      }

      /* In the flow, where it would reach beyond the edge. */
      @container (max-width: 705px) {
        .menu {
          position: static;
          margin-top: var(--space-1);
        }
      }
    `,
  ];

  protected override render() {
    return html`<details @keydown=${this.#closeOnEscape} @focusout=${this.#closeOutside}>
      <summary part="button" aria-label=${this.label}><slot name="picture">${this.label}</slot></summary>
      <div class="menu" part="menu"><slot></slot></div>
    </details>`;
  }

  override focus(): void {
    this.summary.focus();
  }

  close(): void {
    this.details.open = false;
    this.summary.focus();
  }

  readonly #closeOnEscape = ({ key }: KeyboardEvent) => {
    if (key === 'Escape' && this.details.open) this.close();
  };

  readonly #closeOutside = ({ relatedTarget }: FocusEvent) => {
    // Not where the window has lost it.
    const inside = [this, this.renderRoot].some((part) => part.contains(relatedTarget as Node | null));
    if (relatedTarget && !inside) this.details.open = false;
  };
}
