import { LitElement, css, html, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { isSameView } from '../drawing/camera.js';
import { type Palette, readPalette } from '../drawing/palette.js';
import type { Renderer, Scene } from '../drawing/scene.js';
import type { PlaneBackend } from '../engine/backend.js';
import { SizeWatch, ThemeWatch } from '../../controls/watching.js';

/** Scenes are made anew on every render of the page; most look as before and need no drawing. */
function looksDifferent(next: Scene | null, last: Scene | null | undefined): boolean {
  return (
    next?.run !== last?.run ||
    next?.distribution !== last?.distribution ||
    next?.magnification !== last?.magnification ||
    next?.position !== last?.position ||
    next?.paths !== last?.paths ||
    next?.shading !== last?.shading ||
    !(next && last ? isSameView(next.view, last.view) : next === last)
  );
}

/** A panel's picture: says what to draw when its scene, its size or the colours change, and never otherwise. */
@customElement('gp-particle-view')
export class ParticleView extends LitElement {
  @property({ attribute: false, hasChanged: looksDifferent }) scene: Scene | null = null;
  /** What draws; null while it is being chosen. */
  @property({ attribute: false }) backend: PlaneBackend | null = null;
  @property() label = '';
  @query('canvas') private readonly canvas!: HTMLCanvasElement;

  #renderer: Renderer | null = null;
  /** The canvas that the renderer has: one that was given away can be had by no other. */
  #drawnOn: HTMLCanvasElement | null = null;
  #canvases = 0;
  #palette: Palette | null = null;

  constructor() {
    super();
    this.addController(new SizeWatch(this, () => this.#resize()));
    this.addController(
      new ThemeWatch(() => {
        this.#palette = null;
        this.#draw();
      }),
    );
  }

  static override styles = css`
    :host {
      display: block;
      height: 100%;
    }

    canvas {
      display: block;
      width: 100%;
      height: 100%;
    }
  `;

  override connectedCallback() {
    super.connectedCallback();
    this.requestUpdate();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#letGo();
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('backend')) this.#letGo();
  }

  protected override render() {
    return keyed(this.#canvases, html`<canvas role="img" aria-label=${this.label}></canvas>`);
  }

  protected override updated() {
    if (this.backend && this.#drawnOn !== this.canvas) {
      this.#drawnOn = this.canvas;
      this.#renderer = this.backend.renderer(this.canvas);
      this.#resize();
    }
    this.#draw();
  }

  /** The next picture needs a canvas of its own. */
  #letGo() {
    this.#renderer?.dispose();
    this.#renderer = null;
    if (this.#drawnOn) this.#canvases += 1;
    this.#drawnOn = null;
  }

  #resize() {
    const { clientWidth, clientHeight } = this;
    if (!this.#renderer || clientWidth === 0) return;
    this.#renderer.resize(clientWidth, clientHeight, devicePixelRatio);
    this.#draw();
  }

  #draw() {
    if (!this.scene || !this.#renderer) return;
    this.#palette ??= readPalette(this);
    this.#renderer.draw(this.scene, this.#palette);
  }
}
