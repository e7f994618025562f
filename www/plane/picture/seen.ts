// What pictures show of the plane: which part of it, and how it is drawn.
import type { View } from '../../../pkg/guidance_playground.js';
import { followNoise as widened, magnification, sigmaAt } from '../drawing/camera.js';
import { closeUp, zoom } from '../drawing/navigation.js';
import type { Scene } from '../drawing/scene.js';
import type { PlaneRecord } from '../engine/backend.js';
import { pathCount } from '../state/look.js';
import type { Session } from '../../state/session.js';
import type { PlaneKinds } from '../state/kinds.js';
import type { PlaneState } from '../state/state.js';

/** Enlargement by one press of a button. */
const zoomFactor = 1.5;

/** What buttons do to the view. */
export type ViewCommand = 'closer' | 'farther' | 'overview' | 'close-up';

/** What an instrument's pictures show. */
export class Seen {
  constructor(private readonly session: Session<PlaneKinds>) {}

  /** The part of the plane that the data are in; null until that is known. */
  get overview(): View | null {
    const { engine, settings } = this.session;
    return engine?.overviewOf(settings.sampling.distribution) ?? null;
  }

  /** The part that all panels show at this moment; null until the overview is known. */
  get view(): View | null {
    return this.viewAt(Math.min(this.session.settings.playback.position, this.session.computed()));
  }

  /** The same at a position of the clock. */
  viewAt(position: number): View | null {
    const { overview } = this;
    const { view, followNoise } = this.session.settings.look;
    if (view || !overview || !followNoise) return view ?? overview;
    return widened(overview, sigmaAt(this.session.noiseLevels(), position));
  }
}

/** The view after a command; null is the overview. */
export function viewAfter(command: ViewCommand, view: View | null): View | null {
  switch (command) {
    case 'closer':
    case 'farther':
      return view && zoom(view, command === 'closer' ? zoomFactor : 1 / zoomFactor);
    case 'overview':
      return null;
    case 'close-up':
      return closeUp;
  }
}

/** A run's picture; null until its view is known. */
export function sceneOf(
  run: PlaneRecord | null,
  { look, sampling }: PlaneState,
  view: View | null,
  overview: View | null,
  position: number,
): Scene<PlaneRecord> | null {
  if (!view || !overview) return null;
  return {
    view,
    magnification: magnification(view, overview),
    distribution: (run?.config ?? sampling).distribution,
    run: run?.started ? run : null,
    position,
    paths: look.paths ? pathCount : 0,
    shading: look.shading,
  };
}
