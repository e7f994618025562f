// What is to be trained, as the page plans it.
import { saveFile } from '../../study/export.js';
import type { TrainingRun } from '../../training/job.js';

/** A run of a job: everything is said. */
export interface PlannedRun extends Required<Omit<TrainingRun, 'degreesOfFreedom'>> {
  degreesOfFreedom: number | null;
}

/** What the form of trainings says: a main network and its guides, or one network. */
export interface Plan extends Omit<PlannedRun, 'data'> {
  paired: boolean;
  /** Iterations of the guides; null are as many as the paper has. */
  guides: number | null;
}

/** Iterations of guides, as the paper has them: an eighth of the main network's. */
export function guideIterations(main: number): number {
  return Math.max(Math.round(main / 8), 1);
}

/** The main network and its guides, half as wide, as the paper pairs them (Karras et al. 2024, section 3). */
export function pairedJob(main: PlannedRun, iterations = guideIterations(main.iterations)): PlannedRun[] {
  const guide = { ...main, hidden: Math.max(main.hidden / 2, 4), iterations };
  return [main, { ...guide, classes: 'A' }, { ...guide, classes: 'AB' }];
}

/** A run as a training is called: by its width, and by more where another is called so. */
export function trainingName({ hidden, degreesOfFreedom, seed, batch }: PlannedRun): string {
  const tail = degreesOfFreedom === null ? '' : `-nu${degreesOfFreedom}`;
  return `trained-${hidden}${tail}-b${batch}${seed === 0 ? '' : `-s${seed}`}`;
}

/** What a visitor calls a run's network. */
export function nameOfRun(run: PlannedRun): string {
  return `${trainingName(run)}:${run.classes}`;
}

/** What the file of a run's network is called, and what is made of it. */
export function fileName(run: PlannedRun, iteration: number): string {
  return `${trainingName(run)}-${run.classes}-${iteration}`;
}

export function saveNetwork(run: PlannedRun, iteration: number, network: Uint8Array<ArrayBuffer>): void {
  saveFile(`${fileName(run, iteration)}.safetensors`, new Blob([network], { type: 'application/octet-stream' }));
}
