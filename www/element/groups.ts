// Parts of an instrument that a figure shows or hides: the one list of them, for the element, its documents and its tests.

export const groups = {
  schemes: 'Menus that choose each panel’s scheme; without them, its title.',
  menus: 'A menu to duplicate, move and remove each panel.',
  models: 'Sliders along the training of the main model and of the guide.',
  details: 'The parameters of each scheme.',
  captions: 'What each scheme does, and its source.',
  results: 'Each panel’s figures, with their noise floors.',
  clock: 'Play, step, and the strip of weights over the noise level.',
  toolbar: 'Tools, undo, zoom, copying and export.',
  sampling: 'Particles, seed, noise levels, and how they are looked at.',
  lit: 'The table of lit particles.',
  engine: 'What samples, and how fast.',
  studies: 'What was tried, and sweeps.',
} as const;

export type Group = keyof typeof groups;

export const allGroups = Object.keys(groups) as Group[];
/** What a figure shows unless it is asked for more. */
export const figureGroups: readonly Group[] = ['schemes', 'results', 'clock'];

/** A figure's groups; `all` stands for every one. Throws a sentence where there is no such group. */
export function chooseGroups(show: string, hide: string): ReadonlySet<Group> {
  const hidden = read(hide);
  return new Set([...figureGroups, ...read(show)].filter((group) => !hidden.includes(group)));
}

function read(text: string): Group[] {
  return text
    .split(/[\s,]+/)
    .filter(Boolean)
    .flatMap((name) => {
      if (name === 'all') return allGroups;
      if (!Object.hasOwn(groups, name)) throw new Error(`there is no group “${name}”; there are ${allGroups.join(', ')} and all`);
      return [name as Group];
    });
}
