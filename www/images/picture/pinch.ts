// Two fingers, or the wheel with Ctrl as pinching a touchpad comes, enlarge one picture, and make it small again.
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** How much farther from each other, or nearer, two fingers are to be. */
const ratio = 1.25;

type Host = ReactiveControllerHost & HTMLElement;

export class Pinch implements ReactiveController {
  readonly #fingers = new Map<number, PointerEvent>();
  /** Pixels between the fingers when they came. */
  #apart = 0;
  #listening = new AbortController();

  constructor(
    private readonly host: Host,
    /** Whether it is to be large, and where that was asked for. */
    private readonly enlarge: (is: boolean, at: MouseEvent) => void,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    const { signal } = (this.#listening = new AbortController());
    const on = <T extends keyof HTMLElementEventMap>(type: T, hear: (event: HTMLElementEventMap[T]) => void, passive = true) =>
      this.host.addEventListener(type, hear, { signal, passive });
    on('pointerdown', (event) => {
      if (event.pointerType !== 'touch') return;
      this.#fingers.set(event.pointerId, event);
      this.#apart = this.#distance();
    });
    on('pointermove', (event) => this.#move(event));
    for (const type of ['pointerup', 'pointercancel'] as const) on(type, ({ pointerId }) => this.#fingers.delete(pointerId));
    on(
      'wheel',
      (event) => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        this.enlarge(event.deltaY < 0, event);
      },
      false,
    );
  }

  hostDisconnected(): void {
    this.#listening.abort();
    this.#fingers.clear();
  }

  #move(event: PointerEvent): void {
    if (!this.#fingers.has(event.pointerId)) return;
    this.#fingers.set(event.pointerId, event);
    if (this.#fingers.size !== 2) return;
    const apart = this.#distance();
    if (apart > ratio * this.#apart) this.enlarge(true, event);
    else if (apart * ratio < this.#apart) this.enlarge(false, event);
    else return;
    this.#apart = apart;
  }

  #distance(): number {
    const [one, other] = [...this.#fingers.values()];
    return one && other ? Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) : 0;
  }
}
