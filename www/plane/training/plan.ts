// What is to be trained, as the page plans it.
import type { TrainingRun } from '../../training/job.js';

/** A run of a job: everything is said. */
export interface PlannedRun extends Required<Omit<TrainingRun, 'degreesOfFreedom'>> {
  degreesOfFreedom: number | null;
}

/** The main network and its guides, as the paper pairs them (Karras et al. 2024, section 3). */
export function pairedJob(main: PlannedRun): PlannedRun[] {
  const guide = { ...main, hidden: Math.max(main.hidden / 2, 4), iterations: Math.max(Math.round(main.iterations / 8), 1) };
  return [main, { ...guide, classes: 'A' }, { ...guide, classes: 'AB' }];
}

/** A run as a training is called: by its width, and by more where another is called so. */
export function trainingName({ hidden, degreesOfFreedom, seed, batch }: PlannedRun): string {
  const tail = degreesOfFreedom === null ? '' : `-nu${degreesOfFreedom}`;
  return `trained-${hidden}${tail}-b${batch}${seed === 0 ? '' : `-s${seed}`}`;
}
