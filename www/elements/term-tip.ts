import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';

/** A term, and what it means for those who point at it, tap it, or come to it by keyboard; Escape puts it away. */
@customElement('term-tip')
export class TermTip extends LitElement {
  @property() meaning = '';

  static override styles = css`
    button {
      padding: 0;
      border: 0;
      background: none;
      color: inherit;
      font: inherit;
      text-align: inherit;
      text-decoration: underline dotted var(--line-strong);
      text-underline-offset: 0.2em;
      cursor: help;
    }

    button:focus-visible {
      outline: 2px solid var(--focus);
      outline-offset: 2px;
    }

    /* As wide as whatever the host's nearest positioned ancestor is, under the term's line. */
    [role='tooltip'] {
      position: absolute;
      left: 0;
      right: 0;
      z-index: 2;
      display: none;
      width: fit-content;
      max-width: 24rem;
      padding: var(--space-2) var(--space-3);
      border: 1px solid var(--line-strong);
      border-radius: var(--radius);
      background: var(--surface);
      color: var(--ink);
      font-size: var(--size-small);
      font-weight: 400;
      line-height: 1.4;
      text-align: left;
      white-space: normal;
    }

    :host(:hover) [role='tooltip'],
    button:focus + [role='tooltip'] {
      display: block;
    }

    :host([quiet]) [role='tooltip'] {
      display: none;
    }

    @media (pointer: coarse) {
      button {
        min-height: 2.75rem;
      }
    }
  `;

  protected override render() {
    return html`<button
        type="button"
        aria-describedby="meaning"
        @keydown=${({ key }: KeyboardEvent) => key === 'Escape' && this.toggleAttribute('quiet', true)}
        @blur=${this.#wake}
        @pointerenter=${this.#wake}
      >
        <slot></slot></button
      ><span id="meaning" role="tooltip">${this.meaning}</span>`;
  }

  #wake() {
    this.removeAttribute('quiet');
  }
}
