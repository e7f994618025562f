// Densities along a straight line.
import type { PlaneEngine } from '../engine/engine.js';
import { at, numbersPerPoint } from '../engine/questions/questions.js';
import { isOneField, type RunConfig } from '../../scheme/scheme.js';
import type { Cut } from './settings.js';

/** Places along the line. */
const places = 241;

export interface CutWanted {
  engine: PlaneEngine;
  config: RunConfig;
  step: number;
  cut: Cut;
}

/** Logarithms of densities at a place; not a number without a guide. */
export interface CutPlace {
  /** From the line's beginning, in the plane's units. */
  distance: number;
  data: number;
  main: number;
  guide: number;
  /** log p1 - log p0. */
  ratio: number;
}

export interface CutFound {
  sigma: number;
  /** After so many steps of so many. */
  step: number;
  steps: number;
  guided: boolean;
  places: CutPlace[];
}

export async function findCut({ engine, config, step, cut }: CutWanted, signal: AbortSignal): Promise<CutFound> {
  const [x, y] = cut.from;
  const [dx, dy] = [cut.to[0] - x, cut.to[1] - y];
  const shares = Array.from({ length: places }, (_, index) => index / (places - 1));
  const points = Float32Array.from(shares.flatMap((share) => [x + share * dx, y + share * dy]));
  const { sigma, values } = await engine.ask({ type: 'explain', config, step, points }, signal);
  const length = Math.hypot(dx, dy);
  return {
    sigma,
    step,
    steps: config.scheme.levels.steps,
    guided: config.scheme.guide !== null,
    places: shares.map((share, index) => {
      const [data, main, guide] = [at.dataDensity, at.mainDensity, at.guideDensity].map(
        (place) => values[index * numbersPerPoint + place]!,
      ) as [number, number, number];
      return { distance: share * length, data, main, guide, ratio: main - guide };
    }),
  };
}

export function isAlike(one: CutWanted, other: CutWanted): boolean {
  const ends = ({ cut: { from, to } }: CutWanted) => [...from, ...to].join();
  return one.engine === other.engine && one.step === other.step && ends(one) === ends(other) && isOneField(one.config, other.config);
}
