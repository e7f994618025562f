import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { Copying } from '../controls/copying.js';
import type { ExportSource, LabExplorer } from '../lab/lab.js';
import type { SamplingState } from '../state/state.js';
import { controls } from '../styles/controls.js';
import { describeOwn, elementCode, frameCode, type Shared } from '../text/embed-code.js';
import './embed-menu.js';
import type { FormChosen } from './embed-menu.js';
import './export-menu.js';

export type ToolbarCommand = 'undo' | 'redo' | 'reset' | 'add';

export class ToolbarAction extends Event {
  constructor(readonly command: ToolbarCommand) {
    super('toolbar-action');
  }
}

/** The lab's tools, the way back, and what can be taken along. */
@customElement('gp-playground-toolbar')
export class PlaygroundToolbar extends LitElement {
  @property({ attribute: false }) explorer: LabExplorer | null = null;
  @property({ attribute: false }) look: object = {};
  @property({ attribute: false }) sampling!: SamplingState;
  @property({ type: Boolean }) canUndo = false;
  @property({ type: Boolean }) canRedo = false;
  @property({ type: Boolean }) canAdd = false;

  /** What can be copied. */
  @property({ attribute: false }) shared: (() => Shared) | null = null;
  readonly #copying = new Copying<'link' | 'code'>(this);
  /** What others lack of what was copied last. */
  @state() private lacking = '';
  /** What is put together for a post, while it is. */
  @state() private embedding: Shared | null = null;
  /** Of saved pictures. */
  @property({ attribute: false }) scales: readonly number[] = [];
  /** What can be saved. */
  @property({ attribute: false }) source: () => ExportSource | null = () => null;

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-4);
        align-items: center;
      }

      .group {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1);
        align-items: center;
      }

      .last {
        margin-left: auto;
      }

      fieldset {
        display: flex;
        min-width: 0;
        margin: 0;
        padding: 0;
        border: 1px solid var(--line);
        border-radius: var(--radius);
      }

      fieldset label {
        position: relative;
        display: grid;
        place-items: center;
        height: calc(2rem - 2px);
        padding: 0 var(--space-3);
        border-radius: calc(var(--radius) - 1px);
        color: var(--ink-soft);
        font-weight: 500;
        cursor: pointer;
      }

      fieldset label:has(:checked) {
        background: var(--line);
        color: var(--ink);
      }

      fieldset label:has(:focus-visible) {
        outline: 2px solid var(--focus);
        outline-offset: 2px;
      }

      fieldset input {
        position: absolute;
        inset: 0;
        opacity: 0;
        cursor: pointer;
      }

      p {
        flex-basis: 100%;
        margin: 0;
        font-size: var(--size-small);
        overflow-wrap: anywhere;
      }

      .square {
        width: 2rem;
        padding: 0;
      }

      @media (forced-colors: active) {
        fieldset label:has(:checked) {
          outline: 1px solid;
        }
      }

      @media (pointer: coarse) {
        fieldset label {
          height: calc(2.75rem - 2px);
        }

        .square {
          width: 2.75rem;
        }
      }

      @container (max-width: 705px) {
        :host {
          gap: var(--space-2) var(--space-3);
        }

        .last {
          margin-left: 0;
        }
      }
    `,
  ];

  protected override render() {
    const copied = this.#copying.last;
    const send = (command: ToolbarCommand) => () => this.dispatchEvent(new ToolbarAction(command));
    // Not `disabled`, which would take the focus from whoever has pressed it for the last time.
    const button = (name: string, command: ToolbarCommand, can: boolean) =>
      html`<button aria-disabled=${can ? 'false' : 'true'} @click=${can ? send(command) : nothing}>${name}</button>`;
    return html`
      ${this.explorer?.renderTools(this.look, this.sampling)}
      <div class="group last" role="group" aria-label="Settings">
        ${button('Undo', 'undo', this.canUndo)}
        ${button('Redo', 'redo', this.canRedo)}
        <button @click=${send('reset')}>Reset</button>
        <button title="An address that brings back all that is set" @click=${() => void this.#copy('link', ({ page }) => page)}>
          ${copied?.what === 'link' ? copied.said : 'Copy link'}
        </button>
        <gp-embed-menu
          copied=${copied?.what === 'code' ? copied.said : ''}
          @form-chosen=${({ form }: FormChosen) =>
            form === 'choose' ? this.#choose() : void this.#copy('code', form === 'element' ? elementCode : frameCode)}
        ></gp-embed-menu>
        <gp-export-menu .files=${this.explorer?.files ?? []} .scales=${this.scales} .source=${this.source}></gp-export-menu>
        <span class="visually-hidden" role="status">${copied?.said}</span>
        ${
          this.embedding
            ? html`<gp-embed-dialog .shared=${this.embedding} @dialog-closed=${() => (this.embedding = null)}></gp-embed-dialog>`
            : nothing
        }
      </div>
      ${button('Add a panel', 'add', this.canAdd)}
      ${this.lacking ? html`<p role="status" data-lacking>${this.lacking}</p>` : nothing}
    `;
  }

  /** Fetched for the first. */
  async #choose() {
    const fetched = await import('./embed-dialog.js').catch(() => null);
    if (fetched) this.embedding = this.shared!();
    else this.lacking = 'What puts figures together could not be loaded: check the connection, then try again.';
  }

  async #copy(what: 'link' | 'code', text: (shared: Shared) => string) {
    const shared = this.shared!();
    this.lacking = describeOwn(shared.own);
    await this.#copying.copy(what, text(shared), 'Copying is forbidden here: use the address bar');
  }
}
