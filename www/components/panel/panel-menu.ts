import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { SchemeTable } from '../../scheme/table.js';
import type { PanelCommand } from '../../state/changes.js';
import { controls } from '../../styles/controls.js';
import '../../controls/drop-down.js';
import type { DropDown } from '../../controls/drop-down.js';

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

/** All schemes that it may have, and its place among the others: folded away, since they are seldom needed. */
@customElement('gp-panel-menu')
export class PanelMenu extends LitElement {
  @property() label = '';
  /** What cannot be done now. */
  @property({ attribute: false }) barred: PanelCommand[] = [];
  /** What can be sampled, and what is. */
  @property({ attribute: false }) table!: SchemeTable;
  @property() choice = '';
  @state() private finding = false;
  @query('gp-drop-down') private readonly dropDown!: DropDown;

  static override styles = [
    controls,
    css`
      gp-drop-down::part(button) {
        width: 2rem;
        height: 2.25rem;
        padding: 0;
        border-color: transparent;
        background: none;
        color: var(--ink-soft);
      }

      gp-drop-down::part(button):hover {
        color: var(--ink);
      }

      gp-drop-down::part(menu) {
        position: absolute;
        inset: 100% 0 auto auto;
        gap: 0;
        margin: 0;
        padding: var(--space-1);
      }

      svg {
        width: 1rem;
        fill: currentcolor;
      }

      button {
        border-color: transparent;
        background: none;
        text-align: left;
      }

      button:hover:enabled {
        background: var(--line);
      }

      @media (pointer: coarse) {
        gp-drop-down::part(button) {
          width: 2.75rem;
          height: 2.75rem;
        }
      }
    `,
  ];

  override focus(): void {
    this.dropDown.focus();
  }

  protected override render() {
    return html`<gp-drop-down label="Arrange ${this.label}">
      <svg slot="picture" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="3" cy="8" r="1.5" />
        <circle cx="8" cy="8" r="1.5" />
        <circle cx="13" cy="8" r="1.5" />
      </svg>
      <button @click=${this.#find}>Find a scheme</button>
      ${commands.map(
        ({ command, name }) =>
          html`<button ?disabled=${this.barred.includes(command)} @click=${() => this.#choose(command)}>${name}</button>`,
      )}
    </gp-drop-down>
    ${
      this.finding
        ? html`<gp-scheme-finder
            .table=${this.table}
            .choice=${this.choice}
            .label=${this.label}
            @dialog-closed=${this.#found}
          ></gp-scheme-finder>`
        : nothing
    }`;
  }

  readonly #find = async () => {
    await import('./scheme-finder.js');
    this.dropDown.close();
    this.finding = true;
  };

  readonly #found = () => {
    this.finding = false;
    this.dropDown.focus();
  };

  #choose(command: PanelCommand) {
    this.dropDown.close();
    this.dispatchEvent(new PanelAction(command));
  }
}
