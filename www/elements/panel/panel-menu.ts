import { LitElement, css, html } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { controls } from '../../styles/controls.js';

export type PanelCommand = 'duplicate' | 'move-left' | 'move-right' | 'remove';

/** What is to be done with a panel as a whole. */
export class PanelAction extends Event {
  constructor(readonly command: PanelCommand) {
    super('panel-action', { bubbles: true, composed: true });
  }
}

const commands: { command: PanelCommand; name: string }[] = [
  { command: 'duplicate', name: 'Duplicate' },
  { command: 'move-left', name: 'Move left' },
  { command: 'move-right', name: 'Move right' },
  { command: 'remove', name: 'Remove' },
];

/** A panel's place among the others: folded away, since it is seldom needed. */
@customElement('gp-panel-menu')
export class PanelMenu extends LitElement {
  @property() label = '';
  /** What cannot be done now. */
  @property({ attribute: false }) barred: PanelCommand[] = [];
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
        width: 2rem;
        height: 2.25rem;
        border-radius: var(--radius);
        color: var(--ink-soft);
        list-style: none;
        cursor: pointer;
      }

      summary::-webkit-details-marker {
        display: none;
      }

      summary:hover {
        color: var(--ink);
      }

      svg {
        width: 1rem;
        fill: currentcolor;
      }

      .menu {
        position: absolute;
        inset: 100% 0 auto auto;
        z-index: 2;
        display: grid;
        width: max-content;
        padding: var(--space-1);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--surface);
      }

      .menu button {
        border-color: transparent;
        background: none;
        text-align: left;
      }

      .menu button:hover:enabled {
        background: var(--line);
      }

      @media (pointer: coarse) {
        summary {
          width: 2.75rem;
          height: 2.75rem;
        }
      }
    `,
  ];

  override focus(): void {
    this.summary.focus();
  }

  protected override render() {
    return html`<details @keydown=${this.#closeOnEscape} @focusout=${this.#closeOutside}>
      <summary aria-label="Arrange ${this.label}">
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <circle cx="3" cy="8" r="1.5" />
          <circle cx="8" cy="8" r="1.5" />
          <circle cx="13" cy="8" r="1.5" />
        </svg>
      </summary>
      <div class="menu">
        ${commands.map(
          ({ command, name }) =>
            html`<button ?disabled=${this.barred.includes(command)} @click=${() => this.#choose(command)}>${name}</button>`,
        )}
      </div>
    </details>`;
  }

  #choose(command: PanelCommand) {
    this.details.open = false;
    this.summary.focus();
    this.dispatchEvent(new PanelAction(command));
  }

  readonly #closeOnEscape = ({ key }: KeyboardEvent) => {
    if (key !== 'Escape' || !this.details.open) return;
    this.details.open = false;
    this.summary.focus();
  };

  readonly #closeOutside = ({ relatedTarget }: FocusEvent) => {
    if (!this.details.contains(relatedTarget as Node | null)) this.details.open = false;
  };
}
