import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { properties } from '../controls/properties.js';
import { toFailure } from '../engine/failure.js';
import { saveFile } from '../study/export.js';
import { controls } from '../styles/controls.js';
import { dialog } from '../styles/dialog.js';
import { elementCode, frameCode, type Shared, type Shape } from '../text/embed-code.js';
import { allGroups, embedGroups, type Group } from './groups.js';

type Form = 'element' | 'frame';

/** Pixels of width that a figure is looked at with: a phone's, a post's, and more. */
const widths = [360, 560, 720, 960, 1200];
const posterName = 'guidance-playground.png';

/** What each group has, in a few words; at length in docs/embedding.md. */
const names: Readonly<Record<Group, string>> = {
  schemes: 'menus of schemes',
  parameters: 'formula and weight',
  menus: 'menus of panels',
  models: 'models and snapshots',
  details: 'more settings of schemes',
  captions: 'what schemes do',
  results: 'results',
  clock: 'clock and strip',
  toolbar: 'toolbar',
  sampling: 'settings of sampling',
  lit: 'what is lit',
  engine: 'what samples',
  studies: 'tried so far, and sweeps',
};

/** A figure for a post, put together while one looks at it. */
@customElement('gp-embed-dialog')
export class EmbedDialog extends LitElement {
  /** What is to be shown there. */
  @property({ attribute: false }) shared!: Shared;
  @state() private form: Form = 'element';
  @state() private width = 720;
  @state() private groups: ReadonlySet<Group> = new Set(embedGroups);
  @state() private poster = false;
  @state() private networks = '';
  @state() private said = '';
  @query('dialog') private readonly dialog!: HTMLDialogElement;
  @query('textarea') private readonly code!: HTMLTextAreaElement;

  static override styles = [
    controls,
    dialog,
    css`
      :host {
        --widest: 80rem;
      }

      h2 {
        margin: 0 0 var(--space-3);
        font-size: var(--size-normal);
      }

      fieldset {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-4);
        margin: 0 0 var(--space-3);
        padding: 0;
        border: 0;
      }

      legend {
        padding: 0;
        color: var(--ink-soft);
        font-size: var(--size-small);
      }

      .preview {
        width: var(--width);
        max-width: 100%;
        margin: 0 0 var(--space-3);
        padding: var(--space-2);
        border: 1px dashed var(--line-strong);
        overflow-x: auto;
      }

      textarea,
      .own input {
        box-sizing: border-box;
        width: 100%;
        padding: var(--space-2);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--surface);
        color: inherit;
        font: var(--size-small) / 1.4 ui-monospace, monospace;
      }

      textarea {
        height: 6.5rem;
        resize: vertical;
      }

      .acts {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        align-items: center;
        margin-top: var(--space-3);
      }

      p {
        margin: 0 0 var(--space-2);
        color: var(--ink-soft);
        font-size: var(--size-small);
        overflow-wrap: anywhere;
      }

      @media (pointer: coarse) {
        fieldset label {
          min-height: 2.75rem;
          line-height: 2.75rem;
        }
      }
    `,
  ];

  protected override firstUpdated() {
    this.dialog.showModal();
  }

  protected override render() {
    const { shared } = this;
    return html`<dialog aria-labelledby="title" @close=${() => this.dispatchEvent(new Event('dialog-closed'))}>
      <h2 id="title">A figure for a post</h2>
      <fieldset>
        <legend>As</legend>
        ${this.#renderForm('element', 'an element, for a page that may have scripts')}
        ${this.#renderForm('frame', 'a frame, for one that may not')}
      </fieldset>
      <fieldset>
        <legend>With</legend>
        ${allGroups.map((group) => this.#renderGroup(group))}
      </fieldset>
      <fieldset>
        <legend>As it looks where there are so many pixels</legend>
        ${widths.map(
          (width) => html`<label>
            <input type="radio" name="width" .checked=${width === this.width} @change=${() => (this.width = width)} /> ${width}
          </label>`,
        )}
      </fieldset>
      <div class="preview" ${properties({ '--width': `${this.width}px` })}>
        <guidance-playground state=${shared.state} show=${this.#shape.show} hide=${this.#shape.hide}></guidance-playground>
      </div>
      ${shared.own.length > 0 ? this.#renderNetworks(shared.own) : nothing}
      <textarea readonly spellcheck="false" aria-label="Code" .value=${this.#code} @focus=${() => this.code.select()}></textarea>
      <div class="acts">
        <button @click=${this.#copy}>Copy the code</button>
        ${
          this.form === 'element'
            ? html`<button @click=${this.#savePoster}>Save a poster</button>
              <label title="What is seen until the figure is there">
                <input
                  type="checkbox"
                  .checked=${this.poster}
                  @change=${({ target }: Event) => (this.poster = (target as HTMLInputElement).checked)}
                />
                with it, beside the post
              </label>`
            : nothing
        }
        <button @click=${() => this.dialog.close()}>Close</button>
        <span role="status">${this.said}</span>
      </div>
    </dialog>`;
  }

  #renderForm(form: Form, name: string) {
    return html`<label>
      <input type="radio" name="form" .checked=${form === this.form} @change=${() => (this.form = form)} /> ${name}
    </label>`;
  }

  #renderNetworks(own: readonly string[]) {
    return html`<p class="own">
      <label>
        Address of the file of ${own.join(', and of ')}
        <input
          type="text"
          inputmode="url"
          autocomplete="off"
          spellcheck="false"
          placeholder="https://… .safetensors"
          .value=${this.networks}
          @input=${({ target }: Event) => (this.networks = (target as HTMLInputElement).value)}
        />
      </label>
      ${
        this.networks.trim()
          ? 'Its host has to allow other pages to fetch it (CORS), unless it is the post’s own.'
          : 'Without it others see a sentence in its place: put the file on a host, and say where.'
      }
    </p>`;
  }

  #renderGroup(group: Group) {
    const toggle = ({ target }: Event) => {
      const groups = new Set(this.groups);
      if ((target as HTMLInputElement).checked) groups.add(group);
      else groups.delete(group);
      this.groups = groups;
    };
    return html`<label><input type="checkbox" .checked=${this.groups.has(group)} @change=${toggle} /> ${names[group]}</label>`;
  }

  get #shape(): Shape {
    const { groups, poster } = this;
    const [more, fewer] = [
      allGroups.filter((group) => groups.has(group) && !embedGroups.includes(group)),
      embedGroups.filter((group) => !groups.has(group)),
    ];
    return { show: more.join(' '), hide: fewer.join(' '), poster: poster ? posterName : '', networks: this.networks.trim() };
  }

  get #code(): string {
    return this.form === 'element' ? elementCode(this.shared, this.#shape) : frameCode(this.shared, this.#shape);
  }

  get #figure() {
    return this.renderRoot.querySelector('guidance-playground')!;
  }

  readonly #copy = async () => {
    this.code.select();
    try {
      await navigator.clipboard.writeText(this.#code);
      this.said = 'Copied.';
    } catch {
      this.said = 'Copying is forbidden here: the code is selected.';
    }
  };

  readonly #savePoster = async () => {
    this.said = 'Drawing…';
    try {
      saveFile(posterName, await this.#figure.exportImage('png', { scale: 2 }));
      this.poster = true;
      this.said = `Put ${posterName} beside the post.`;
    } catch (thrown) {
      this.said = toFailure(thrown).message;
    }
  };
}
