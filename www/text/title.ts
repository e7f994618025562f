// A scheme in a line: its name in the menus, and what of it is otherwise.
import { ownOf } from '../scheme/own-rule.js';
import { at } from '../scheme/pointer.js';
import type { Scheme } from '../scheme/scheme.js';
import {
  hasOption,
  nameOf,
  ownRule,
  repeatsMain,
  textOf,
  variantOf,
  type Control,
  type OptionInfo,
  type SchemeTable,
  type Variant,
  type VariantValue,
} from '../scheme/table.js';
import { plainSymbol } from './formula.js';
import { formatNumber } from './parameter.js';

/** Whether a number of the scheme needs no telling, by the pointer to it. */
type IsTold = (path: string) => boolean;

/** What a part is called after its variant's name, where that alone would not be understood. */
const suffixes: Partial<Record<keyof Scheme, string>> = { schedule: ' schedule', reading: ' reading', space: ' space' };

/**
 * “Autoguidance, w = 3, Cosine schedule”. A kind of guide is told with its parameters; of a preset only what is otherwise.
 * The number of steps, which all panels share, is not told, nor is what pointers `without` lead to.
 */
export function titleOf(table: SchemeTable, choice: string, scheme: Scheme, without: readonly string[] = []): string {
  const { kind, scheme: usual } = table.choiceOf(choice);
  const isKind = choice === kind.id;
  const differs = (path: string) => !without.includes(path) && at(scheme, path) !== at(usual, path);
  const own = kind.parameters.filter(({ path, whole }) => differs(path) || (!without.includes(path) && isKind && !whole));
  const isTold = (path: string) => without.includes(path) || kind.parameters.some((parameter) => parameter.path === path);
  const settings = [
    ...numbers(own, scheme),
    ...models(scheme, usual, repeatsMain(kind)),
    ...guideParts(scheme, usual, isTold),
    ...variants(table, scheme, usual, isTold),
    ...interval(scheme, usual, isTold),
    ...options(table, scheme, usual, isTold),
    ...levels(table, scheme, usual, isTold),
  ];
  return [nameOfChoice(table, choice, scheme), ...settings].join(', ');
}

/** What menus call it; a rule of one's own has a name of its own. */
export function nameOfChoice(table: SchemeTable, choice: string, { combination }: Scheme): string {
  return (choice === ownRule.id && ownOf(combination)?.name) || table.choiceOf(choice).name;
}

/** k = 1.1. */
export function setting(symbol: string, value: number): string {
  return `${plainSymbol(symbol)} = ${formatNumber(value)}`;
}

function numbers(parameters: Control[], value: unknown): string[] {
  return parameters.flatMap(({ path, symbol }) => {
    const number = at(value, path);
    return typeof number === 'number' ? [setting(symbol, number)] : [];
  });
}

function models({ main, guide }: Scheme, usual: Scheme, repeats: boolean): string[] {
  const told = [];
  if (textOf(main) !== textOf(usual.main)) told.push(`main ${textOf(main)}`);
  if (guide && !repeats && !(usual.guide && textOf(guide) === textOf(usual.guide))) told.push(`guide ${textOf(guide)}`);
  return told;
}

/** What a guide has that its kind does not, which only addresses and files can ask for. */
function guideParts({ guide }: Scheme, { guide: usual }: Scheme, isTold: IsTold): string[] {
  if (!guide || !usual) return [];
  const told = [];
  if (guide.sigmaScale !== usual.sigmaScale && !isTold('/guide/sigmaScale')) told.push(setting('k', guide.sigmaScale));
  if (guide.noiseShift !== usual.noiseShift && !isTold('/guide/noiseShift')) told.push(setting('shift', guide.noiseShift));
  for (const field of ['noise', 'degradation'] as const) {
    const [here, there] = [guide[field], usual[field]] as VariantValue[];
    if (nameOf(here!) !== nameOf(there!)) told.push(JSON.stringify(here).replaceAll(/["{}]/g, ''));
  }
  return told;
}

function variants({ parts }: SchemeTable, scheme: Scheme, usual: Scheme, isTold: IsTold): string[] {
  return parts.flatMap(({ field, variants }) => {
    const isOwn = (path: string) => isTold(`/${field}${path}`);
    return part(variants, scheme[field] as VariantValue, usual[field] as VariantValue, suffixes[field] ?? '', isOwn);
  });
}

/** A variant, where it is not the usual one, and its numbers, where they are not; some are told already. */
function part(variants: Variant[], here: VariantValue, there: VariantValue, suffix: string, isTold: IsTold): string[] {
  if (JSON.stringify(here) === JSON.stringify(there)) return [];
  const variant = variantOf(variants, here);
  const other = variant.id !== nameOf(there);
  const numbered = variant.parameters.filter(({ path }) => !isTold(path) && (other || at(here, path) !== at(there, path)));
  // A drawn curve has no numbers that could be told: then only that it is one. What is another rule of one's own, its title says.
  const named = other || (variant.parameters.length === 0 && variant.id !== ownRule.id) ? [variant.name + suffix] : [];
  const told = [...named, ...numbers(numbered, here)].join(' ');
  return told ? [told] : [];
}

function interval({ interval: here }: Scheme, { interval: usual }: Scheme, isTold: IsTold): string[] {
  if (JSON.stringify(here) === JSON.stringify(usual)) return [];
  if (!here) return ['at all noise levels'];
  const [low, high] = [isTold('/interval/low') ? '' : formatNumber(here.low), isTold('/interval/high') ? '' : formatNumber(here.high)];
  if (low && high) return [`σ ${low} to ${high}`];
  return low || high ? [low ? `σ from ${low}` : `σ up to ${high}`] : [];
}

/** What only schemes of some tables have: each that is on, with its numbers, and each that is not, though it is usual. */
function options(table: SchemeTable, scheme: Scheme, usual: Scheme, isTold: IsTold): string[] {
  return table.options.flatMap((option) => {
    const { field, info } = option;
    const [here, there] = [scheme, usual].map((each) => hasOption(option, each));
    if (!here) return there ? [`without ${info.name}`] : [];
    if (there && JSON.stringify(scheme[field]) === JSON.stringify(usual[field])) return [];
    const value: unknown = scheme[field];
    if (Array.isArray(value)) return [`${info.name} ${value.map((item) => itemOf(item, info)).join(' and ')}`];
    return [
      [
        info.name,
        ...numbers(
          info.parameters.filter(({ path }) => !isTold(path)),
          scheme,
        ),
      ].join(' '),
    ];
  });
}

/** “night background” wn = 1. */
function itemOf(item: Record<string, unknown>, { parameters }: OptionInfo): string {
  const symbol = (field: string) => parameters.find(({ path }) => path.endsWith(`/${field}`))?.symbol ?? field;
  return Object.entries(item)
    .map(([field, value]) => (typeof value === 'number' ? setting(symbol(field), value) : `“${value}”`))
    .join(' ');
}

function levels({ catalogue }: SchemeTable, { levels: here }: Scheme, { levels: usual }: Scheme, isTold: IsTold): string[] {
  const told = [];
  if (here.min !== usual.min && !isTold('/levels/min')) told.push(setting('sigma_min', here.min));
  if (here.max !== usual.max && !isTold('/levels/max')) told.push(setting('sigma_max', here.max));
  return [...told, ...part(catalogue.spacings, here.spacing, usual.spacing, ' spacing', (path) => isTold(`/levels/spacing${path}`))];
}
