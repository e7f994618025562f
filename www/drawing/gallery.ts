// In a worker: the page's canvases, each with its latest picture, drawn at most once a frame.
import type { Picture, View } from '../../pkg/gpu/guidance_playground.js';
import type { CanvasOrder } from './easel.js';

/** What draws; `T` is what it knows a canvas by. */
export interface Painter<T> {
  add(surface: OffscreenCanvas): T;
  resize(canvas: T, width: number, height: number): void;
  remove(canvas: T): void;
  draw(pictures: { canvas: T; picture: Picture }[]): void;
  /** The view has not changed for a while, so that it is worth while to look closely. */
  rest(view: View): void;
}

/** Milliseconds without another view that are a rest. */
const rest = 200;

interface Hanging<T> {
  canvas: T;
  picture: Picture | null;
  /** A size that was asked for: taken with the next drawing, since it wipes what is there. */
  size: [number, number] | null;
}

export class Gallery<T> {
  readonly #hangings = new Map<number, Hanging<T>>();
  readonly #undrawn = new Set<Hanging<T>>();
  #frame = 0;
  #resting: ReturnType<typeof setTimeout> | undefined;
  /** The latest view, which all panels share. */
  #view: View | null = null;

  constructor(private readonly painter: Painter<T>) {}

  hear(order: CanvasOrder): void {
    if (order.type === 'draw') {
      for (const picture of order.pictures) {
        const hanging = this.#hangings.get(picture.canvas);
        if (!hanging) continue;
        hanging.picture = picture;
        this.#undrawn.add(hanging);
        this.#watch(picture.view);
      }
      return this.#schedule();
    }
    if (order.type === 'add-canvas') {
      const canvas = this.painter.add(order.surface);
      this.#hangings.set(order.canvas, { canvas, picture: null, size: null });
      return;
    }
    const hanging = this.#hangings.get(order.canvas);
    if (!hanging) return;
    if (order.type === 'resize-canvas') {
      hanging.size = [order.width, order.height];
    } else {
      this.#hangings.delete(order.canvas);
      this.#undrawn.delete(hanging);
      this.painter.remove(hanging.canvas);
    }
  }

  /** Draws all pictures anew, since they look better than before. */
  redraw(): void {
    for (const hanging of this.#hangings.values()) this.#undrawn.add(hanging);
    this.#schedule();
  }

  #watch(view: View): void {
    const last = this.#view;
    this.#view = view;
    if (last && (Object.keys(view) as (keyof View)[]).every((of) => view[of] === last[of])) return;
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.painter.rest(view), rest);
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
    this.painter.draw(drawn);
  }
}
