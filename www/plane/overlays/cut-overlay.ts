import { LitElement, css, html, nothing, svg } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { View } from '../../../pkg/guidance_playground.js';
import { toData, toPicture, type Point } from '../drawing/navigation.js';
import type { Cut } from '../explanation/settings.js';
import { formatDecimal } from '../../text/format.js';
import { CutChange } from '../picture/panel-picture.js';
import { properties } from '../../controls/properties.js';
import { SizeWatch } from '../../controls/watching.js';

/** Share of the view that an arrow key moves an end by, and with the shift key. */
const keyShare = 0.02;
const keyShareFar = 0.1;

/** The line of a cut over a picture, with ends to be moved by hand or by keys. Only the ends take the pointer. */
@customElement('gp-cut-overlay')
export class CutOverlay extends LitElement {
  @property({ attribute: false }) cut: Cut | null = null;
  @property({ attribute: false }) view: View | null = null;
  @state() private size: Point = [0, 0];

  constructor() {
    super();
    this.addController(new SizeWatch(this, ({ width, height }) => (this.size = [width, height])));
  }

  static override styles = css`
    :host {
      position: absolute;
      inset: 0;
      display: block;
      /* Over the surface that takes the picture's gestures, which the ends are not. */
      z-index: 1;
      pointer-events: none;
    }

    svg {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
      overflow: hidden;
    }

    line {
      stroke: var(--ink);
      stroke-width: 1.5;
      stroke-dasharray: 6 4;
    }

    line.casing {
      stroke: var(--surface);
      stroke-width: 4;
      stroke-dasharray: none;
      opacity: 0.8;
    }

    button {
      position: absolute;
      left: var(--x);
      top: var(--y);
      width: 1.75rem;
      height: 1.75rem;
      margin: 0;
      padding: 0;
      border: 0;
      border-radius: 50%;
      background: none;
      translate: -50% -50%;
      cursor: grab;
      pointer-events: auto;
      touch-action: none;
    }

    button::after {
      content: '';
      position: absolute;
      inset: 0;
      width: 0.75rem;
      height: 0.75rem;
      margin: auto;
      border: 2px solid var(--ink);
      border-radius: 50%;
      background: var(--surface);
    }

    button.to::after {
      border-radius: 2px;
    }

    button:active {
      cursor: grabbing;
    }

    button:focus-visible {
      outline: 2px solid var(--focus);
      outline-offset: -2px;
    }

    @media (pointer: coarse) {
      button {
        width: 2.75rem;
        height: 2.75rem;
      }
    }
  `;

  protected override render() {
    const { cut, view, size } = this;
    if (!cut || !view || size[0] === 0) return nothing;
    const [[x1, y1], [x2, y2]] = [toPicture(view, size, cut.from), toPicture(view, size, cut.to)];
    const line = (name: string) => svg`<line class=${name} x1=${x1} y1=${y1} x2=${x2} y2=${y2} />`;
    return html`<svg aria-hidden="true">${line('casing')}${line('')}</svg>
      ${this.#renderEnd('from', 'Beginning', [x1, y1])} ${this.#renderEnd('to', 'End', [x2, y2])}`;
  }

  #renderEnd(end: keyof Cut, name: string, [x, y]: Point) {
    const [dataX, dataY] = this.cut![end];
    const place = `${formatDecimal(dataX, 2)}, ${formatDecimal(dataY, 2)}`;
    return html`<button
      class=${end}
      aria-label="${name} of the line, at ${place}: arrow keys move it"
      ${properties({ '--x': `${x}px`, '--y': `${y}px` })}
      @pointerdown=${(event: PointerEvent) => this.#grasp(event)}
      @pointermove=${(event: PointerEvent) => this.#drag(event, end, false)}
      @pointerup=${(event: PointerEvent) => this.#drag(event, end, true)}
      @keydown=${(event: KeyboardEvent) => this.#key(event, end)}
    ></button>`;
  }

  #grasp(event: PointerEvent) {
    if (event.button !== 0) return;
    // The picture beneath would begin a line of its own.
    event.stopPropagation();
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
  }

  #drag(event: PointerEvent, end: keyof Cut, settled: boolean) {
    const handle = event.currentTarget as Element;
    if (!handle.hasPointerCapture(event.pointerId)) return;
    event.stopPropagation();
    const box = this.getBoundingClientRect();
    this.#move(end, toData(this.view!, this.size, [event.clientX - box.x, event.clientY - box.y]), settled);
  }

  #key(event: KeyboardEvent, end: keyof Cut) {
    const directions: Record<string, Point> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, 1],
      ArrowDown: [0, -1],
    };
    const direction = directions[event.key];
    if (!direction) return;
    event.preventDefault();
    event.stopPropagation();
    const stride = 2 * this.view!.halfWidth * (event.shiftKey ? keyShareFar : keyShare);
    const [x, y] = this.cut![end];
    this.#move(end, [x + stride * direction[0], y + stride * direction[1]], true);
  }

  #move(end: keyof Cut, to: Point, settled: boolean) {
    this.dispatchEvent(new CutChange({ ...this.cut!, [end]: to }, settled));
  }
}
