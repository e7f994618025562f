// A panel's pictures, as many as a run has, and the hand on them: one is pointed at, or lit, in all panels together.
import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { properties } from '../../controls/properties.js';
import type { World } from '../engine/backend.js';
import { Pinch } from './pinch.js';
import { extent, gap, gridOf, neighbour, side, type Grid } from './grid.js';
import { paintPictures } from './paint.js';

/** Which picture is pointed at: null where none is any more. */
export class PictureAt extends Event {
  constructor(
    readonly picture: number | null,
    /** Pressed: it is to stay lit, or to be so no longer. */
    readonly pressed: boolean,
  ) {
    super('picture-at', { bubbles: true, composed: true });
  }
}

/** One picture is to be as large as the panel, or all are to be seen again. */
export class PictureEnlarged extends Event {
  constructor(
    readonly picture: number | null,
    readonly large: boolean,
  ) {
    super('picture-enlarged', { bubbles: true, composed: true });
  }
}

@customElement('gp-picture-grid')
export class PictureGrid extends LitElement {
  @property({ attribute: false }) world: World | null = null;
  /** As data, one after another; null before there are any. */
  @property({ attribute: false }) data: Float32Array | null = null;
  @property({ attribute: false }) count = 0;
  /** Pictures beside each other; 0 is as square as it can be. */
  @property({ attribute: false }) columns = 0;
  /** The picture that is lit or pointed at; null if none is. */
  @property({ attribute: false }) lit: number | null = null;
  /** Only the lit one. */
  @property({ type: Boolean }) large = false;
  /** What each shows, in words; empty where that is not known yet. */
  @property({ attribute: false }) readings: readonly string[] = [];
  @property() label = '';
  @property() name = '';
  /** What the first panel shows, to be seen in the place of this; null where there is nothing to compare. */
  @property({ attribute: false }) first: Float32Array | null = null;
  /** Whether it is. */
  @state() private flipped = false;
  @query('canvas') private readonly canvas!: HTMLCanvasElement;
  @query('.surface') private readonly surface!: HTMLElement;

