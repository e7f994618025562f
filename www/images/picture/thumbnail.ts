// One picture, as large as there is room, with what it is below it.
import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { pixelsOf, type World } from '../engine/backend.js';
import { side } from './grid.js';

@customElement('gp-picture-thumbnail')
export class PictureThumbnail extends LitElement {
  @property({ attribute: false }) world: World | null = null;
  /** As data; null where there is none. */
  @property({ attribute: false }) data: Float32Array | null = null;
  /** What it is; the element around says it where this is empty. */
  @property() label = '';

  @query('canvas') private readonly canvas!: HTMLCanvasElement;

  static override styles = css`
    :host {
      display: block;
      min-width: 0;
    }

    canvas {
      box-sizing: border-box;
      display: block;
      width: 100%;
      aspect-ratio: 1;
      border: 1px solid var(--line);
      image-rendering: pixelated;
    }

    span {
      display: block;
      overflow: hidden;
      color: var(--ink-soft);
      font-size: 0.75rem;
      line-height: 1.35;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
  `;

  protected override render() {
    return html`<canvas width=${side} height=${side} aria-hidden="true"></canvas>${this.label ? html`<span>${this.label}</span>` : nothing}`;
  }

  protected override updated(changed: PropertyValues<this>) {
    if (!changed.has('data') && !changed.has('world')) return;
    const context = this.canvas.getContext('2d')!;
    if (this.world && this.data) context.putImageData(new ImageData(pixelsOf(this.world, this.data), side, side), 0, 0);
    else context.clearRect(0, 0, side, side);
  }
}
