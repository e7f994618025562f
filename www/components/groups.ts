// Parts of an instrument that an embed shows or hides; what they are stands in description.ts.

export const allGroups = [
  'schemes',
  'parameters',
  'menus',
  'models',
  'details',
  'captions',
  'results',
  'clock',
  'toolbar',
  'sampling',
  'lit',
  'engine',
  'studies',
] as const;
export type Group = (typeof allGroups)[number];
/** What an embed shows unless it is asked for more. */
export const embedGroups: readonly Group[] = ['schemes', 'parameters', 'results', 'clock'];

/** What needs parts that are fetched where they are shown (explorer.ts). */
export const explorerGroups: readonly Group[] = ['toolbar', 'menus', 'models', 'details', 'captions', 'sampling', 'lit', 'studies'];

/** An embed's groups; `all` stands for every one. Throws a sentence where there is no such group. */
export function chooseGroups(show: string, hide: string): ReadonlySet<Group> {
  const hidden = read(hide);
  return new Set([...embedGroups, ...read(show)].filter((group) => !hidden.includes(group)));
}

function read(text: string): Group[] {
  return text
    .split(/[\s,]+/)
    .filter(Boolean)
    .flatMap((name) => {
      if (name === 'all') return [...allGroups];
      const group = allGroups.find((each) => each === name);
      if (!group) throw new Error(`There is no group of controls “${name}”; there are ${allGroups.join(', ')} and all.`);
      return [group];
    });
}
