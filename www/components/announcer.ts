// What a screen reader is told of results.
import type { RunRecord } from '../engine/backend.js';
import type { Lab } from '../lab/lab.js';
import type { Session } from '../state/session.js';

export class Announcer {
  /** The last that there was to say. */
  text = '';
  readonly #told = new WeakSet<RunRecord>();

  constructor(
    private readonly lab: Lab,
    private readonly session: Session,
  ) {}

  /** Says each panel's result once, when all full runs have ended: one by one, each would silence the one before. */
  look(): void {
    if (this.session.underWay) return;
    const { schemes, metrics } = this.lab;
    const sentences = this.session.settings.panels.flatMap((panel, index) => {
      const { shown } = this.session.runs(panel.id);
      if (!shown?.metrics || shown.preview || this.#told.has(shown)) return [];
      this.#told.add(shown);
      return [`Panel ${index + 1}, ${metrics.summarise(schemes.choiceOf(panel.choice), shown.config, shown.metrics)}`];
    });
    if (sentences.length > 0) this.text = sentences.join(' ');
  }
}
