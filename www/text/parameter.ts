// A parameter in words.
import type { Parameter } from '../scheme/table.js';

/** Its name as a label: the table has it as the beginning of a sentence. */
export function nameOf({ name }: Parameter): string {
  const bare = name.replace(/^The /, '');
  return bare.charAt(0).toUpperCase() + bare.slice(1);
}

/** As it is typed, but with a minus sign proper. */
export function formatNumber(value: number): string {
  return String(value).replace('-', '−');
}

/** Why a parameter cannot be this, as a sentence; empty where it can. */
export function refusalOf(
  value: number,
  { name, least, greatest, whole }: Pick<Parameter, 'name' | 'least' | 'greatest' | 'whole'>,
): string {
  const inside = value >= least && value <= greatest;
  const wanted = !inside
    ? `between ${formatNumber(least)} and ${formatNumber(greatest)}`
    : whole && !Number.isInteger(value)
      ? 'a whole number'
      : '';
  const said = Number.isNaN(value) ? 'what was typed is no number' : `${formatNumber(value)} is not`;
  return wanted && `${name} must be ${wanted}; ${said}.`;
}
