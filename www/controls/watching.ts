// What an element has to hear of while it is on the page, besides its properties.
import type { ReactiveController } from 'lit';
import { onThemeChange } from '../theme.js';

/** Hears of its size: at the beginning, and when it has become another. */
export class SizeWatch implements ReactiveController {
  readonly #observer: ResizeObserver;

  constructor(
    private readonly element: Element,
    hear: (content: DOMRectReadOnly) => void,
  ) {
    this.#observer = new ResizeObserver(([entry]) => hear(entry!.contentRect));
  }

  hostConnected(): void {
    this.#observer.observe(this.element);
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
  }
}

/** Hears when the colours have become others. */
export class ThemeWatch implements ReactiveController {
  #stop = () => {};

  constructor(private readonly hear: () => void) {}

  hostConnected(): void {
    this.#stop = onThemeChange(this.hear);
  }

  hostDisconnected(): void {
    this.#stop();
  }
}
