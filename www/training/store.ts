// What is left of a training when its page is closed: the state of its last iterations, and the networks that it has kept.
import { transact } from './database.js';
import type { TrainingRun, TrainingSnapshot } from './job.js';

/** Where a job stood. */
export interface Saved {
  job: TrainingRun[];
  run: number;
  iteration: number;
  checkpoint: Uint8Array<ArrayBuffer>;
  curve: { iterations: number[]; losses: number[] };
}

/** All of a training: its state under its name alone, networks under name, run and iteration. */
const allOf = (name: string) => IDBKeyRange.bound([name], [name, []]);
const networksOf = (name: string) => IDBKeyRange.bound([name, 0], [name, []]);

/** What there is under a name. Nothing where the browser keeps nothing, as in private windows and sandboxed frames. */
export async function saved(name: string): Promise<Saved | null> {
  return (await transact<Saved | undefined>('readonly', ({ trainings }) => trainings.get([name])).catch(() => undefined)) ?? null;
}

export function savedNetworks(name: string): Promise<TrainingSnapshot[]> {
  return transact<TrainingSnapshot[]>('readonly', ({ trainings }) => trainings.getAll(networksOf(name))).catch(() => []);
}

/** Keeps a state, in the place of the one before. That a browser keeps nothing is no fault of a training. */
export async function save(name: string, state: Saved): Promise<void> {
  await transact('readwrite', ({ trainings }) => trainings.put(state, [name])).catch(() => {});
}

export async function saveNetwork(name: string, snapshot: TrainingSnapshot): Promise<void> {
  await transact('readwrite', ({ trainings }) => trainings.put(snapshot, [name, snapshot.run, snapshot.iteration])).catch(() => {});
}

/** Forgets all of a training. */
export async function forget(name: string): Promise<void> {
  await transact('readwrite', ({ trainings }) => trainings.delete(allOf(name))).catch(() => {});
}

const lockOf = (name: string) => `guidance-playground-training-${name}`;

/**
 * Whether a name is one's own, which it is until `over`: what two trainings keep under one name would be of neither. Where a browser has
 * no locks it keeps nothing either, or is so old that this is not known.
 */
export function hold(name: string, over: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const holding = (lock: Lock | null) => {
      resolve(lock !== null);
      return lock ? over : undefined;
    };
    const locks = navigator.locks as LockManager | undefined;
    if (locks) locks.request(lockOf(name), { ifAvailable: true }, holding).catch(() => resolve(true));
    else resolve(true);
  });
}

/** Where a training under a name was left; null where none was, or one goes on. */
export async function left(name: string): Promise<Saved | null> {
  const locks = await (navigator.locks as LockManager | undefined)?.query().catch(() => null);
  return locks?.held?.some((lock) => lock.name === lockOf(name)) ? null : saved(name);
}
