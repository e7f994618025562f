// Schemes with other networks than they came with.
import type { Chosen } from './address.js';
import type { ModelName, Scheme } from './scheme.js';
import { repeatsMain, withGuide, type SchemeTable } from './table.js';

/** Networks that schemes name and that do not ship, each once. */
export function ownNetworksOf(table: SchemeTable, chosen: readonly Chosen[]): string[] {
  const named = chosen.flatMap(({ scheme: { main, guide } }) => (guide ? [main.model, guide.model] : [main.model]));
  return [...new Set(named.filter((model) => !table.ships(model)))];
}

export type Role = 'main' | 'guide';

/** Another main model; a guide that is the main model again changes with it. */
export function withMain(table: SchemeTable, choice: string, scheme: Scheme, main: ModelName): Scheme {
  const next = { ...scheme, main };
  return next.guide && repeatsMain(table.choiceOf(choice).kind) ? withGuide(next, main) : next;
}

/** A scheme with a network in a role. One that has no guide of its own becomes autoguidance by it, with all else as it was. */
export function withNetwork(table: SchemeTable, { choice, scheme }: Chosen, role: Role, model: string): Chosen {
  const name = { model, condition: null };
  if (role === 'main') return { choice, scheme: withMain(table, choice, scheme, name) };
  if (scheme.guide && table.choiceOf(choice).kind.guides.length > 0) return { choice, scheme: withGuide(scheme, name) };
  const { main, solver, levels } = scheme;
  const guided = table.choiceOf('autoguidance');
  return { choice: guided.id, scheme: withGuide({ ...guided.scheme, main, solver, levels }, name) };
}
