// Schemes for data that no network knows. The page never asks the core for a shipped network about data that it did not learn,
// since every state goes through `fit` (state/changes.ts), which puts exact models in its place; so does the library with a scheme
// that is named. What other networks learned stands in their files, which the core reads.
import type { Chosen } from './address.js';
import type { Guide, ModelName, Scheme } from './scheme.js';
import { exactModel, textOf, type SchemeInfo, type SchemeTable } from './table.js';

/** How much more noise takes the place of less training, where there are no networks. */
const lesser = 1.1;

/** Whether a model can be asked about a distribution, as far as is known here. */
export function knows(table: SchemeTable, model: string, distribution: string): boolean {
  return (table.networkOf(model)?.data ?? distribution) === distribution;
}

/** A scheme as it can be had for a distribution: the same where it has no network that would have had to see that. Networks that have stay. */
export function fitTo<T extends Chosen>(table: SchemeTable, chosen: T, distribution: string): T {
  const { scheme } = chosen;
  const { main, guide } = scheme;
  const isKnown = (name: ModelName) => knows(table, textOf(name), distribution);
  if ([main, guide ?? main].every(isKnown)) return chosen;
  const first = isKnown(main) ? main : truthOf(table, main);
  const exact: Scheme = { ...scheme, main: first, guide: guide && (isKnown(guide) ? guide : exactGuide(table, guide, first)) };
  // A guide that only a network's faults told from the main model is of another kind without them.
  const faulty = guide !== null && (textOf(guide) !== textOf(main) || guide.noiseShift !== 0 || guide.degradation !== 'none');
  const kind = faulty && textOf(exact.guide!) === textOf(exact.main) ? (table.kindOfGuide(exact) as SchemeInfo | undefined) : undefined;
  return { ...chosen, choice: kind?.id ?? chosen.choice, scheme: exact };
}

/** The true model of the classes that a network was trained on; of others themselves. */
function truthOf(table: SchemeTable, name: ModelName): ModelName {
  const network = table.networkOf(textOf(name));
  return network ? exactModel(network.condition) : name;
}

/** What is lost in the network's stead is replaced: its heavy tails as they are, its faults by more noise. */
function exactGuide(table: SchemeTable, guide: Guide, main: ModelName): Guide {
  const network = table.networkOf(textOf(guide));
  if (!network) return guide;
  const { noise, condition } = network;
  const { model } = exactModel(condition);
  const same = textOf({ model, condition }) === textOf(main) && noise === 'gaussian' && guide.sigmaScale === 1;
  return { ...guide, model, condition, noise, sigmaScale: same ? lesser : guide.sigmaScale, noiseShift: 0, degradation: 'none' };
}
