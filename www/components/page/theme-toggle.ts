import { LitElement, css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { controls } from '../../styles/controls.js';
import { chooseTheme, currentTheme, onThemeChange } from '../../theme.js';

/** Switches between light and dark. */
@customElement('theme-toggle')
export class ThemeToggle extends LitElement {
  #stop = () => {};

  static override styles = [
    controls,
    css`
      button {
        display: grid;
        place-items: center;
        width: 2.25rem;
        height: 2.25rem;
        padding: 0;
        border-color: transparent;
        background: none;
      }

      svg {
        width: 1.125rem;
        fill: none;
        stroke: currentcolor;
        stroke-width: 1.5;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    this.#stop = onThemeChange(() => this.requestUpdate());
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#stop();
  }

  protected override render() {
    const other = currentTheme() === 'dark' ? 'light' : 'dark';
    return html`
      <button aria-label="Use ${other} colours" title="Use ${other} colours" @click=${() => chooseTheme(other)}>
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <circle cx="10" cy="10" r="7.25" />
          <path d="M10 2.75a7.25 7.25 0 0 1 0 14.5z" fill="currentcolor" />
        </svg>
      </button>
    `;
  }
}
