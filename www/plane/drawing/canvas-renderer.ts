// In a worker: the page's canvases, each with its latest picture. What changes while pictures are drawn is drawn after them, at once.
//
// The page's frames are the clock, and a worker's own cannot be: in Chromium they stop for good once a canvas has left the page with
// pictures that it had not shown yet, and all others would stay as they are, or empty.
import type { Picture } from '../../../pkg/gpu/guidance_playground.js';
import { isSameView } from './camera.js';
import type { CanvasOrder } from './remote-canvases.js';

/** What draws; `T` is what it knows a canvas by. */
export interface Painter<T> {
  add(surface: OffscreenCanvas): T;
  resize(canvas: T, width: number, height: number): void;
  remove(canvas: T): void;
  /** `moved` where some show something else than before; the others look better. Nothing is drawn before this is done. */
  draw(pictures: { canvas: T; picture: Picture }[], moved: boolean): void | Promise<void>;
  /** A canvas has shown this view for a while, so that it is worth while to look closely. */
  rest(picture: Picture, magnification: number): void;
}

/** Milliseconds without another view that are a rest. */
const rest = 200;

interface ShownCanvas<T> {
  canvas: T;
  picture: Picture | null;
  magnification: number;
  /** Until its view has not changed for a while. */
  resting: ReturnType<typeof setTimeout> | undefined;
  /** A size that was asked for: taken with the next drawing, since it wipes what is there. */
  size: [number, number] | null;
}

export class CanvasRenderer<T> {
  readonly #shown = new Map<number, ShownCanvas<T>>();
  readonly #undrawn = new Set<ShownCanvas<T>>();
  #moved = false;
  /** Pictures are drawn, or will be once all orders that wait have been heard. */
  #drawing = false;

  constructor(private readonly painter: Painter<T>) {}

  /** What the canvases show. */
  get pictures(): Picture[] {
    return [...this.#shown.values()].flatMap(({ picture }) => picture ?? []);
  }

  hear(order: CanvasOrder): void {
    if (order.type === 'draw') {
      for (const { picture, magnification } of order.pictures) {
        const shown = this.#shown.get(picture.canvas);
        if (!shown) continue;
        const before = shown.picture;
        Object.assign(shown, { picture, magnification });
        const same = before?.distribution === picture.distribution && isSameView(before!.view, picture.view);
        if (!same) this.#watch(shown);
        this.#undrawn.add(shown);
      }
      this.#moved = true;
      return this.#schedule();
    }
    if (order.type === 'add-canvas') {
      const canvas = this.painter.add(order.surface);
      this.#shown.set(order.canvas, { canvas, picture: null, magnification: 1, resting: undefined, size: null });
      return;
    }
    const shown = this.#shown.get(order.canvas);
    if (!shown) return;
    if (order.type === 'resize-canvas') {
      shown.size = [order.width, order.height];
    } else {
      this.#shown.delete(order.canvas);
      this.#undrawn.delete(shown);
      clearTimeout(shown.resting);
      this.painter.remove(shown.canvas);
    }
  }

  /** Draws all pictures anew, since they look better than before. */
  redraw(): void {
    for (const shown of this.#shown.values()) this.#undrawn.add(shown);
    this.#schedule();
  }

  #watch(shown: ShownCanvas<T>): void {
    clearTimeout(shown.resting);
    shown.resting = setTimeout(() => this.painter.rest(shown.picture!, shown.magnification), rest);
  }

  #schedule(): void {
    if (this.#drawing || this.#undrawn.size === 0) return;
    this.#drawing = true;
    setTimeout(() => this.#draw(), 0);
  }

  #draw(): void {
    const drawn = [...this.#undrawn].flatMap((shown) => {
      const { canvas, picture, size } = shown;
      if (!picture) return [];
      if (size) this.painter.resize(canvas, ...size);
      shown.size = null;
      return { canvas, picture };
    });
    this.#undrawn.clear();
    const moved = this.#moved;
    this.#moved = false;
    const done = () => {
      this.#drawing = false;
      this.#schedule();
    };
    // One picture that fails is to keep none of the next from being drawn.
    let painted: Promise<void> | undefined;
    try {
      painted = this.painter.draw(drawn, moved) ?? undefined;
    } finally {
      if (!painted) done();
    }
    void painted?.finally(done);
  }
}
