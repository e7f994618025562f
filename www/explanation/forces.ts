// What pulls at one point.
import type { Engine } from '../engine/engine.js';
import { at } from '../engine/questions/questions.js';
import { isOneField, type RunConfig } from '../scheme/scheme.js';

export type Vector = [number, number];

export interface Forces {
  point: Vector;
  sigma: number;
  weight: number;
  main: Vector;
  /** Null without a guide. */
  guide: Vector | null;
  /** w (s1 - s0). */
  difference: Vector | null;
  /** What is followed, after the rule of combination. */
  result: Vector;
}

export interface ForcesWanted {
  engine: Engine;
  config: RunConfig;
  step: number;
  point: Vector;
}

export async function findForces({ engine, config, step, point }: ForcesWanted, signal: AbortSignal): Promise<Forces> {
  const points = Float32Array.from(point);
  const { sigma, weight, values } = await engine.ask({ type: 'explain', config, step, points }, signal);
  const vector = (place: number): Vector => [values[place]!, values[place + 1]!];
  const [main, result] = [vector(at.mainScore), vector(at.result)];
  const guide = config.scheme.guide ? vector(at.guideScore) : null;
  const difference = guide && ([weight * (main[0] - guide[0]), weight * (main[1] - guide[1])] satisfies Vector);
  return { point, sigma, weight, main, guide, difference, result };
}

export function isAlike(one: ForcesWanted, other: ForcesWanted): boolean {
  return (
    one.engine === other.engine &&
    one.step === other.step &&
    one.point[0] === other.point[0] &&
    one.point[1] === other.point[1] &&
    isOneField(one.config, other.config)
  );
}
