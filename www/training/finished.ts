// Trainings that are over, as the browser keeps them: what was trained, and its networks, which are fetched one by one.
import { transact } from './database.js';
import type { TrainingRun } from './job.js';
import { note } from './trained-flag.js';

/** A network of one, by the name that schemes call it by. */
export interface FinishedNetwork {
  run: number;
  iteration: number;
  name: string;
  /** How many it has. */
  bytes: number;
}

export interface Finished {
  /** The same job again takes its place. */
  id: string;
  job: readonly TrainingRun[];
  /** When it was over, in milliseconds since 1970. */
  time: number;
  networks: FinishedNetwork[];
}

/** So many are kept, and so many bytes of their networks; the oldest go. */
export const mostFinished = 6;
export const mostBytes = 32 << 20;

const bytesOf = ({ networks }: Finished) => networks.reduce((sum, { bytes }) => sum + bytes, 0);

/** Of trainings, the latest first, those that there is no room for. */
export function beyondRoom(all: readonly Finished[]): Finished[] {
  let bytes = 0;
  return all.filter((each, index) => {
    bytes += bytesOf(each);
    return index > 0 && (index >= mostFinished || bytes > mostBytes);
  });
}

const latestFirst = (all: Finished[]) => all.sort((one, other) => other.time - one.time);

/** The latest first. None where the browser keeps nothing. */
export async function finished(): Promise<Finished[]> {
  const all = await transact('readonly', ({ finished }) => finished.getAll() as IDBRequest<Finished[]>).catch(() => []);
  return latestFirst(all);
}

/** A network of one of them by its name. */
export async function finishedNetwork(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const range = IDBKeyRange.bound([name], [name, []]);
  const found = await transact<Uint8Array<ArrayBuffer>[]>('readonly', ({ networks }) => networks.getAll(range, 1)).catch(() => []);
  return found[0] ?? null;
}

/**
 * Keeps one, with its networks in their order, and lets the oldest go for it: all of that, or nothing, where the browser has no room.
 * Rejects with what it says then.
 */
export async function keepFinished(one: Finished, bytes: readonly Uint8Array<ArrayBuffer>[]): Promise<void> {
  const before = await transact('readonly', ({ finished }) => finished.getAll() as IDBRequest<Finished[]>);
  const all = latestFirst([one, ...before.filter(({ id }) => id !== one.id)]);
  const gone = [...before.filter(({ id }) => id === one.id), ...beyondRoom(all)];
  await transact('readwrite', ({ finished, networks }) => {
    for (const each of gone) remove(each, finished, networks);
    one.networks.forEach(({ name }, index) => networks.put(bytes[index]!, [name, one.id]));
    return finished.put(one, one.id);
  });
  note(true);
}

/** Forgets one. */
export async function forgetFinished(one: Finished): Promise<void> {
  const left = await transact<number>('readwrite', ({ finished, networks }) => {
    remove(one, finished, networks);
    return finished.count();
  });
  note(left > 0);
}

function remove({ id, networks: of }: Finished, finished: IDBObjectStore, networks: IDBObjectStore): void {
  for (const { name } of of) networks.delete([name, id]);
  finished.delete(id);
}
