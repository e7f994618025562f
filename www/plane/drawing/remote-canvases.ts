// Pictures that a worker draws, as the page's main thread sees them: canvases are handed over, scenes described. The main thread
// tells each change at once; the worker draws the latest of each canvas (canvas-renderer.ts).
import type { Picture } from '../../../pkg/gpu/guidance_playground.js';
import { idOf } from '../../scheme/data.js';
import { depict } from './point-look.js';
import type { Renderer, Scene } from './scene.js';
import type { Palette } from './palette.js';

export type CanvasOrder =
  | { type: 'add-canvas'; canvas: number; surface: OffscreenCanvas }
  | { type: 'resize-canvas'; canvas: number; width: number; height: number }
  | { type: 'remove-canvas'; canvas: number }
  /** All pictures that changed in a frame; canvases and runs by the page's numbers. */
  | { type: 'draw'; pictures: Enlarged[] };

export interface Enlarged {
  picture: Picture;
  /** See `Scene`. */
  magnification: number;
}

export class RemoteCanvases {
  readonly #pictures = new Map<number, Enlarged>();
  readonly #frames = new MessageChannel();
  #canvases = 0;

  constructor(
    private readonly send: (order: CanvasOrder, transfer?: Transferable[]) => void,
    /** A canvas cannot be handed over. */
    private readonly refused: () => void,
  ) {
    // Heard after the task that posts it: all panels' pictures make one order.
    this.#frames.port1.onmessage = () => this.#draw();
  }

  /** Takes over a fresh canvas. */
  renderer(element: HTMLCanvasElement): Renderer {
    const canvas = ++this.#canvases;
    try {
      const surface = element.transferControlToOffscreen();
      this.send({ type: 'add-canvas', canvas, surface }, [surface]);
    } catch {
      // Not from within the rendering of the page.
      queueMicrotask(this.refused);
    }
    return new RemoteRenderer(canvas, this.send, (enlarged) => {
      if (this.#pictures.size === 0) this.#frames.port2.postMessage(null);
      this.#pictures.set(canvas, enlarged);
    });
  }

  dispose(): void {
    this.#frames.port1.close();
  }

  #draw(): void {
    this.send({ type: 'draw', pictures: [...this.#pictures.values()] });
    this.#pictures.clear();
  }
}

/** Describes scenes of one canvas. */
class RemoteRenderer implements Renderer {
  #width = 1;
  #height = 1;
  #pixelRatio = 1;

  constructor(
    private readonly canvas: number,
    private readonly send: (order: CanvasOrder) => void,
    private readonly show: (enlarged: Enlarged) => void,
  ) {}

  resize(width: number, height: number, pixelRatio: number): void {
    this.#pixelRatio = pixelRatio;
    const pixels = (length: number) => Math.max(Math.round(length * pixelRatio), 1);
    this.#width = pixels(width);
    this.#height = pixels(height);
    this.send({ type: 'resize-canvas', canvas: this.canvas, width: this.#width, height: this.#height });
  }

  draw(scene: Scene, palette: Palette): void {
    const { distribution, run } = scene;
    const picture = {
      canvas: this.canvas,
      distribution: idOf(distribution),
      run: run?.id,
      ...depict(scene, run?.config.particles ?? 1, palette, this.#width, this.#height, this.#pixelRatio),
    };
    this.show({ picture, magnification: scene.magnification });
  }

  dispose(): void {
    this.send({ type: 'remove-canvas', canvas: this.canvas });
  }
}
