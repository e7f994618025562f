// How parts of an address are written and read, whichever lab has them.

export function unlessSame(text: string, opening: string): string | null {
  return text === opening ? null : text;
}

/** One of the names that there are; throws a sentence where it is none. */
export function oneOf<T extends string>(text: string, possible: readonly T[]): T {
  const found = possible.find((each) => each === text);
  if (found === undefined) throw new Error(`it can be ${possible.slice(0, -1).join(', ')} or ${possible.at(-1)}`);
  return found;
}

/** A part that says of a field of the look whether it is so. */
export function flag<Look extends object>(name: string, field: keyof Look) {
  type Has = { readonly look: Look };
  const only = (is: unknown) => ({ [field]: is }) as Partial<Look>;
  return {
    name,
    write: ({ look }: Has, opening: Has) => (look[field] === opening.look[field] ? null : look[field] ? '1' : '0'),
    read: (text: string) => only(readYes(text)),
    leave: (_: Has, { look }: Has) => only(look[field]),
  };
}

/** An address writes 1 and 0; attributes may say it in words. */
export function readYes(text: string): boolean {
  return ['1', 'true'].includes(oneOf(text, ['0', '1', 'false', 'true']));
}

export function whole(text: string, what: string, most: number, least = 0): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (!(value >= least && value <= most)) throw new Error(`${what} has to be a whole number from ${least} to ${most}`);
  return value;
}
