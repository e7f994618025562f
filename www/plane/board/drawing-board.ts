// A board to draw data on: strokes of a pen, mouse or finger, or corners set by keys.
import { LitElement, css, html, nothing, svg, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { controls } from '../../styles/controls.js';
import { saveFile } from '../../study/export.js';
import { formatCount } from '../../text/format.js';
import { isDrawing } from '../distribution.js';
import { longLink } from '../own-data/links.js';
import { corner, erased, mirrored, straightened } from './editing.js';
import { cross, linesOf } from './painting.js';
import { fault, readDrawing, sizes, units, writeDrawing, type Corner, type Stroke } from './strokes.js';

/** What is drawn now; `settled` is false while the hand still draws. */
export class Drawn extends Event {
  constructor(
    readonly distribution: string,
    readonly settled: boolean,
  ) {
    super('drawn');
  }
}

/** The part of the plane that the board is of: around the middle of the paper's overview, in units of drawings. */
const middle = 0.3 * units;
const half = 1.5 * units;
/** Milliseconds between two states of a stroke that panels follow. */
const stride = 50;
/** How far an arrow key moves the pen, and with Shift. */
const steps = [8, 1] as const;
/** Standard deviations from a line to its outline in the panels (Karras et al. 2024, the public toy example). */
const outline = 2.12;

type Tool = 'A' | 'B' | 'eraser';
const tools: readonly (readonly [Tool, string])[] = [
  ['A', 'Class A'],
  ['B', 'Class B'],
  ['eraser', 'Eraser'],
];

@customElement('gp-drawing-board')
export class DrawingBoard extends LitElement {
  /** What is sampled now, by name. */
  @property() distribution = '';
  /** What draws named data; null where it cannot be had. */
  @property({ attribute: false }) drawingOf: (distribution: string) => Promise<string> = () => Promise.reject();
  @state() private strokes: readonly Stroke[] = [];
  /** The stroke under the hand, or that keys are setting corners of. */
  @state() private current: Corner[] = [];
  @state() private tool: Tool = 'A';
  @state() private size = 4;
  @state() private straight = false;
  @state() private mirror = false;
  /** Where keys have moved the pen. */
  @state() private pen: readonly [number, number] | null = null;
  @state() private said = '';
  @query('svg') private readonly board!: SVGSVGElement;
  #before: (readonly Stroke[])[] = [];
  /** The text that the strokes have, or that they were made after. */
  #text = '';
  #pointer: number | null = null;
  #lastPlace: Corner | null = null;
  #told = 0;

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-row: span 6;
        grid-template-rows: subgrid;
        grid-template-columns: minmax(0, 1fr);
        min-width: 0;
        padding-bottom: var(--space-6);
      }

      header {
        display: flex;
        gap: var(--space-2);
        align-items: start;
        justify-content: space-between;
      }

      h2 {
        margin: 0;
        font-size: var(--size-large);
        font-weight: 600;
        letter-spacing: -0.01em;
      }

      svg {
        display: block;
        width: 100%;
        aspect-ratio: 1;
        border: 1px dashed var(--ink-soft);
        border-radius: var(--radius);
        background: var(--surface);
        cursor: crosshair;
        touch-action: none;
      }

      path {
        fill: none;
        stroke-linecap: round;
        stroke-linejoin: round;
      }

      .edge-0 {
        stroke: var(--outline-a);
      }

      .ink-0 {
        stroke: var(--region-a);
      }

      .edge-1 {
        stroke: var(--outline-b);
      }

      .ink-1 {
        stroke: var(--region-b);
      }

      .pen {
        stroke: var(--ink);
        stroke-width: 1;
        vector-effect: non-scaling-stroke;
      }

      .tools {
        display: flex;
        flex-wrap: wrap;
        grid-row: 3 / span 4;
        gap: var(--space-2) var(--space-4);
        align-content: start;
        align-items: center;
        font-size: var(--size-small);
      }

      fieldset {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-3);
        margin: 0;
        padding: 0;
        border: 0;
      }

      label {
        display: inline-flex;
        gap: var(--space-1);
        align-items: center;
      }

      .group {
        display: inline-flex;
        gap: var(--space-2);
      }

      p {
        flex-basis: 100%;
        margin: 0;
        color: var(--ink-soft);
        text-wrap: pretty;
      }

      /* Beside its word, and not below. */
      input {
        margin: 0;
      }

      input[type='range'] {
        width: 7rem;
      }

      @media (pointer: coarse) {
        label,
        button {
          min-height: 2.75rem;
        }
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>) {
    if (!changed.has('distribution') || this.distribution === this.#text) return;
    this.#text = this.distribution;
    this.#before = [];
    this.current = [];
    this.#pointer = null;
    if (isDrawing(this.distribution)) this.#read(this.distribution);
    else void this.#drawAfter(this.distribution);
  }

  protected override firstUpdated() {
    this.board.focus({ preventScroll: true });
    // The board is as high as its row, of which the square is to be seen.
    this.board.scrollIntoView({ block: 'center', inline: 'nearest' });
  }

  async #drawAfter(distribution: string) {
    this.strokes = [];
    this.said = 'The data are being drawn …';
    const text = await this.drawingOf(distribution).catch(() => null);
    if (this.#text !== distribution || this.#before.length > 0) return;
    this.#read(text);
  }

  /** What cannot be read is no drawing: an address may have brought it. */
  #read(text: string | null) {
    try {
      this.strokes = readDrawing(text ?? '');
      this.said = '';
    } catch {
      this.strokes = [];
      this.said = 'These data cannot be drawn: begin with an empty board.';
    }
  }

  protected override render() {
    const { strokes, current, tool } = this;
    const of = tool === 'B' ? 1 : 0;
    const drawing = tool !== 'eraser' && current.length > 0 ? this.#finished(current, of) : [];
    return html`
      <header>
        <h2>Your data</h2>
        <button @click=${() => this.dispatchEvent(new Event('closed'))}>Done</button>
      </header>
      <svg
        role="application"
        tabindex="0"
        viewBox="${middle - half} ${-middle - half} ${2 * half} ${2 * half}"
        aria-label="Drawing board: ${strokes.length} strokes. Arrow keys move the pen, Enter sets a corner, Escape ends the stroke."
        @pointerdown=${this.#press}
        @pointermove=${this.#move}
        @pointerup=${this.#release}
        @pointercancel=${this.#cancel}
        @keydown=${this.#key}
      >
        <g transform="scale(1 -1)">
          ${[1, 0].map((each) => this.#renderClass([...strokes, ...drawing], each as 0 | 1))}
          ${this.pen ? svg`<path class="pen" d=${cross(this.pen, this.size)}></path>` : nothing}
        </g>
      </svg>
      <div class="tools">
        <fieldset>
          <legend class="visually-hidden">The pen</legend>
          ${tools.map(
            ([each, name]) => html`<label>
              <input type="radio" name="pen" .checked=${each === tool} @change=${() => (this.tool = each)} />${name}
            </label>`,
          )}
        </fieldset>
        <label>
          Size
          <input
            type="range"
            min=${sizes[0]}
            max=${sizes[1]}
            .value=${String(this.size)}
            @input=${({ target }: Event) => (this.size = Number((target as HTMLInputElement).value))}
          />
        </label>
        <label title="Each stroke is a straight line"><input type="checkbox" .checked=${this.straight} @change=${() => (this.straight = !this.straight)} />Straight</label>
        <label title="Each stroke is drawn on the other side, too"><input type="checkbox" .checked=${this.mirror} @change=${() => (this.mirror = !this.mirror)} />Mirror</label>
        <span class="group">
          <button ?disabled=${this.#before.length === 0 && current.length === 0} @click=${this.#undo}>Undo stroke</button>
          <button ?disabled=${strokes.length === 0} @click=${() => this.#set([])}>Clear</button>
          <button ?disabled=${fault(strokes) !== null} title="As a file that is opened here, and by the command’s --data" @click=${this.#save}>Save</button>
        </span>
        <p role="status">${this.#remark}</p>
      </div>
    `;
  }

  get #remark(): string {
    const { strokes, said } = this;
    if (said) return said;
    if (strokes.length === 0) return 'Draw both classes: A, which is sampled, and B, which it is told from.';
    const wrong = fault(strokes);
    if (wrong) return `Panels show the last whole drawing: ${wrong}.`;
    const { length } = writeDrawing(strokes);
    if (length <= longLink) return '';
    return `Links hold all of this drawing, ${formatCount(length)} letters. Some programs cut long links: save it as a file, too.`;
  }

  #renderClass(strokes: readonly Stroke[], of: 0 | 1) {
    const lines = strokes.filter((stroke) => stroke.class === of).flatMap(({ corners }) => linesOf(corners));
    const paint = (kind: string, less: number) =>
      lines.map(({ d, size }) => svg`<path class="${kind}-${of}" d=${d} stroke-width=${Math.max(2 * outline * size - less, 1)}></path>`);
    return svg`${paint('edge', 0)}${paint('ink', 3)}`;
  }

  #place({ clientX, clientY, pressure, pointerType }: PointerEvent): Corner {
    const box = this.board.getBoundingClientRect();
    const x = middle - half + ((clientX - box.x) / box.width) * 2 * half;
    const y = middle + half - ((clientY - box.y) / box.height) * 2 * half;
    // Pens that are not pressed say one half, as mice do.
    const pressed = pointerType === 'pen' && pressure > 0 ? 2 * pressure : 1;
    return corner(x, y, this.size * pressed);
  }

  readonly #press = (event: PointerEvent) => {
    if (this.#pointer !== null || event.button !== 0) return;
    this.#pointer = event.pointerId;
    this.board.setPointerCapture(event.pointerId);
    this.board.focus({ preventScroll: true });
    this.pen = null;
    this.said = '';
    this.#lastPlace = this.#place(event);
    if (this.tool === 'eraser') {
      this.#remember();
      this.#erase(this.#lastPlace);
    } else {
      this.current = [this.#lastPlace];
      this.#tell(false);
    }
    event.preventDefault();
  };

  readonly #move = (event: PointerEvent) => {
    if (event.pointerId !== this.#pointer) return;
    for (const each of [...(event.getCoalescedEvents?.() ?? []), event]) {
      const place = this.#place(each);
      if (this.tool === 'eraser') this.#erase(place);
      else if (this.straight) this.current = [this.current[0]!, place];
      else if (Math.hypot(place[0] - this.#lastPlace![0], place[1] - this.#lastPlace![1]) >= 1) this.current = [...this.current, place];
      this.#lastPlace = place;
    }
    this.#tell(false);
  };

  readonly #release = (event: PointerEvent) => {
    if (event.pointerId !== this.#pointer) return;
    this.#pointer = null;
    this.#end();
  };

  readonly #cancel = (event: PointerEvent) => {
    if (event.pointerId !== this.#pointer) return;
    this.#pointer = null;
    this.current = [];
    this.#tell(true);
  };

  readonly #key = (event: KeyboardEvent) => {
    const arrows: Record<string, readonly [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, 1],
      ArrowDown: [0, -1],
    };
    const arrow = arrows[event.key];
    const [x, y] = this.pen ?? [Math.round(middle), Math.round(middle)];
    if (arrow) {
      const step = steps[event.shiftKey ? 1 : 0];
      const [left, up] = corner(x + step * arrow[0], y + step * arrow[1], this.size);
      this.pen = [left, up];
    } else if (event.key === 'Enter' || event.key === ' ') {
      this.pen = [x, y];
      this.said = '';
      if (this.tool === 'eraser') {
        this.#remember();
        this.#lastPlace = corner(x, y, this.size);
        this.#erase(this.#lastPlace);
        this.#tell(true);
      } else {
        this.current = [...this.current, corner(x, y, this.size)];
        this.#tell(false);
      }
    } else if (event.key === 'Escape' && this.current.length > 0) {
      // Of a hand that draws, too.
      this.#pointer = null;
      this.#end();
    } else if (this.#ownUndo && (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'z') {
      this.#undo();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** Whether taking back is the board's: the instrument does not know of what is under the hand, or is no drawing yet. */
  get #ownUndo(): boolean {
    return this.current.length > 0 || this.#pointer !== null || (this.#before.length > 0 && fault(this.strokes) !== null);
  }

  #erase(to: Corner) {
    this.strokes = erased(this.strokes, [this.#lastPlace ?? to, to], outline * this.size);
  }

  /** The stroke, and its mirror image. */
  #finished(corners: readonly Corner[], of: 0 | 1): Stroke[] {
    const stroke: Stroke = { class: of, corners: straightened(corners) };
    return this.mirror ? [stroke, mirrored(stroke, middle)] : [stroke];
  }

  #end() {
    if (this.tool !== 'eraser' && this.current.length > 0) {
      this.#remember();
      this.strokes = [...this.strokes, ...this.#finished(this.current, this.tool === 'B' ? 1 : 0)];
    }
    this.current = [];
    this.#tell(true);
  }

  #remember() {
    this.#before = [...this.#before.slice(-99), this.strokes];
  }

  #set(strokes: readonly Stroke[]) {
    this.#remember();
    this.said = '';
    this.strokes = strokes;
    this.#tell(true);
  }

  /** Takes the stroke under the hand back, or the last one. */
  readonly #undo = () => {
    if (this.current.length === 0) {
      this.strokes = this.#before.at(-1) ?? this.strokes;
      this.#before = this.#before.slice(0, -1);
    }
    this.#pointer = null;
    this.current = [];
    this.said = '';
    this.#tell(true);
  };

  /** Has panels follow, where the strokes are a drawing. */
  #tell(settled: boolean) {
    const now = performance.now();
    if (!settled && now - this.#told < stride) return;
    const { tool, current } = this;
    const drawing = tool !== 'eraser' && current.length > 0 ? this.#finished(current, tool === 'B' ? 1 : 0) : [];
    const all = [...this.strokes, ...drawing];
    if (fault(all)) return;
    this.#told = now;
    this.#text = writeDrawing(all);
    this.dispatchEvent(new Drawn(this.#text, settled));
  }

  readonly #save = () => {
    const plane = (value: number) => value / units;
    const strokes = this.strokes.map(({ class: of, corners }) => ({
      class: 'AB'[of],
      points: corners.map((each) => each.map(plane)),
    }));
    saveFile('drawing.json', new Blob([`${JSON.stringify({ strokes }, null, 1)}\n`], { type: 'application/json' }));
  };
}
