// What hands do on a picture: wheel, pinch and keys zoom, dragging does what the tool says.
import type { ReactiveController } from 'lit';
import type { View } from '../../../pkg/guidance_playground.js';
import { pan, toData, zoom, type Point } from '../drawing/navigation.js';
import type { Tool } from '../state/look.js';
import type { Cut } from '../explanation/settings.js';

/** What gestures ask of their picture, and tell it. */
export interface PictureHost {
  /** What is seen now; null before there is anything. */
  readonly view: View | null;
  readonly tool: Tool;
  show(view: View | null): void;
  /** A pointer rests here; null when it has left. */
  point(at: Point | null): void;
  /** Pressed without dragging; `besides` where others are to stay. */
  pick(at: Point, besides: boolean): void;
  /** A lasso, still being drawn or closed. */
  lasso(outline: Point[], closed: boolean, besides: boolean): void;
  cut(cut: Cut, settled: boolean): void;
}

/** A press that moves farther is a drag. */
const stillness = 4;
/** Enlargement by one key press. */
const keyFactor = 1.25;
/** Share of the picture that an arrow key moves by. */
const keyShare = 0.1;
/** Least distance of two points of a lasso, in pixels. */
const lassoStride = 3;

interface Finger {
  begin: Point;
  at: Point;
  dragging: boolean;
}

export class PictureGestures implements ReactiveController {
  readonly #fingers = new Map<number, Finger>();
  #lasso: Point[] = [];

  constructor(
    private readonly element: HTMLElement,
    private readonly host: PictureHost,
  ) {}

