// What becomes of a copy, said for a while where it was asked for.
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Milliseconds that it says so. */
const shownFor = 2500;

export class Copying<What> implements ReactiveController {
  /** What was copied last, and what became of it; null again after a while. */
  last: { what: What; said: string } | null = null;

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.last = null;
  }

  /** Whether a text is copied; `refused` is said where that is forbidden. */
  async copy(what: What, text: string, refused: string): Promise<boolean> {
    let copied = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Refused, or not offered to a page that came unencrypted.
      copied = false;
    }
    this.say(what, copied ? 'Copied' : refused);
    return copied;
  }

  say(what: What, said: string): void {
    const last = { what, said };
    this.last = last;
    this.host.requestUpdate();
    setTimeout(() => {
      if (this.last !== last) return;
      this.last = null;
      this.host.requestUpdate();
    }, shownFor);
  }
}
