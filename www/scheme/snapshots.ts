// Networks, as text, by the training that they are snapshots of.
import { splitText, textOf, type SchemeTable } from './table.js';

/** One training, or a model that is no snapshot of any. */
export interface Training {
  name: string;
  /** Its models, the least trained first. */
  models: string[];
}

/** The name of a model's training, and the iterations that it has had; none for a model that is not known to be trained. */
export function trainingOf(table: SchemeTable, model: string): { name: string; iterations: number | null } {
  const network = table.networkOf(model);
  if (!network) return { name: model, iterations: null };
  return {
    name: textOf({ model: network.training, condition: network.condition ?? splitText(model).condition }),
    iterations: network.iterations,
  };
}

/** The trainings of some models, in their order. */
export function trainingsOf(table: SchemeTable, models: string[]): Training[] {
  const trainings = new Map<string, string[]>();
  for (const model of models) {
    const { name } = trainingOf(table, model);
    trainings.set(name, [...(trainings.get(name) ?? []), model]);
  }
  const iterations = (model: string) => trainingOf(table, model).iterations ?? 0;
  return Array.from(trainings, ([name, models]) => ({ name, models: models.sort((a, b) => iterations(a) - iterations(b)) }));
}

/** Of a training's models the one that has had most nearly so many iterations; the most trained, where that is not asked. */
export function nearestSnapshot(table: SchemeTable, { models }: Training, iterations: number | null): string {
  if (iterations === null) return models.at(-1)!;
  const distance = (model: string) => Math.abs((trainingOf(table, model).iterations ?? 0) - iterations);
  return models.reduce((best, model) => (distance(model) < distance(best) ? model : best));
}
