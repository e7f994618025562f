// Networks that take the place of others in panels.
import type { Chosen } from '../../scheme/address.js';
import { withMain } from '../../scheme/own-network.js';
import type { ModelName } from '../../scheme/scheme.js';
import { repeatsMain, textOf, withGuide } from '../../scheme/table.js';
import { wishOf } from '../../state/changes.js';
import type { State } from '../../state/state.js';
import { planeSchemes } from '../schemes.js';
import type { PlaneKinds } from '../state/kinds.js';
import type { PlannedRun } from './plan.js';

export type Use = 'main' | 'guide';

/** By what a model is and does, what it becomes; null where it stays. */
export type Successors = (model: ModelName, role: Use) => string | null;

/** A run's network where one stands that learned the same, of other data or for others to see; `mine` are those of the visitor's own. */
export function likeOf(run: PlannedRun, use: Use, name: string, mine: 'stay' | 'go'): Successors {
  const { classes, degreesOfFreedom, data } = run;
  return (model, role) => {
    if (role !== use || degreesOfFreedom !== null) return null;
    const of = planeSchemes.networkOf(textOf(model));
    if (!of) return role === 'main' && textOf(model) === `exact:${classes}` ? name : null;
    const free = planeSchemes.ships(model.model) || mine === 'go' || of.data !== data;
    return free && of.condition === classes && of.noise === 'gaussian' ? name : null;
  };
}

/** All panels with successors in the place of their networks. */
export function succeed(state: State<PlaneKinds>, successors: Successors): State<PlaneKinds> {
  return {
    ...state,
    panels: state.panels.map((panel) => {
      const wish = wishOf(panel);
      const scheme = succeeded(wish, successors);
      return scheme === wish.scheme ? panel : { id: panel.id, choice: wish.choice, scheme };
    }),
  };
}

/** A scheme with successors in the place of its networks; the same object where none has any. */
function succeeded({ choice, scheme }: Chosen, successors: Successors): Chosen['scheme'] {
  const [main, guide] = [successors(scheme.main, 'main'), scheme.guide && successors(scheme.guide, 'guide')];
  const next = main === null ? scheme : withMain(planeSchemes, choice, scheme, { model: main, condition: null });
  return guide === null || repeatsMain(planeSchemes.choiceOf(choice).kind) ? next : withGuide(next, { model: guide, condition: null });
}
