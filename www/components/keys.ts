// The instrument's keys, and what a key that is held down means.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Session } from '../state/session.js';
import { togglePlay } from '../state/changes.js';

interface Host extends ReactiveControllerHost, HTMLElement {
  /** Whether keys are meant for it wherever the focus is: where the page is about it. */
  readonly wholePage: boolean;
}

/** What has a use of its own for Space. */
const controls = 'a[href], button, input, select, textarea, summary, dialog, [contenteditable], [role=button], [role=slider]';
const textFields = 'input:not([type=range], [type=checkbox], [type=radio]), textarea, [contenteditable]';

/** Ctrl+Z and Ctrl+Shift+Z take back and do again; Space plays and pauses where no control has the focus. */
export class Keys implements ReactiveController {
  #listening = new AbortController();
  /** Whether something is typed that is not heard yet: taking that back is the browser's. */
  #typing = false;

  constructor(
    private readonly host: Host,
    private readonly session: Session,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    const { host, session } = this;
    const { signal } = (this.#listening = new AbortController());
    const first = { capture: true, signal };
    host.addEventListener('keydown', ({ repeat }) => session.hold(repeat), first);
    for (const type of ['keyup', 'blur']) addEventListener(type, () => session.release(), first);
    host.addEventListener('input', (event) => (this.#typing = isWithin(event, textFields)), first);
    for (const type of ['change', 'focusout']) host.addEventListener(type, () => (this.#typing = false), first);
    // After those that have a use of their own for a key.
    (host.wholePage ? document : host).addEventListener('keydown', (event) => this.#press(event as KeyboardEvent), { signal });
  }

  hostDisconnected(): void {
    this.#listening.abort();
    this.session.release();
  }

  #press(event: KeyboardEvent): void {
    const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
    if (key === 'Enter') this.#typing = false;
    if (event.defaultPrevented || event.isComposing || altKey) return;
    if ((ctrlKey || metaKey) && key.toLowerCase() === 'z') {
      if (isWithin(event, textFields) && (this.#typing || !event.composedPath().includes(this.host))) return;
      event.preventDefault();
      if (shiftKey) this.session.redo();
      else this.session.undo();
    } else if (key === ' ' && !ctrlKey && !metaKey && !shiftKey && this.session.inSight && !hasOwnUse(event)) {
      event.preventDefault();
      this.session.change(togglePlay);
    }
  }
}

/** Whether Space means something else where the focus is: a control, or what scrolls. */
function hasOwnUse(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (isWithin(event, controls)) return true;
  if (!(target instanceof HTMLElement) || target === document.body) return false;
  return target.scrollHeight > target.clientHeight || target.scrollWidth > target.clientWidth;
}

function isWithin(event: Event, selector: string): boolean {
  return event.composedPath().some((each) => each instanceof Element && each.matches(selector));
}
