// What stands for a scheme whose networks do not know the data, in words.
import type { Chosen } from '../scheme/address.js';
import { splitText, textOf, type SchemeTable } from '../scheme/table.js';

/** What a panel shows in place of what it was asked to, and why; empty where it shows that. */
export function describeStandIn(table: SchemeTable, { choice, standsFor }: { choice: string; standsFor?: Chosen }): string {
  if (!standsFor) return '';
  const { main, guide } = standsFor.scheme;
  const networks = [...new Set([main, guide ?? main].map(textOf))].filter(
    (name) => table.ships(splitText(name).model) && table.networkOf(name),
  );
  const know = networks.length === 1 ? 'knows' : 'know';
  const also =
    choice === standsFor.choice
      ? ''
      : `, and ${inSentence(table.choiceOf(choice).name)} stands for ${inSentence(table.choiceOf(standsFor.choice).name)}`;
  return `${networks.join(' and ')} ${know} the paper’s tree only, so exact models take their place with these data${also}. The tree brings back what was there.`;
}

/** A name that begins with a word, not with an abbreviation, within a sentence. */
function inSentence(name: string): string {
  return /^[A-Z][a-z]/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name;
}
