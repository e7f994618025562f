// Schemes with other networks than they came with.
import type { Chosen } from './address.js';
import { choiceOf, models, repeatsMain } from './catalogue.js';
import { withAt } from './pointer.js';
import type { Scheme } from './scheme.js';

/** Networks that schemes name and that do not ship, each once. */
export function ownNetworksOf(chosen: readonly Chosen[]): string[] {
  const named = chosen.flatMap(({ scheme: { main, guide } }) => (guide ? [main, guide.model] : [main]));
  return [...new Set(named.filter((model) => !models.includes(model)))];
}

export type Role = 'main' | 'guide';

/** Another main model; a guide that is the main model again changes with it. */
export function withMain(choice: string, scheme: Scheme, name: string): Scheme {
  const next = { ...scheme, main: name };
  return next.guide && repeatsMain(choiceOf(choice).kind) ? { ...next, guide: { ...next.guide, model: name } } : next;
}

/** A scheme with a network in a role. One that has no guide of its own becomes autoguidance by it, with all else as it was. */
export function withNetwork({ choice, scheme }: Chosen, role: Role, name: string): Chosen {
  if (role === 'main') return { choice, scheme: withMain(choice, scheme, name) };
  if (scheme.guide && choiceOf(choice).kind.guides.length > 0) return { choice, scheme: withAt(scheme, '/guide/model', name) };
  const { main, solver, levels } = scheme;
  const guided = choiceOf('autoguidance');
  return { choice: guided.id, scheme: withAt({ ...guided.scheme, main, solver, levels }, '/guide/model', name) };
}
