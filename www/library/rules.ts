// Rules of one's own where the library runs.
import { fetchRules } from '../engine/rules/compiler.js';
import { awaitsRules, hostRules } from '../engine/rules/host.js';

/** Has what runs a scheme's rule, if that is one's own. */
export async function withRules(scheme: { combination?: unknown }): Promise<void> {
  if (awaitsRules(scheme)) hostRules(await fetchRules());
}
