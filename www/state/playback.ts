// The clock: moves the position while playing, and asks for no frame otherwise.

/** Time from noise to data at speed 1. */
const duration = 6000;
/** A frame that comes later than this (the page was hidden) does not make the clock jump. */
const longestFrame = 100;

export class PlaybackClock {
  #frame = 0;
  #last = 0;

  constructor(private readonly advance: (fraction: number) => void) {}

  /** Starts or stops to match what is wanted. */
  set running(wanted: boolean) {
    if (wanted && !this.#frame) {
      this.#last = performance.now();
      this.#frame = requestAnimationFrame(this.#tick);
    } else if (!wanted && this.#frame) {
      cancelAnimationFrame(this.#frame);
      this.#frame = 0;
    }
  }

  readonly #tick = (now: number) => {
    const elapsed = Math.min(Math.max(now - this.#last, 0), longestFrame);
    this.#last = now;
    this.#frame = requestAnimationFrame(this.#tick);
    this.advance(elapsed / duration);
  };
}
