import { LitElement, css, html, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { View } from '../../../pkg/guidance_playground.js';
import { fitView } from '../../drawing/camera.js';
import { readColours } from '../../drawing/palette.js';
import type { Lit } from '../../state/lighting.js';
import { SizeWatch, ThemeWatch } from '../watching.js';

/** Radius of the mark where a particle is, and of the one where it would be unguided. */
const mark = 3.5;

/** More ways than that are drawn fainter, to be seen through each other. */
const crowd = 8;

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
    const { canvas, lit, view } = this;
    if (!canvas || !view) return;
    const context = canvas.getContext('2d')!;
    const [width, height] = [this.clientWidth, this.clientHeight];
    const size = [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)] as const;
    if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, width, height);
    if (!lit) return;
    const [ink, halo] = (this.#colours ??= readColours(this, ['--lit', '--surface'])) as [string, string];
    const { scale, x, y } = fitView(view, width, height);
    const length = lit.paths.length / lit.particles.length;
    const passed = Math.floor(this.position);
    const fraction = this.position - passed;
    /** One particle's way so far; where it has got to. */
    const trace = (line: Path2D, paths: Float32Array, particle: number): [number, number] => {
      const begin = particle * length;
      const at = (step: number): [number, number] => [
        x + scale * paths[begin + 2 * step]!,
        y - scale * paths[begin + 2 * step + 1]!,
      ];
      line.moveTo(...at(0));
      for (let step = 1; step <= passed; step++) line.lineTo(...at(step));
      const [from, to] = [at(passed), at(Math.min(passed + 1, length / 2 - 1))];
      const here: [number, number] = [from[0] + fraction * (to[0] - from[0]), from[1] + fraction * (to[1] - from[1])];
      line.lineTo(...here);
      return here;
    };
    const [ways, heads, ghosts, ghostHeads] = [new Path2D(), new Path2D(), new Path2D(), new Path2D()];
    const disc = (path: Path2D, [left, top]: [number, number]) => {
      path.moveTo(left + mark, top);
      path.arc(left, top, mark, 0, 2 * Math.PI);
    };
    lit.particles.forEach((_, index) => {
      if (lit.ghosts) disc(ghostHeads, trace(ghosts, lit.ghosts, index));
      disc(heads, trace(ways, lit.paths, index));
    });
    context.lineJoin = 'round';
    context.globalAlpha = lit.particles.length > crowd ? 0.45 : 1;
    context.strokeStyle = ink;
    context.lineWidth = 1;
    context.setLineDash([3, 3]);
    context.stroke(ghosts);
    context.setLineDash([]);
    context.lineWidth = 1.5;
    context.stroke(ways);
    context.globalAlpha = 1;
    context.lineWidth = 1;
    context.fillStyle = halo;
    context.fill(ghostHeads);
    context.stroke(ghostHeads);
    context.fillStyle = ink;
    context.fill(heads);
    context.strokeStyle = halo;
    context.stroke(heads);
  }
}
