import { LitElement, css, html, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { View } from '../../../pkg/guidance_playground.js';
import { toPicture, type Point } from '../drawing/navigation.js';
import type { Scene } from '../drawing/scene.js';
import type { PlaneBackend } from '../engine/backend.js';
import type { Tool } from '../state/look.js';
import type { Cut } from '../explanation/settings.js';
import './particle-view.js';
import { PictureGestures, type PictureHost } from './picture-gestures.js';

/** Another part of the plane is to be seen; null is the overview. */
export class ViewChange extends Event {
  constructor(readonly view: View | null) {
    super('view-change', { bubbles: true, composed: true });
  }
}

/** A pointer rests at a place of the plane; null when it has left. */
export class PointAt extends Event {
  constructor(
    readonly point: Point | null,
    /** How far around it things are meant too. */
    readonly reach: number,
  ) {
    super('point-at', { bubbles: true, composed: true });
  }
}

/** A place was pressed, or some were encircled. */
export class Picked extends Event {
  constructor(
    /** One place, or the corners of a closed line around some. */
    readonly outline: Point[],
    /** How far around one place things are meant too. */
    readonly reach: number,
    /** Whether what is lit stays. */
    readonly besides: boolean,
  ) {
    super('picked', { bubbles: true, composed: true });
  }
}

export class CutChange extends Event {
  constructor(
    readonly cut: Cut | null,
    readonly settled: boolean,
  ) {
    super('cut-change', { bubbles: true, composed: true });
  }
}

/** Pixels around the pointer within which a particle is meant. */
const reach = 14;

/** A panel's square: particles, what is laid over them, and the hand on both. */
@customElement('gp-panel-picture')
export class PanelPicture extends LitElement implements PictureHost {
  @property({ attribute: false }) backend: PlaneBackend | null = null;
  @property({ attribute: false }) scene: Scene | null = null;
  @property({ reflect: true }) tool: Tool = 'point';
  @property() label = '';
  @property() name = '';
  @query('.surface') private readonly surface!: HTMLElement;
  /** The line that a hand draws around particles, in data coordinates. */
  @state() private outline: Point[] = [];

  constructor() {
    super();
    this.addController(new PictureGestures(this, this));
  }

  static override styles = css`
    :host {
      position: relative;
      display: block;
      aspect-ratio: 1;
      border: 1px solid var(--line);
      border-radius: var(--radius);
      background: var(--surface);
      overflow: hidden;
      cursor: crosshair;
      /* Dragging is for the tools. */
      user-select: none;
      /* Two fingers enlarge; one scrolls the page, unless the tool needs it. */
      touch-action: pan-x pan-y;
    }

    :host([tool='move']) {
      cursor: grab;
    }

    :host([tool='move']:active) {
      cursor: grabbing;
    }

    :host([tool='move']),
    :host([tool='lasso']),
    :host([tool='cut']) {
      touch-action: none;
    }

    .surface,
    svg,
    ::slotted(*) {
      position: absolute;
      inset: 0;
    }

    .surface {
      border-radius: inherit;
    }

    .surface:focus-visible {
      outline: 2px solid var(--focus);
      outline-offset: -2px;
    }

    svg {
      width: 100%;
      height: 100%;
      pointer-events: none;
    }

    polygon {
      fill: color-mix(in srgb, var(--ink) 8%, transparent);
      stroke: var(--ink);
      stroke-width: 1.5;
      stroke-dasharray: 4 3;
    }
  `;

  override focus(): void {
    this.surface.focus({ preventScroll: true });
  }

  get view(): View | null {
    return this.scene?.view ?? null;
  }

  /** The pointer's reach, in units of the plane. */
  get #reach(): number {
    return this.view ? (2 * reach * this.view.halfWidth) / this.clientWidth : 0;
  }

  show(view: View | null): void {
    this.dispatchEvent(new ViewChange(view));
  }

  point(at: Point | null): void {
    this.dispatchEvent(new PointAt(at, this.#reach));
  }

  pick(at: Point, besides: boolean): void {
    this.dispatchEvent(new Picked([at], this.#reach, besides));
  }

  lasso(outline: Point[], closed: boolean, besides: boolean): void {
    this.outline = closed ? [] : outline;
    if (closed && outline.length > 2) this.dispatchEvent(new Picked(outline, this.#reach, besides));
  }

  cut(cut: Cut, settled: boolean): void {
    this.dispatchEvent(new CutChange(cut, settled));
  }

  protected override render() {
    return html`
      <gp-particle-view .backend=${this.backend} .scene=${this.scene} label=${this.label}></gp-particle-view>
      <slot></slot>
      ${this.outline.length > 2 ? this.#renderOutline() : nothing}
      <div
        class="surface"
        tabindex="0"
        role="group"
        aria-label="Picture of ${this.name}: plus and minus enlarge, arrow keys move, 0 is the overview"
      ></div>
    `;
  }

  #renderOutline() {
    const size: Point = [this.clientWidth, this.clientHeight];
    const corners = this.outline.map((at) => toPicture(this.view!, size, at).join());
    return html`<svg aria-hidden="true"><polygon points=${corners.join(' ')} /></svg>`;
  }
}
