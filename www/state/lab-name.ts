// Labs by name, in addresses.

/** The lab that is meant where none is named. */
export const usualLab = 'plane';

/** The lab that a state as text is of, with or without the `#` before it. */
export function labNamed(state: string): string {
  return /[#&]lab=([^&]*)/.exec(`&${state}`)?.[1] ?? usualLab;
}