  constructor() {
    super();
    new Pinch(this, (large, at) => this.dispatchEvent(new PictureEnlarged(this.#at(at), large)));
  }

  static override styles = css`
    :host {
      position: relative;
      display: block;
      border: 1px solid var(--line);
      border-radius: var(--radius);
      background: var(--surface);
      overflow: hidden;
      cursor: pointer;
      user-select: none;
      /* Two fingers enlarge; one scrolls. */
      touch-action: pan-x pan-y;
    }

    .flip {
      position: absolute;
      inset: var(--space-1) var(--space-1) auto auto;
      height: 1.75rem;
      padding: 0 var(--space-2);
      border: 1px solid var(--line-strong);
      border-radius: var(--radius);
      background: color-mix(in srgb, var(--surface) 88%, transparent);
      color: var(--ink);
      font: inherit;
      font-size: var(--size-small);
      cursor: pointer;
    }

    .flip[aria-pressed='false']:not(:focus-visible) {
      opacity: 0;
    }

    :host(:hover) .flip {
      opacity: 1;
    }

    .flip:focus-visible {
      outline: 2px solid var(--focus);
      outline-offset: 2px;
    }

    @media (pointer: coarse) {
      .flip,
      .flip[aria-pressed='false']:not(:focus-visible) {
        height: 2.75rem;
        opacity: 1;
      }
    }

    .grid {
      position: relative;
      aspect-ratio: var(--across) / var(--down);
    }

    canvas,
    .surface,
    ::slotted(*) {
      position: absolute;
      inset: 0;
    }

    canvas {
      display: block;
      width: 100%;
      height: 100%;
      image-rendering: pixelated;
    }

    .surface:focus-visible {
      outline: 2px solid var(--focus);
      outline-offset: -2px;
    }

    .lit {
      position: absolute;
      inset: var(--top) auto auto var(--left);
      width: var(--wide);
      height: var(--high);
      border: 2px solid var(--accent);
      outline: 1px solid var(--surface);
      pointer-events: none;
    }
  `;

  override focus(): void {
    this.surface.focus({ preventScroll: true });
  }

  get #grid(): Grid {
    if (this.#alone !== null) return { columns: 1, rows: 1 };
    if (this.columns > 0) return { columns: this.columns, rows: Math.ceil(this.count / this.columns) };
    return gridOf(Math.max(this.count, 1));
  }

  /** The picture that is alone to be seen. */
  get #alone(): number | null {
    return this.large && this.lit !== null && this.lit < this.count ? this.lit : null;
  }

  protected override render() {
    const { columns, rows } = this.#grid;
    const [across, down] = [extent(columns), extent(rows)];
    const picture = this.lit !== null && this.lit < this.count ? this.lit : null;
    const told = picture === null ? '' : `, picture ${picture + 1}${this.readings[picture] ? `: ${this.readings[picture]}` : ''}`;
    return html`<div class="grid" ${properties({ '--across': String(across), '--down': String(down) })}>
      <canvas width=${across} height=${down} role="img" aria-label=${this.label}></canvas>
      <slot></slot>
      ${picture === null || this.#alone !== null ? nothing : this.#renderLit(picture, columns, across, down)}
      <div
        class="surface"
        tabindex="0"
        role="group"
        aria-label="Pictures of ${this.name}: arrow keys go from one to the next, Enter keeps one lit, Escape leaves them${told}"
        @pointermove=${this.#point}
        @pointerleave=${() => this.#send(null, false)}
        @click=${this.#press}
        @keydown=${this.#key}
      ></div>
      ${
        this.first
          ? html`<button
            class="flip"
            aria-pressed=${this.flipped ? 'true' : 'false'}
            aria-label="Panel 1 in the place of ${this.name}"
            @click=${() => (this.flipped = !this.flipped)}
          >
            ${this.flipped ? 'A' : 'A/B'}
          </button>`
          : nothing
      }
    </div>`;
  }

  #renderLit(picture: number, columns: number, across: number, down: number) {
    const percent = (pixels: number, of: number) => `${(100 * pixels) / of}%`;
    const place = {
      '--left': percent((picture % columns) * (side + gap), across),
      '--top': percent(Math.floor(picture / columns) * (side + gap), down),
      '--wide': percent(side, across),
      '--high': percent(side, down),
    };
    return html`<div class="lit" ${properties(place)}></div>`;
  }

  protected override updated(changed: PropertyValues) {
    // Setting a canvas's size, which rendering may have done, clears it.
    const drawn = ['data', 'first', 'flipped', 'world', 'count', 'columns', 'large', 'lit'] as const;
    if (drawn.some((name) => changed.has(name))) this.#draw();
  }

  #draw(): void {
    const context = this.canvas.getContext('2d')!;
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const { world, count } = this;
    const data = this.flipped && this.first ? this.first : this.data;
    if (!world || !data) return;
    const { columns } = this.#grid;
    const [first, last] = this.#alone === null ? [0, count] : [this.#alone, this.#alone + 1];
    paintPictures(context, world, data.subarray(first * world.numbers, last * world.numbers), columns);
  }

  #at(event: MouseEvent): number | null {
    if (this.#alone !== null) return this.#alone;
    const { left, top, width, height } = this.surface.getBoundingClientRect();
    const { columns, rows } = this.#grid;
    const [column, row] = [((event.clientX - left) / width) * columns, ((event.clientY - top) / height) * rows].map(Math.floor) as [
      number,
      number,
    ];
    if (column < 0 || row < 0 || column >= columns || row >= rows) return null;
    const picture = row * columns + column;
    return picture < this.count ? picture : null;
  }

  readonly #point = (event: PointerEvent) => {
    if (event.pointerType !== 'touch') this.#send(this.#at(event), false);
  };

  readonly #press = (event: MouseEvent) => this.#send(this.#at(event), true);

  readonly #key = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { columns } = this.#alone === null ? this.#grid : gridOf(this.count);
    if (event.key === 'Escape') this.#send(null, true);
    else if (event.key === 'Enter') this.#send(this.lit ?? 0, true);
    else {
      const next = this.lit === null ? (event.key.startsWith('Arrow') ? 0 : null) : neighbour(event.key, this.lit, this.count, columns);
      if (next === null) return;
      this.#send(next, false);
    }
    event.preventDefault();
    event.stopPropagation();
  };

  #send(picture: number | null, pressed: boolean): void {
    this.dispatchEvent(new PictureAt(picture, pressed));
  }
}