  hostConnected(): void {
    const { element } = this;
    element.addEventListener('pointerdown', this.#press);
    element.addEventListener('pointermove', this.#move);
    element.addEventListener('pointerup', this.#release);
    element.addEventListener('pointercancel', this.#cancel);
    element.addEventListener('pointerleave', this.#leave);
    element.addEventListener('wheel', this.#wheel, { passive: false });
    element.addEventListener('keydown', this.#key);
  }

  hostDisconnected(): void {
    const { element } = this;
    element.removeEventListener('pointerdown', this.#press);
    element.removeEventListener('pointermove', this.#move);
    element.removeEventListener('pointerup', this.#release);
    element.removeEventListener('pointercancel', this.#cancel);
    element.removeEventListener('pointerleave', this.#leave);
    element.removeEventListener('wheel', this.#wheel);
    element.removeEventListener('keydown', this.#key);
    this.#fingers.clear();
  }

  #place(event: MouseEvent): Point {
    const box = this.element.getBoundingClientRect();
    return [event.clientX - box.x - this.element.clientLeft, event.clientY - box.y - this.element.clientTop];
  }

  #data(place: Point): Point {
    const { clientWidth, clientHeight } = this.element;
    return toData(this.host.view!, [clientWidth, clientHeight], place);
  }

  /** A vector of the plane for one of the picture. */
  #distance(from: Point, to: Point): Point {
    const [a, b] = [this.#data(from), this.#data(to)];
    return [b[0] - a[0], b[1] - a[1]];
  }

  readonly #press = (event: PointerEvent) => {
    if (!this.host.view || event.button !== 0) return;
    const at = this.#place(event);
    this.#fingers.set(event.pointerId, { begin: at, at, dragging: false });
    // The browser goes on scrolling with a finger unless the tool needs it.
    if (event.pointerType !== 'touch' || this.host.tool !== 'point') this.element.setPointerCapture(event.pointerId);
    if (this.#fingers.size > 1) this.#giveUpLasso();
  };

  readonly #move = (event: PointerEvent) => {
    if (!this.host.view) return;
    const at = this.#place(event);
    const finger = this.#fingers.get(event.pointerId);
    if (!finger) {
      if (event.pointerType !== 'touch') this.host.point(this.#data(at));
      return;
    }
    const before = finger.at;
    const moved = Math.hypot(at[0] - finger.begin[0], at[1] - finger.begin[1]);
    if (!finger.dragging && moved < stillness) return;
    if (this.#fingers.size === 2) this.#pinch(finger, at);
    finger.dragging = true;
    finger.at = at;
    if (this.#fingers.size === 1) this.#drag(finger, before, event);
  };

  #drag({ begin, at }: Finger, before: Point, { shiftKey }: PointerEvent): void {
    const { host } = this;
    switch (host.tool) {
      case 'lasso': {
        const last = this.#lasso.at(-1) ?? begin;
        if (this.#lasso.length === 0) this.#lasso.push(begin);
        if (Math.hypot(at[0] - last[0], at[1] - last[1]) >= lassoStride) this.#lasso.push(at);
        return host.lasso(this.#outline(), false, shiftKey);
      }
      case 'cut':
        return host.cut({ from: this.#data(begin), to: this.#data(at) }, false);
      default:
        host.point(null);
        return host.show(pan(host.view!, this.#distance(at, before)));
    }
  }

  /** Two fingers enlarge by the ratio of their distances, and move with their middle. */
  #pinch(finger: Finger, at: Point): void {
    const other = [...this.#fingers.values()].find((each) => each !== finger)!.at;
    const between = (one: Point) => Math.max(Math.hypot(one[0] - other[0], one[1] - other[1]), 1);
    const middle = (one: Point): Point => [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
    const moved = pan(this.host.view!, this.#distance(middle(at), middle(finger.at)));
    this.host.show(zoom(moved, between(at) / between(finger.at), this.#data(middle(at))));
  }

  readonly #release = (event: PointerEvent) => {
    const finger = this.#fingers.get(event.pointerId);
    this.#fingers.delete(event.pointerId);
    if (!finger || !this.host.view) return;
    const { begin, at, dragging } = finger;
    // A finger does not hover: where it was is what it points at.
    if (!dragging && event.pointerType === 'touch') this.host.point(this.#data(begin));
    if (!dragging) this.host.pick(this.#data(begin), event.shiftKey || event.ctrlKey || event.metaKey);
    else if (this.#lasso.length > 0) this.host.lasso(this.#outline(), true, event.shiftKey);
    else if (this.host.tool === 'cut' && this.#fingers.size === 0) {
      this.host.cut({ from: this.#data(begin), to: this.#data(at) }, true);
    }
    this.#lasso = [];
  };

  readonly #cancel = ({ pointerId }: PointerEvent) => {
    this.#fingers.delete(pointerId);
    this.#giveUpLasso();
  };

  readonly #leave = ({ pointerId }: PointerEvent) => {
    if (!this.#fingers.has(pointerId)) this.host.point(null);
  };

  #outline(): Point[] {
    return this.#lasso.map((place) => this.#data(place));
  }

  #giveUpLasso(): void {
    if (this.#lasso.length > 0) this.host.lasso([], true, true);
    this.#lasso = [];
  }

  /** The wheel belongs to the page, unless the picture has been chosen or a key says otherwise (as pinching a touchpad does). */
  readonly #wheel = (event: WheelEvent) => {
    const { host } = this;
    if (!host.view || !(event.ctrlKey || event.metaKey || this.element.matches(':focus-within'))) return;
    event.preventDefault();
    // Lines and pages count as so many pixels; pinching comes in small numbers.
    const pixels = event.deltaY * [1, 16, 400][event.deltaMode]! * (event.ctrlKey ? 5 : 1);
    host.show(zoom(host.view, Math.exp(-Math.min(Math.max(pixels, -300), 300) / 500), this.#data(this.#place(event))));
  };

  readonly #key = (event: KeyboardEvent) => {
    const { view } = this.host;
    if (!view || event.ctrlKey || event.metaKey || event.altKey) return;
    const [x, y] = [2 * keyShare * view.halfWidth, 2 * keyShare * view.halfHeight];
    const views: Record<string, () => View | null> = {
      '+': () => zoom(view, keyFactor),
      '=': () => zoom(view, keyFactor),
      '-': () => zoom(view, 1 / keyFactor),
      '0': () => null,
      ArrowLeft: () => pan(view, [-x, 0]),
      ArrowRight: () => pan(view, [x, 0]),
      ArrowUp: () => pan(view, [0, y]),
      ArrowDown: () => pan(view, [0, -y]),
    };
    const next = views[event.key];
    if (!next) return;
    event.preventDefault();
    this.host.show(next());
  };
}
