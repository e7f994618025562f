// What pulls at a point in each of several panels: asked for all at once, so that they never tell of different moments.
import type { PlaneEngine } from '../engine/engine.js';
import { toFailure } from '../../engine/failure.js';
import { at } from '../engine/questions/questions.js';
import type { Failure } from '../../engine/types.js';
import { isOneField, type RunConfig } from '../../scheme/scheme.js';

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

/** Where and when something is asked of a panel's scheme. */
export interface Place {
  config: RunConfig;
  step: number;
  point: Vector;
}

export interface ForcesWanted {
  engine: PlaneEngine;
  /** By panel. */
  places: ReadonlyMap<number, Place>;
}

/** By panel; where a panel's cannot be had, why. */
export type FoundForces = ReadonlyMap<number, Forces | Failure>;

export async function findForces({ engine, places }: ForcesWanted, signal: AbortSignal): Promise<FoundForces> {
  const found = Array.from(places, async ([panel, place]): Promise<[number, Forces | Failure]> => {
    return [panel, await findAt(engine, place, signal).catch(toFailure)];
  });
  return new Map(await Promise.all(found));
}

async function findAt(engine: PlaneEngine, { config, step, point }: Place, signal: AbortSignal): Promise<Forces> {
  const points = Float32Array.from(point);
  const { sigma, weight, values } = await engine.ask({ type: 'explain', config, step, points }, signal);
  const vector = (place: number): Vector => [values[place]!, values[place + 1]!];
  const [main, result] = [vector(at.mainScore), vector(at.result)];
  const guide = config.scheme.guide ? vector(at.guideScore) : null;
  const difference = guide && ([weight * (main[0] - guide[0]), weight * (main[1] - guide[1])] satisfies Vector);
  return { point, sigma, weight, main, guide, difference, result };
}

export function isAlike(one: ForcesWanted, other: ForcesWanted): boolean {
  const isOne = (place: Place, panel: number) => {
    const there = other.places.get(panel);
    return (
      there?.step === place.step &&
      there.point[0] === place.point[0] &&
      there.point[1] === place.point[1] &&
      isOneField(there.config, place.config)
    );
  };
  return (
    one.engine === other.engine && one.places.size === other.places.size && [...one.places].every(([panel, place]) => isOne(place, panel))
  );
}
