import { LitElement, css, html, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { View } from '../../../pkg/guidance_playground.js';
import { readColours } from '../../drawing/colours.js';
import { type Lit, type LitColours, litShapes } from '../drawing/lit-shapes.js';
import { paint, type Pen, type Shape } from '../../drawing/shapes.js';
import { SizeWatch, ThemeWatch } from '../../controls/watching.js';

/** Laid over a picture: lit particles with their ways, and dashed the ways that they would have gone unguided. */
@customElement('gp-lit-particles')
export class LitParticles extends LitElement {
  @property({ attribute: false }) view: View | null = null;
  @property({ attribute: false }) lit: Lit | null = null;
  /** Steps passed; a fraction lies between two. */
  @property({ attribute: false }) position = 0;
  @query('canvas') private readonly canvas!: HTMLCanvasElement;
  #colours: string[] | null = null;

  constructor() {
    super();
    this.addController(new SizeWatch(this, () => this.#draw()));
    this.addController(
      new ThemeWatch(() => {
        this.#colours = null;
        this.#draw();
      }),
    );
  }

  static override styles = css`
    :host {
      display: block;
      pointer-events: none;
    }

    canvas {
      display: block;
      width: 100%;
      height: 100%;
    }
  `;

  protected override shouldUpdate(changed: PropertyValues<this>) {
    // With nothing lit, nothing moves.
    return !this.hasUpdated || changed.has('lit') || this.lit !== null;
  }

  protected override render() {
    return html`<canvas aria-hidden="true"></canvas>`;
  }

  protected override updated() {
    this.#draw();
  }

  #draw() {
    const { canvas } = this;
    if (!canvas || !this.view) return;
    const context = canvas.getContext('2d')!;
    const [width, height] = [this.clientWidth, this.clientHeight];
    const size = [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)] as const;
    if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, width, height);
    paint(
      context,
      this.shapes(() => new Path2D()),
    );
  }

  /** What is drawn now. */
  shapes<P extends Pen>(newPath: () => P): Shape<P>[] {
    const { lit, view, position } = this;
    if (!lit || !view) return [];
    return litShapes(lit, position, view, [this.clientWidth, this.clientHeight], this.colours, newPath);
  }

  get colours(): LitColours {
    const [ink, halo] = (this.#colours ??= readColours(this, ['--lit', '--surface']));
    return { ink: ink!, halo: halo! };
  }
}
