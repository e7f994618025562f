// Networks that were trained on this page, also before it was opened: the browser keeps them. What a training was is learned into the
// table of schemes; its networks come when a scheme names them.
import { keepNetwork, lookElsewhere, nameOthers, notHere } from '../../engine/networks.js';
import { addOwnNetwork } from '../../engine/own-networks.js';
import { splitText } from '../../scheme/table.js';
import { finished, finishedNetwork, type Finished, type FinishedNetwork } from '../../training/finished.js';
import type { TrainingSnapshot } from '../../training/job.js';
import { saved, savedNetworks } from '../../training/store.js';
import { planeSchemes } from '../schemes.js';
import { fileName, trainingName, type PlannedRun } from './plan.js';

/** Under which name the browser keeps a training that goes on. */
export const kept = 'page';

/** Networks of one that has not come to its end, by their names. */
const unfinished = new Map<string, Uint8Array<ArrayBuffer>>();

/** From now on the table knows a run's network. */
function learn(run: PlannedRun, { name, iteration, bytes }: Pick<FinishedNetwork, 'iteration' | 'name' | 'bytes'>): void {
  planeSchemes.learn({
    name,
    model: name,
    training: trainingName(run),
    iterations: iteration,
    data: run.data,
    condition: run.classes,
    noise: run.degreesOfFreedom === null ? 'gaussian' : { studentT: { degreesOfFreedom: run.degreesOfFreedom } },
    seed: run.seed,
    bytes,
  });
}

/** Schemes may name a snapshot from now on, by the name that this gives. */
export async function learnSnapshot(
  run: PlannedRun,
  { iteration, network }: Pick<TrainingSnapshot, 'iteration' | 'network'>,
): Promise<string> {
  const { name } = await addOwnNetwork(fileName(run, iteration), network, async () => `trained here for ${iteration} iterations`);
  learn(run, { iteration, name, bytes: network.length });
  return name;
}

/** What a training has kept that the page was left in. */
async function learnUnfinished(): Promise<void> {
  const left = await saved(kept);
  for (const snapshot of left ? await savedNetworks(kept) : []) {
    unfinished.set(await learnSnapshot(left!.job[snapshot.run] as PlannedRun, snapshot), snapshot.network);
  }
}

/** All that there is of these, the latest first; schemes may name them, and those of one that was left, from now on. */
export async function trainedBefore(): Promise<Finished[]> {
  const [all] = await Promise.all([finished(), learnUnfinished()]);
  for (const { job, networks } of all) for (const each of networks) learn(job[each.run] as PlannedRun, each);
  nameOthers(all.flatMap(({ networks }) => networks.map(({ name }) => name)));
  if (all.length + unfinished.size > 0) lookElsewhere(Promise.resolve(fetchTrained));
  return all;
}

/** The bytes of one that the browser has. */
export async function fetchTrained(text: string): Promise<Uint8Array> {
  const { model } = splitText(text);
  const bytes = unfinished.get(model) ?? (await finishedNetwork(model));
  if (!bytes) throw notHere(text);
  keepNetwork(model, bytes);
  return bytes;
}
