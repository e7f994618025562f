// What a screen reader is told of results.
import type { PlaneRecord } from '../plane/engine/backend.js';
import type { PlaneKinds } from '../plane/state/state.js';
import type { Session } from '../state/session.js';
import { summarise } from '../text/summary.js';

export class Announcer {
  /** The last that there was to say. */
  text = '';
  readonly #told = new WeakSet<PlaneRecord>();

  constructor(private readonly session: Session<PlaneKinds>) {}

  /** Says each panel's result once, when all full runs have ended: one by one, each would silence the one before. */
  look(): void {
    if (this.session.underWay) return;
    const { schemes, settings } = this.session;
    const sentences = settings.panels.flatMap((panel, index) => {
      const { shown } = this.session.runs(panel.id);
      if (!shown?.metrics || shown.preview || this.#told.has(shown)) return [];
      this.#told.add(shown);
      return [`Panel ${index + 1}, ${summarise(schemes.choiceOf(panel.choice), shown.config.scheme, shown.metrics)}`];
    });
    if (sentences.length > 0) this.text = sentences.join(' ');
  }
}
