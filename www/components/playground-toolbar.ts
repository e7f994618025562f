import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ExportSource } from '../export/export-source.js';
import type { Tool } from '../plane/state/look.js';
import type { ViewCommand } from '../plane/picture/seen.js';
import { controls } from '../styles/controls.js';
import { describeOwn, elementCode, frameCode, type Shared } from '../text/embed-code.js';
import './embed-menu.js';
import type { FormChosen } from './embed-menu.js';
import './export-menu.js';

export class ToolChosen extends Event {
  constructor(readonly tool: Tool) {
    super('tool-chosen');
  }
}

export type ToolbarCommand = 'undo' | 'redo' | 'reset' | 'add' | ViewCommand;

export class ToolbarAction extends Event {
  constructor(readonly command: ToolbarCommand) {
    super('toolbar-action');
  }
}

/** Milliseconds that it says what became of copying. */
const shownFor = 2500;

const tools: { tool: Tool; name: string; meaning: string }[] = [
  {
    tool: 'point',
    name: 'Point',
    meaning: 'Point at a particle to light it in all panels, and see the forces there; press to keep it lit',
  },
  { tool: 'lasso', name: 'Lasso', meaning: 'Draw around particles to light them in all panels' },
  { tool: 'move', name: 'Move', meaning: 'Drag the picture; two fingers or the wheel enlarge it' },
  { tool: 'cut', name: 'Cut', meaning: 'Draw a line, to see the densities along it' },
];

/** What a hand does on the pictures, which part of the plane they show, and the way back. */
@customElement('gp-playground-toolbar')
export class PlaygroundToolbar extends LitElement {
  @property() tool: Tool = 'point';
  @property({ type: Boolean }) canUndo = false;
  @property({ type: Boolean }) canRedo = false;
  @property({ type: Boolean }) canAdd = false;
  /** Whether the data are those that it is a part of. */
  @property({ type: Boolean }) canCloseUp = false;
  /** Whether the overview is seen. */
  @property({ type: Boolean }) overview = true;

  /** What can be copied. */
  @property({ attribute: false }) shared: (() => Shared) | null = null;
  /** What became of copying, for a while. */
  @state() private copied: { what: 'link' | 'code'; said: string } | null = null;
  /** What others lack of what was copied last. */
  @state() private lacking = '';
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
    const { copied } = this;
    const send = (command: ToolbarCommand) => () => this.dispatchEvent(new ToolbarAction(command));
    // Not `disabled`, which would take the focus from whoever has pressed it for the last time.
    const button = (name: string, command: ToolbarCommand, can: boolean) =>
      html`<button aria-disabled=${can ? 'false' : 'true'} @click=${can ? send(command) : nothing}>${name}</button>`;
    return html`
      <fieldset>
        <legend class="visually-hidden">On the pictures</legend>
        ${tools.map(
          ({ tool, name, meaning }) => html`<label title=${meaning}>
            <input
              type="radio"
              name="tool"
              value=${tool}
              .checked=${tool === this.tool}
              @change=${() => this.dispatchEvent(new ToolChosen(tool))}
            />${name}
          </label>`,
        )}
      </fieldset>
      <div class="group" role="group" aria-label="View">
        <button class="square" aria-label="Smaller" @click=${send('farther')}>−</button>
        <button class="square" aria-label="Larger" @click=${send('closer')}>+</button>
        ${button('Overview', 'overview', !this.overview)}
        <button
          title="The part that the autoguidance paper enlarges"
          ?disabled=${!this.canCloseUp}
          @click=${send('close-up')}
        >
          Close-up
        </button>
      </div>
      <div class="group last" role="group" aria-label="Settings">
        ${button('Undo', 'undo', this.canUndo)}
        ${button('Redo', 'redo', this.canRedo)}
        <button @click=${send('reset')}>Reset</button>
        <button title="An address that brings back all that is set" @click=${() => void this.#copy('link', ({ page }) => page)}>
          ${copied?.what === 'link' ? copied.said : 'Copy link'}
        </button>
        <gp-embed-menu
          copied=${copied?.what === 'code' ? copied.said : ''}
          @form-chosen=${({ form }: FormChosen) => void this.#copy('code', form === 'element' ? elementCode : frameCode)}
        ></gp-embed-menu>
        <gp-export-menu .source=${this.source}></gp-export-menu>
        <span class="visually-hidden" role="status">${copied?.said}</span>
      </div>
      ${button('Add a panel', 'add', this.canAdd)}
      ${this.lacking ? html`<p role="status" data-lacking>${this.lacking}</p>` : nothing}
    `;
  }

  async #copy(what: 'link' | 'code', text: (shared: Shared) => string) {
    let said = 'Copied';
    const shared = this.shared!();
    this.lacking = describeOwn(shared.own);
    try {
      await navigator.clipboard.writeText(text(shared));
    } catch {
      // Refused, or not offered to a page that came unencrypted.
      said = 'Copying is forbidden here: use the address bar';
    }
    const copied = { what, said };
    this.copied = copied;
    setTimeout(() => {
      if (this.copied === copied) this.copied = null;
    }, shownFor);
  }
}
