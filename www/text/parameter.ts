// A parameter in words.
import type { Parameter } from '../scheme/catalogue.js';

/** Its name as a label: the table has it as the beginning of a sentence. */
export function nameOf({ name }: Parameter): string {
  const bare = name.replace(/^The /, '');
  return bare.charAt(0).toUpperCase() + bare.slice(1);
}

/** As it is typed, but with a minus sign proper. */
export function formatNumber(value: number): string {
  return String(value).replace('-', '−');
}
