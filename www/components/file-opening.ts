import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Engine } from '../engine/engine.js';
import { toFailure } from '../engine/failure.js';
import type { Failure } from '../engine/types.js';
import type { Opened, OwnNetwork } from '../export/open-file.js';
import type { Chosen } from '../scheme/address.js';
import { withNetwork, type Role } from '../scheme/own-network.js';
import type { Lab, ViewKinds } from '../lab/lab.js';
import type { SamplingState, State } from '../state/state.js';
import { controls } from '../styles/controls.js';

/** A file brings back what was set. */
export class StateOpened extends Event {
  constructor(readonly restored: State<ViewKinds>) {
    super('state-opened');
  }
}

/** A file has data to be sampled. */
export class DataOpened extends Event {
  constructor(readonly change: Partial<SamplingState>) {
    super('data-opened');
  }
}

/** A panel is to have a network of a file. */
export class NetworkOpened extends Event {
  constructor(
    /** Counted from 0. */
    readonly panel: number,
    /** The panel's scheme with it. */
    readonly change: (chosen: Chosen) => Chosen,
    /** What samples the data that it learned; null where that is not known. */
    readonly sampling: Partial<SamplingState> | null,
  ) {
    super('network-opened');
  }
}

const roles: { role: Role; name: string }[] = [
  { role: 'main', name: 'Main net' },
  { role: 'guide', name: 'Guide' },
];
const formats = '.json,.csv,.tsv,.png,.svg,.gif,.webm,.mp4,.npz,.safetensors,application/json,text/csv';

/** A panel's picture on the screen. */
interface Square {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Files dropped on the instrument, or chosen: shows where they can be dropped, asks what is not clear, says what is wrong. */
@customElement('gp-file-opening')
export class FileOpening extends LitElement {
  /** Whether files dropped beside the instrument are meant for it too. */
  @property({ type: Boolean }) everywhere = false;
  @property({ attribute: false }) lab!: Lab;
  @property({ attribute: false }) engine: Engine | null = null;
  /** The panels' names. */
  @property({ attribute: false }) names: string[] = [];
  /** The panels' pictures. */
  @property({ attribute: false }) pictures: () => Element[] = () => [];
  /** What a file hovers over; null where none does. */
  @state() private hovered: { panel: number | null; role: Role } | null = null;
  @state() private squares: Square[] = [];
  @state() private network: OwnNetwork | null = null;
  @state() private said = '';
  @state() private failure: Failure | null = null;
  @query('input[type=file]') private readonly input!: HTMLInputElement;
  @query('dialog') private readonly dialog!: HTMLDialogElement;
  #listening = new AbortController();

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }

      .over {
        position: fixed;
        inset: 0;
        z-index: 10;
        pointer-events: none;
      }

