// What the strip shows of the panels.
import type { Scheme } from '../../scheme/scheme.js';
import type { Session } from '../../state/session.js';

/** A panel's weight over the noise levels. */
export interface StripCurve {
  panel: number;
  /** Counted from 1, as panels are called. */
  number: number;
  name: string;
  scheme: Scheme;
  /** Of each step's first stage; null until a run has told it. */
  weights: Float64Array | null;
}

export function curvesOf(session: Session): StripCurve[] {
  return session.settings.panels.map(({ id, choice, scheme }, index) => {
    const { shown, pending } = session.runs(id);
    const latest = pending?.started ? pending : shown;
    const weights = latest?.started ? latest.weights : null;
    return { panel: id, number: index + 1, name: session.schemes.choiceOf(choice).name, scheme, weights };
  });
}
