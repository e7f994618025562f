// In a worker: the page's canvases, each with its latest picture, drawn at most once a frame.
import type { Picture } from '../../pkg/gpu/guidance_playground.js';
import { isSameView } from './camera.js';
import type { CanvasOrder } from './easel.js';

/** What draws; `T` is what it knows a canvas by. */
export interface Painter<T> {
  add(surface: OffscreenCanvas): T;
  resize(canvas: T, width: number, height: number): void;
  remove(canvas: T): void;
  /** `moved` where some show something else than before; the others look better. */
  draw(pictures: { canvas: T; picture: Picture }[], moved: boolean): void;
  /** A canvas has shown this view for a while, so that it is worth while to look closely. */
  rest(picture: Picture): void;
}

/** Milliseconds without another view that are a rest. */
const rest = 200;

interface Hanging<T> {
  canvas: T;
  picture: Picture | null;
  /** Until its view has not changed for a while. */
  resting: ReturnType<typeof setTimeout> | undefined;
  /** A size that was asked for: taken with the next drawing, since it wipes what is there. */
  size: [number, number] | null;
}

export class Gallery<T> {
  readonly #hangings = new Map<number, Hanging<T>>();
  readonly #undrawn = new Set<Hanging<T>>();
  #moved = false;
  #frame = 0;

  constructor(private readonly painter: Painter<T>) {}

  /** What the canvases show. */
  get pictures(): Picture[] {
    return [...this.#hangings.values()].flatMap(({ picture }) => picture ?? []);
  }

  hear(order: CanvasOrder): void {
    if (order.type === 'draw') {
      for (const picture of order.pictures) {
        const hanging = this.#hangings.get(picture.canvas);
        if (!hanging) continue;
        const before = hanging.picture;
        hanging.picture = picture;
        const same = before?.distribution === picture.distribution && isSameView(before!.view, picture.view);
        if (!same) this.#watch(hanging);
        this.#undrawn.add(hanging);
      }
      this.#moved = true;
      return this.#schedule();
    }
    if (order.type === 'add-canvas') {
      const canvas = this.painter.add(order.surface);
      this.#hangings.set(order.canvas, { canvas, picture: null, resting: undefined, size: null });
      return;
    }
    const hanging = this.#hangings.get(order.canvas);
    if (!hanging) return;
    if (order.type === 'resize-canvas') {
      hanging.size = [order.width, order.height];
    } else {
      this.#hangings.delete(order.canvas);
      this.#undrawn.delete(hanging);
      clearTimeout(hanging.resting);
      this.painter.remove(hanging.canvas);
    }
  }

  /** Draws all pictures anew, since they look better than before. */
  redraw(): void {
    for (const hanging of this.#hangings.values()) this.#undrawn.add(hanging);
    this.#schedule();
  }

  #watch(hanging: Hanging<T>): void {
    clearTimeout(hanging.resting);
    hanging.resting = setTimeout(() => this.painter.rest(hanging.picture!), rest);
  }

  #schedule(): void {
    if (this.#undrawn.size > 0) this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#frame = 0;
    const drawn = [...this.#undrawn].flatMap((hanging) => {
      const { canvas, picture, size } = hanging;
      if (!picture) return [];
      if (size) this.painter.resize(canvas, ...size);
      hanging.size = null;
      return { canvas, picture };
    });
    this.#undrawn.clear();
    this.painter.draw(drawn, this.#moved);
    this.#moved = false;
  }
}