      .line {
        position: fixed;
        inset: var(--space-4) 0 auto;
        width: fit-content;
        max-width: calc(100vw - 2rem);
        margin: 0 auto;
        padding: var(--space-2) var(--space-4);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--surface);
        font-weight: 500;
        text-align: center;
      }

      .square {
        position: fixed;
        display: grid;
        grid-template-rows: 1fr 1fr;
        gap: 2px;
        padding: 2px;
      }

      .zone {
        display: grid;
        place-items: center;
        border: 2px dashed var(--line-strong);
        border-radius: var(--radius);
        background: color-mix(in srgb, var(--surface) 82%, transparent);
        color: var(--ink-soft);
        font-weight: 500;
      }

      .zone.here {
        border: 2px solid var(--accent);
        background: color-mix(in srgb, var(--accent) 16%, var(--surface));
        color: var(--ink);
      }

      dialog {
        max-width: min(26rem, calc(100vw - 2rem));
        padding: var(--space-4) var(--space-6);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--surface);
        color: var(--ink);
      }

      dialog::backdrop {
        background: rgb(0 0 0 / 0.35);
      }

      h2 {
        margin: 0 0 var(--space-1);
        font-size: 1rem;
        overflow-wrap: anywhere;
      }

      dialog p {
        margin: 0 0 var(--space-3);
        color: var(--ink-soft);
        font-size: var(--size-small);
      }

      fieldset {
        display: grid;
        gap: var(--space-1);
        margin: 0 0 var(--space-3);
        padding: 0;
        border: 0;
      }

      fieldset label {
        display: flex;
        gap: var(--space-2);
        align-items: center;
        min-height: 2rem;
      }

      .actions {
        display: flex;
        gap: var(--space-2);
        justify-content: end;
      }

      .notice {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-4);
        align-items: center;
        max-width: 46rem;
        margin: 0 0 var(--space-4);
        padding: var(--space-3) var(--space-4);
        border: 1px solid var(--line);
        border-left: 4px solid var(--accent);
        border-radius: var(--radius);
        background: var(--surface);
      }

      .notice span {
        flex: 1;
        min-width: 12rem;
        overflow-wrap: anywhere;
      }

      @media (pointer: coarse) {
        fieldset label {
          min-height: 2.75rem;
        }
      }
    `,
  ];

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#listening.abort();
  }

  override connectedCallback() {
    super.connectedCallback();
    if (this.hasUpdated) this.#listen();
  }

  protected override firstUpdated() {
    this.#listen();
  }

  #listen() {
    const { signal } = (this.#listening = new AbortController());
    const target = this.everywhere ? document : (this.getRootNode() as ShadowRoot).host;
    target.addEventListener('dragover', (event) => this.#over(event as DragEvent), { signal });
    target.addEventListener('dragleave', (event) => this.#leave(event as DragEvent), { signal });
    target.addEventListener('paste', (event) => this.#paste(event as ClipboardEvent), { signal });
    target.addEventListener('drop', (event) => this.#drop(event as DragEvent), { signal });
  }

  /** Lets the visitor choose a file. */
  choose(): void {
    this.input.click();
  }

  protected override render() {
    const { failure, said } = this;
    return html`
      <input
        type="file"
        hidden
        accept=${formats}
        aria-label="A file to open"
        @change=${() => {
          const [file] = this.input.files ?? [];
          this.input.value = '';
          if (file) void this.#open(file, null);
        }}
      />
      ${this.hovered ? this.#renderTargets(this.hovered) : nothing}
      ${
        failure
          ? html`<p class="notice" role="alert" data-opened=${failure.code}>
            <span><strong>${failure.message}</strong> ${failure.advice}</span>
            <button @click=${() => (this.failure = null)}>Close</button>
          </p>`
          : nothing
      }
      <span class="visually-hidden" role="status" data-opened-status>${said}</span>
      <dialog aria-labelledby="title" @close=${() => (this.network = null)}>${this.network ? this.#renderChooser(this.network) : nothing}</dialog>
    `;
  }

  protected override updated() {
    this.renderRoot.querySelectorAll<HTMLElement>('.square').forEach((square, index) => {
      for (const side of ['left', 'top', 'width', 'height'] as const) {
        square.style.setProperty(side, `${this.squares[index]?.[side] ?? 0}px`);
      }
    });
    if (this.network && !this.dialog.open) this.dialog.showModal();
  }

  #renderTargets({ panel, role }: { panel: number | null; role: Role }) {
    return html`<div class="over" aria-hidden="true">
      <div class="line">Drop an exported file anywhere to bring it back, a drawing or points to sample them, or weights (.safetensors) on a panel</div>
      ${this.squares.map(
        (_, index) => html`<div class="square">
          ${roles.map((each) => html`<div class="zone ${index === panel && each.role === role ? 'here' : ''}">${each.name}</div>`)}
        </div>`,
      )}
    </div>`;
  }

  /** Of a file that was chosen, or dropped beside the panels. */
  #renderChooser({ name, description }: OwnNetwork) {
    return html`<form method="dialog" @submit=${this.#place}>
      <h2 id="title">${name}</h2>
      <p>${description}</p>
      <fieldset>
        <legend class="visually-hidden">Used in</legend>
        <label>Panel
          <select name="panel">${this.names.map((each, index) => html`<option value=${index}>${index + 1}: ${each}</option>`)}</select>
        </label>
        ${roles.map(
          ({ role, name }) =>
            html`<label><input type="radio" name="role" value=${role} ?checked=${role === 'guide'} />Use as ${name.toLowerCase()}</label>`,
        )}
      </fieldset>
      <div class="actions">
        <button type="button" @click=${() => this.dialog.close()}>Cancel</button>
        <button value="use">Use</button>
      </div>
    </form>`;
  }

  readonly #place = ({ target }: Event) => {
    const chosen = new FormData(target as HTMLFormElement);
    if (this.network) this.#use(Number(chosen.get('panel')), chosen.get('role') as Role, this.network);
  };

  #use(panel: number, role: Role, { name, description, sampling }: OwnNetwork) {
    this.dispatchEvent(new NetworkOpened(panel, (chosen) => withNetwork(this.lab.schemes, chosen, role, name), sampling));
    this.said = `Panel ${panel + 1} has ${name} as its ${role === 'main' ? 'main net' : 'guide'}: ${description}.`;
  }

  async #open(file: File, target: { panel: number; role: Role } | null) {
    this.failure = null;
    if (!this.engine) return;
    try {
      const { openFile } = await import('../export/open-file.js');
      this.#take(await openFile(file, this.engine, this.lab), target);
    } catch (thrown) {
      this.failure = toFailure(thrown);
    }
  }

  #take(opened: Opened, target: { panel: number; role: Role } | null) {
    if ('state' in opened) {
      this.said = 'What the file has was brought back. Undo takes that back.';
      this.dispatchEvent(new StateOpened(opened.state));
    } else if ('sampling' in opened) {
      this.said = 'What the file has is sampled now. Undo takes that back.';
      this.dispatchEvent(new DataOpened(opened.sampling));
    } else if (target) {
      this.#use(target.panel, target.role, opened.network);
    } else {
      this.network = opened.network;
    }
  }

  #over(event: DragEvent) {
    if (!event.dataTransfer?.types.includes('Files')) return;
    // Otherwise the browser would open the file in place of the page.
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    this.#measure();
    this.hovered = this.#at(event) ?? { panel: null, role: 'main' };
  }

  #leave({ relatedTarget, currentTarget }: DragEvent) {
    const within = relatedTarget instanceof Node && currentTarget instanceof Node && currentTarget.contains(relatedTarget);
    if (!within) this.hovered = null;
  }

  #drop(event: DragEvent) {
    const files = event.dataTransfer?.files;
    if (!files || event.defaultPrevented) return;
    event.preventDefault();
    this.#measure();
    const target = this.#at(event);
    this.hovered = null;
    if (files.length > 1) {
      this.failure = { code: 'many-files', message: 'More than one file was dropped.', advice: 'Drop one after the other.' };
    } else if (files[0]) {
      void this.#open(files[0], target);
    }
  }

  /** Data that are pasted where nothing else takes text. */
  #paste(event: ClipboardEvent) {
    const [target] = event.composedPath();
    if (target instanceof HTMLElement && target.matches('input, textarea, [contenteditable]')) return;
    const text = event.clipboardData?.getData('text/plain') ?? '';
    const json = /^\s*(\[\s*[[{]|\{\s*")/.test(text);
    if (!json && !/^(#.*\n|\s)*("?x"?\s*[,;\t ]|[-+.\de]+\s*[,;\t ]\s*[-+.\de]+).*\n/i.test(text)) return;
    event.preventDefault();
    void this.#open(new File([text], json ? 'pasted.json' : 'pasted.csv'), null);
  }

  #measure() {
    const squares = this.pictures().map((picture) => picture.getBoundingClientRect());
    if (JSON.stringify(squares) !== JSON.stringify(this.squares)) this.squares = squares;
  }

  /** The half of a panel's picture that an event is over. */
  #at({ clientX, clientY }: DragEvent): { panel: number; role: Role } | null {
    const panel = this.squares.findIndex(
      ({ left, top, width, height }) => clientX >= left && clientX < left + width && clientY >= top && clientY < top + height,
    );
    const square = this.squares[panel];
    return square ? { panel, role: clientY < square.top + square.height / 2 ? 'main' : 'guide' } : null;
  }
}
