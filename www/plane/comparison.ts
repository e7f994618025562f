// How a run's endpoints differ from another's, from the same noise.
import type { RunRecord } from '../engine/backend.js';
import type { Comparison } from '../lab/lab.js';
import type { PlaneTypes } from './engine/backend.js';
import type { PlaneEngine } from './engine/engine.js';
import type { Branch } from './engine/questions/questions.js';

type PlaneRun = RunRecord<PlaneTypes>;

/** What less and more of a metric are. */
export const differenceWords = {
  outliers: ['fewer outliers', 'more outliers'],
  logDensityGap: ['less in dense places', 'more in dense places'],
  branchTotalVariation: ['branches better balanced', 'branches worse balanced'],
  effectiveBranches: ['fewer branches', 'more branches'],
  slicedWasserstein: ['nearer the data', 'farther from the data'],
} as const;

/** Null where the particles of one are gone. */
export async function compareRuns(engine: PlaneEngine, run: PlaneRun, other: PlaneRun): Promise<Comparison | null> {
  const [positions, others] = await Promise.all([run, other].map((each) => each.backend.positions(each, each.steps)));
  if (!positions || !others) return null;
  const { distribution } = run.config;
  const [found, branches, ...shares] = await Promise.all([
    engine.ask({ type: 'differences', distribution, positions, others }),
    engine.ask({ type: 'branches', distribution }),
    ...[positions, others].map((ends) => engine.ask({ type: 'coverage', distribution, positions: ends })),
  ]);
  const [lost, lostThere] = shares.map(({ share }) => lostParts(branches, share, run.config.particles));
  const of = (parts: string[], without: string[], word: string) =>
    parts.filter((part) => !without.includes(part)).map((part) => `${part} ${word}`);
  return { differences: { ...found }, remarks: [...of(lost!, lostThere!, 'lost'), ...of(lostThere!, lost!, 'kept')] };
}

/** Parts of a tree that fewer than half of the samples reach that should, by more than two standard errors. */
export function lostParts(branches: readonly Pick<Branch, 'mass' | 'depth'>[], share: ArrayLike<number>, samples: number): string[] {
  const deepest = Math.max(...branches.map(({ depth }) => depth));
  // Of data without branches there is no depth.
  const parts = deepest > 0 ? [['the trunk', 0] as const, ['the tips', deepest] as const] : [];
  return parts.flatMap(([name, depth]) => {
    let [due, found] = [0, 0];
    branches.forEach((branch, index) => {
      if (branch.depth !== depth) return;
      due += branch.mass;
      found += share[index]!;
    });
    return found + 2 * Math.sqrt((due * (1 - due)) / samples) < due / 2 ? [name] : [];
  });
}
