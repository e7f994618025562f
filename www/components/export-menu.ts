import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { toFailure } from '../engine/failure.js';
import type { Failure } from '../engine/types.js';
import type { DataFile, ExportSource } from '../lab/lab.js';
import type { DataType, ImageType, PictureLook } from '../lab/request.js';
import { saveFile } from '../study/export.js';
import { controls } from '../styles/controls.js';
import '../controls/drop-down.js';
import type { DropDown } from '../controls/drop-down.js';

interface Item {
  type: ImageType | DataType;
  name: string;
  meaning: string;
}

/** What of a picture's look is on or off. */
const switches = [
  { name: 'transparent', label: 'Transparent' },
  { name: 'captions', label: 'Titles and metrics' },
  { name: 'legend', label: 'Legend' },
] as const;

/** Whichever lab it is. */
const images: { name: string; items: Item[] }[] = [
  {
    name: 'Picture, as the panels are now',
    items: [
      { type: 'png', name: 'PNG', meaning: 'Pixels, as many as the size says' },
      { type: 'svg', name: 'SVG', meaning: 'Of lines, areas and words, to be edited and printed' },
    ],
  },
  {
    name: 'Film, from noise to data',
    items: [
      { type: 'gif', name: 'GIF', meaning: 'Can be pasted anywhere' },
      { type: 'webm', name: 'WebM', meaning: 'A video, where a player is' },
      { type: 'mp4', name: 'MP4', meaning: 'A video, where the browser can make it' },
    ],
  },
];

/** What is being made. */
interface Work {
  name: string;
  share: number;
  stop: AbortController;
}

/** Saves what the panels show, and opens what was saved. */
@customElement('gp-export-menu')
export class ExportMenu extends LitElement {
  /** Of data. */
  @property({ attribute: false }) files: readonly DataFile[] = [];
  /** Of pictures. */
  @property({ attribute: false }) scales: readonly number[] = [];
  @property({ attribute: false }) source: () => ExportSource | null = () => null;
  @state() private work: Work | null = null;
  @state() private failure: Failure | null = null;
  @state() private look: PictureLook = {
    transparent: false,
    captions: true,
    legend: true,
  };
  @query('gp-drop-down') private readonly dropDown!: DropDown;

  static override styles = [
    controls,
    css`
      :host {
        position: relative;
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-2);
        align-items: center;
      }

      [role='group'] {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1);
        max-width: 22rem;
      }

      .name {
        flex-basis: 100%;
        color: var(--ink-soft);
        font-size: var(--size-small);
      }

      .look {
        display: flex;
        flex-wrap: wrap;
        flex-basis: 100%;
        gap: var(--space-1) var(--space-3);
        align-items: center;
        font-size: var(--size-small);
      }

      .look label {
        display: inline-flex;
        gap: var(--space-1);
        align-items: center;
      }

      .open {
        padding-top: var(--space-2);
        border-top: 1px solid var(--line);
      }

      .work {
        display: flex;
        gap: var(--space-2);
        align-items: center;
        font-size: var(--size-small);
      }

      progress {
        width: 5rem;
        height: 4px;
        accent-color: var(--accent);
      }

      .failure {
        flex-basis: 100%;
        max-width: 34rem;
        margin: 0;
        font-size: var(--size-small);
      }
    `,
  ];

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.work?.stop.abort();
  }

  protected override render() {
    const { work, failure } = this;
    const groups = [...images, { name: 'Data, with the whole configuration', items: [...this.files] as Item[] }];
    return html`
      <gp-drop-down label="Export">
        ${groups.map(
          ({ name, items }) => html`<div role="group" aria-label=${name}>
            <span class="name" aria-hidden="true">${name}</span>
            ${items.map(
              (item) => html`<button
                title=${item.meaning}
                aria-disabled=${work ? 'true' : 'false'}
                @click=${() => void this.#save(item)}
              >${item.name}</button>`,
            )}
            ${items.some(({ type }) => type === 'png') ? this.#renderLook() : nothing}
          </div>`,
        )}
        <div class="open" role="group" aria-label="Open">
          <button title="A file of this menu, or the weights of a network" @click=${this.#open}>Open a file…</button>
        </div>
      </gp-drop-down>
      ${
        work
          ? html`<span class="work">
            <progress max="1" .value=${work.share} aria-label="Making ${work.name}"></progress>
            <button @click=${() => work.stop.abort()}>Stop</button>
          </span>`
          : nothing
      }
      ${
        failure
          ? html`<p class="failure" role="alert" data-code=${failure.code}>
            ${failure.message} ${failure.advice} <button @click=${() => (this.failure = null)}>Close</button>
          </p>`
          : nothing
      }
      <span class="visually-hidden" role="status">${work ? `Making ${work.name}` : ''}</span>
    `;
  }

  /** At first as fine as the screen. */
  get #scale(): number | undefined {
    return this.look.scale ?? this.scales.find((scale) => scale >= devicePixelRatio) ?? this.scales.at(-1);
  }

  #renderLook() {
    const set = (change: PictureLook) => (this.look = { ...this.look, ...change });
    return html`<div class="look">
      <label>
        Size
        <select @change=${({ target }: Event) => set({ scale: Number((target as HTMLSelectElement).value) })}>
          ${this.scales.map((scale) => html`<option value=${scale} ?selected=${scale === this.#scale}>${scale}×</option>`)}
        </select>
      </label>
      ${switches.map(
        ({ name, label }) => html`<label>
          <input
            type="checkbox"
            .checked=${this.look[name] ?? false}
            @change=${({ target }: Event) => set({ [name]: (target as HTMLInputElement).checked })}
          />
          ${label}
        </label>`,
      )}
    </div>`;
  }

  async #save({ type, name }: Item) {
    if (this.work) return;
    // Closed before a picture is made, it would leave the pointer over a panel, which then shows what is pointed at.
    const isPicture = type === 'png' || type === 'svg';
    if (!isPicture) this.dropDown.close();
    this.failure = null;
    const stop = new AbortController();
    const progress = (share: number) => (this.work = { name, share, stop });
    progress(0);
    try {
      const source = this.source();
      if (!source) return;
      const { exportData, exportImage, isImage } = await import('../export/export.js');
      const patience = { signal: stop.signal, progress };
      const content = isImage(type)
        ? await exportImage(source, type, { ...patience, ...this.look, scale: this.#scale })
        : await exportData(source, type, patience);
      stop.signal.throwIfAborted();
      saveFile(nameOf(type), content);
    } catch (thrown) {
      if (!stop.signal.aborted) this.failure = toFailure(thrown);
    } finally {
      this.work = null;
      if (isPicture) this.dropDown.close();
    }
  }

  readonly #open = () => {
    this.dropDown.close();
    this.dispatchEvent(new Event('open-file', { bubbles: true, composed: true }));
  };
}

function nameOf(type: ImageType | DataType): string {
  return type.includes('.') ? `guidance-playground-${type}` : `guidance-playground.${type}`;
}
