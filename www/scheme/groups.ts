// Schemes by what is particular about them.
import { hasOption, nameOf, type Choice, type SchemeTable, type VariantValue } from './table.js';

/** In the order in which they are told. */
export const groups = {
  guide: 'What guides',
  time: 'When it guides',
  combination: 'How both are combined',
  temperature: 'Temperature',
  solver: 'Solver',
} as const;

export type SchemeGroup = keyof typeof groups;

/** Rules that are told by something else than how they combine two models. */
export const told: Readonly<Record<string, SchemeGroup>> = {
  momentum: 'guide',
  higs: 'guide',
  adaptiveGuidance: 'time',
  transitionPoint: 'time',
  tsr: 'temperature',
  epsilonScaling: 'temperature',
};

export function groupOf({ catalogue, options }: SchemeTable, { kind, scheme }: Choice): SchemeGroup {
  const { schedule, interval, combination, solver } = scheme;
  const plain = ({ value }: { value: VariantValue }) => nameOf(value);
  const rule = nameOf(combination as VariantValue);
  if (told[rule]) return told[rule];
  if (rule !== plain(catalogue.combinations[0]!) || options.some((option) => hasOption(option, scheme))) return 'combination';
  if (interval || nameOf(schedule as VariantValue) !== plain(catalogue.schedules[0]!)) return 'time';
  return nameOf(solver as VariantValue) === nameOf(kind.scheme.solver as VariantValue) ? 'guide' : 'solver';
}

/** Of each table once: menus are drawn again with every change. */
const known = new WeakMap<SchemeTable, Map<SchemeGroup, Choice[]>>();

/** All that can be chosen, by group; groups without any are left out. */
export function grouped(table: SchemeTable): ReadonlyMap<SchemeGroup, readonly Choice[]> {
  const before = known.get(table);
  if (before) return before;
  const found = new Map<SchemeGroup, Choice[]>(Object.keys(groups).map((group) => [group as SchemeGroup, []]));
  for (const choice of table.choices) found.get(groupOf(table, choice))!.push(choice);
  for (const [group, choices] of found) if (choices.length === 0) found.delete(group);
  known.set(table, found);
  return found;
}
