import { unlessAborted } from '../engine/unless-aborted.js';
import { forCore } from '../engine/for-core.js';
import { withModels } from './core.js';
import { pointsOf, schemeOf, type SchemeDescription } from './description.js';
import { checkOptions } from './options.js';
import { isModel } from './models.js';
import { TimeSlices } from './time-slices.js';

export interface ScoreOptions {
  /** What the data are: a name as `two-moons` or `tree-7`. The paper's tree, `tree-2`, if it is left out. */
  distribution?: string | undefined;
  /** Stops the work; the promise then fails with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** What a model says at some points. */
export interface Field {
  /** Of each point the log-density, in nats, normalised over the plane. */
  logDensities: Float32Array;
  /** Of each point the score, the gradient of the log-density: x0, y0, x1, y1, ... */
  scores: Float32Array;
}

export interface Scores {
  /** The noise level that was asked for. */
  sigma: number;
  /** The guidance weight there: that of the step which passes the level. 1 is no guidance. */
  weight: number;
  main: Field;
  /** The guide at its own noise level; null where the scheme has none. */
  guide: Field | null;
  /** The score that particles follow, which is in general that of no density: x0, y0, x1, y1, ... */
  guided: Float32Array;
  /** The data, class A, under the same noise. */
  data: Field;
}

/** What guides a scheme's particles at some points x0, y0, x1, y1, ... and a noise level; or what one model says there. */
export async function score(
  of: string | SchemeDescription,
  points: ArrayLike<number>,
  sigma: number,
  options: ScoreOptions = {},
): Promise<Scores> {
  checkOptions(options, ['distribution', 'signal']);
  const { distribution, signal } = options;
  const all = pointsOf(points, 'The points');
  // The core says of what is no number, which it would take a text for, what its range is.
  const level = typeof sigma === 'number' ? sigma : Number.NaN;
  const scheme = schemeOf(typeof of === 'string' && isModel(of) ? { main: of } : of, distribution);
  const explanation = await unlessAborted(
    withModels(scheme, distribution, (core) => core.explanation(forCore({ scheme, particles: 1, seed: 1 }), level)),
    signal,
  );
  const slices = new TimeSlices(signal);
  try {
    const count = all.length / 2;
    const field = (): Field => ({ logDensities: new Float32Array(count), scores: new Float32Array(2 * count) });
    const scores: Scores = {
      sigma: explanation.sigma(0),
      weight: explanation.weight(0),
      main: field(),
      guide: scheme.guide ? field() : null,
      guided: new Float32Array(2 * count),
      data: field(),
    };
    for (let point = 0; point < count; ) {
      point += await slices.work(count - point, (units) => {
        const values = explanation.at(0, all.subarray(2 * point, 2 * (point + units)));
        for (let i = 0; i < units; i++) put(scores, point + i, values.subarray(numbers * i, numbers * (i + 1)));
      });
    }
    return scores;
  } finally {
    explanation.free();
  }
}

/** What the core says of a point: log p1, s1, log p0, s0, the score that is followed, log p of the data, its score. */
const numbers = 11;

function put({ main, guide, guided, data }: Scores, point: number, values: Float32Array): void {
  for (const [field, from] of [
    [main, 0],
    [guide, 3],
    [data, 8],
  ] as const) {
    if (!field) continue;
    field.logDensities[point] = values[from]!;
    field.scores.set(values.subarray(from + 1, from + 3), 2 * point);
  }
  guided.set(values.subarray(6, 8), 2 * point);
}
