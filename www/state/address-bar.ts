// Keeps the page's address that of its state, so that a reload, a bookmark and a copied link bring it back.
import { hasState } from './address.js';

/** Milliseconds between two writings of the address: browsers forbid writing it often, and some then leave it without a word. */
const rest = 400;

export class AddressBar {
  #timer = 0;
  /** The address as it was last read or written here. */
  #known = '';

  constructor(
    /** The state of now as an address has it. */
    private readonly text: () => string,
    /** Somebody has put another state into the address. */
    private readonly changed: () => void,
  ) {}

  start(): void {
    this.#known = location.href;
    addEventListener('hashchange', this.#hear);
  }

  stop(): void {
    removeEventListener('hashchange', this.#hear);
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  /** The state may be another: it is in the address soon, however fast it goes on changing. */
  note(): void {
    this.#timer ||= window.setTimeout(() => {
      this.#timer = 0;
      this.#write();
    }, rest);
  }

  /** The address of a page of the playground that brings the state of now back. */
  linkTo(page: string): string {
    const address = new URL(page, location.href);
    // Schemes of the query are in the state.
    address.searchParams.delete('schemes');
    address.hash = this.text();
    return address.href.replace(/#$/, '');
  }

  #write(): void {
    // Another state came there, and its event is still on the way: it is not to be written over.
    if (location.href !== this.#known && hasState(location.href)) return this.#hear();
    // The opening view needs no address of its own: a place in the text that was gone to stays there.
    if (!this.text() && !hasState(location.href) && !location.search.includes('schemes=')) return;
    const link = this.linkTo(location.href);
    if (link === location.href) return;
    try {
      history.replaceState(history.state, '', link);
      this.#known = location.href;
      if (location.href !== link) this.note();
    } catch {
      // A frame without an origin of its own may not; links that are copied have the state all the same.
    }
  }

  readonly #hear = () => {
    this.#known = location.href;
    if (hasState(location.href) && location.href !== this.linkTo(location.href)) this.changed();
  };
}
