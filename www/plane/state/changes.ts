// Ways the state changes that only the plane has.
import type { View } from '../../../pkg/guidance_playground.js';
import type { LookState, Tool } from './look.js';
import { crowded, farthestPlace, type PlaneSampling, type PlaneState } from './state.js';

/** With a view and a line that are not beyond all that there is to see. */
export function bound(look: LookState): LookState {
  const { view, cut } = look;
  return {
    ...look,
    view: view && { ...view, x: within(view.x), y: within(view.y) },
    cut: cut && { from: [within(cut.from[0]), within(cut.from[1])], to: [within(cut.to[0]), within(cut.to[1])] },
  };
}

function within(coordinate: number): number {
  return Math.min(Math.max(coordinate, -farthestPlace), farthestPlace);
}

/**
 * What a hand does on the pictures. Who is to cut finds a line across what is seen, since ends can be moved by keys, but no
 * line drawn by them.
 */
export function chooseTool({ look }: PlaneState, tool: Tool, seen: View | null): Partial<LookState> {
  if (tool !== 'cut' || look.cut || !seen) return { tool };
  const { x, y, halfWidth, halfHeight } = seen;
  const [across, up] = [halfWidth / 2, halfHeight / 2];
  return { tool, cut: { from: [x - across, y - up], to: [x + across, y + up] } };
}

/** How particles are drawn unless that is chosen: points that begin to hide each other, by density. */
export function usualShading(particles: number): LookState['shading'] {
  return particles >= crowded ? 'density' : 'points';
}

/** As usual where what is usual has changed; it stays as chosen otherwise. */
export function lookAfter(before: PlaneSampling, after: PlaneSampling): Partial<LookState> {
  const [was, is] = [usualShading(before.particles), usualShading(after.particles)];
  return was === is ? {} : { shading: is };
}
