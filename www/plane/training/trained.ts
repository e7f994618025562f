// Networks that were trained on this page, also before it was opened: the browser keeps them. What a training was is learned into the
// table of schemes; its networks come when a scheme names them.
import { keepNetwork, lookElsewhere, nameOthers, notHere } from '../../engine/networks.js';
import { splitText } from '../../scheme/table.js';
import { finished, finishedNetwork, type Finished, type FinishedNetwork } from '../../training/finished.js';
import { planeSchemes } from '../schemes.js';
import { trainingName, type PlannedRun } from './plan.js';

/** From now on the table knows a run's network. */
export function learn(run: PlannedRun, { name, iteration, bytes }: Pick<FinishedNetwork, 'run' | 'iteration' | 'name' | 'bytes'>): void {
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

/** All that there is of these, the latest first; schemes may name them from now on. */
export async function trainedBefore(): Promise<Finished[]> {
  const all = await finished();
  for (const { job, networks } of all) for (const each of networks) learn(job[each.run] as PlannedRun, each);
  nameOthers(all.flatMap(({ networks }) => networks.map(({ name }) => name)));
  if (all.length > 0) lookElsewhere(Promise.resolve(fetchTrained));
  return all;
}

/** The bytes of one that the browser has. */
export async function fetchTrained(text: string): Promise<Uint8Array> {
  const { model } = splitText(text);
  const bytes = await finishedNetwork(model);
  if (!bytes) throw notHere(text);
  keepNetwork(model, bytes);
  return bytes;
}
