import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { Copying } from '../../controls/copying.js';
import type { CodeForm, Lab, LabExplorer, ViewKinds } from '../../lab/lab.js';
import type { PanelCommand } from '../../state/changes.js';
import type { PanelState, State } from '../../state/state.js';
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

/** The panel that a menu is of. */
interface Panel {
  readonly lab: Lab;
  readonly explorer: LabExplorer | null;
  readonly panel: PanelState;
  readonly state: State<ViewKinds>;
}

/** All schemes that it may have, what runs it elsewhere, and its place among the others: folded away, since they are seldom needed. */
@customElement('gp-panel-menu')
export class PanelMenu extends LitElement {
  @property() label = '';
  /** What cannot be done now. */
  @property({ attribute: false }) barred: PanelCommand[] = [];
  @property({ attribute: false }) of!: Panel;
  @state() private finding = false;
  /** What a hand has to copy, where a page may not. */
  @state() private byHand = '';
  readonly #copying = new Copying<CodeForm>(this);
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

      textarea {
        box-sizing: border-box;
        width: min(22rem, 100%);
        height: 7rem;
        margin: var(--space-1);
        padding: var(--space-2);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--surface);
        color: inherit;
        font: var(--size-small) / 1.4 ui-monospace, monospace;
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
      ${this.of.explorer?.code.map((form) => this.#renderCode(form))}
      ${
        this.byHand
          ? html`<textarea readonly spellcheck="false" aria-label="To be copied by hand" .value=${this.byHand}></textarea>`
          : nothing
      }
      ${commands.map(
        ({ command, name }) =>
          html`<button ?disabled=${this.barred.includes(command)} @click=${() => this.#choose(command)}>${name}</button>`,
      )}
      <span class="visually-hidden" role="status">${this.#copying.last?.said}</span>
    </gp-drop-down>
    ${
      this.finding
        ? html`<gp-scheme-finder
            .table=${this.of.lab.schemes}
            .choice=${this.of.panel.choice}
            .label=${this.label}
            @dialog-closed=${this.#found}
          ></gp-scheme-finder>`
        : nothing
    }`;
  }

  /** Its name stays what it does: what became of that is said besides. */
  #renderCode(form: CodeForm) {
    const { last } = this.#copying;
    const name = `Copy as ${form.name}`;
    return html`<button title=${form.meaning} aria-label=${name} @click=${() => this.#copy(form)}>
      ${last?.what === form ? last.said : name}
    </button>`;
  }

  async #copy(form: CodeForm) {
    const { panel, state } = this.of;
    const text = await form.write(panel, state.sampling).catch(() => null);
    if (text === null) return this.#copying.say(form, 'Could not be loaded: try again');
    this.byHand = (await this.#copying.copy(form, text, 'Copying is forbidden here: by hand')) ? '' : text;
    if (!this.byHand) return;
    await this.updateComplete;
    const field = this.renderRoot.querySelector('textarea')!;
    field.focus();
    field.select();
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
