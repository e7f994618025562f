// Schemes as an address has them: by name, by what is changed of a named one, or described in full, as the command takes
// them; in descriptions fields may be left out.
import { differences } from './difference.js';
import { isOwn, readRule } from './own-rule.js';
import { at, withAt } from './pointer.js';
import type { Guide, ModelName, NoiseLevels, Scheme } from './scheme.js';
import { textOf, type Option, type SchemeInfo, type SchemeTable } from './table.js';

/** As many schemes as can be told apart on a screen. */
export const mostPanels = 6;

/** As many of a list's items as a scheme is asked to have. */
const mostItems = 4;

/** A scheme, and what menus call it. */
export interface Chosen {
  choice: string;
  scheme: Scheme;
}

/** What a table takes for each field of a description, made once of each table. */
interface Takes {
  plain: Scheme;
  /** Whose condition, if it is left out, is the first of its model. */
  plainGuide: Guide;
  /** What a field may look like, where it is more than a number or a name. */
  forms: Record<string, unknown[]>;
  /** What items look like of fields that are lists of descriptions, which may be empty. */
  items: Record<string, object>;
}

const known = new WeakMap<SchemeTable, Takes>();

function takes(table: SchemeTable): Takes {
  const made = known.get(table) ?? make(table);
  known.set(table, made);
  return made;
}

function make(table: SchemeTable): Takes {
  const { parts, options, catalogue } = table;
  /** Everything that a guide of the catalogue has in a field. */
  const ofGuides = (field: keyof Guide) => catalogue.schemes.flatMap(({ scheme }) => (scheme.guide ? [scheme.guide[field]] : []));
  const isList = ({ off }: Option) => Array.isArray(off);
  const optional = options.filter((option) => !isList(option));
  return {
    plain: table.choiceOf('none').scheme,
    plainGuide: { ...table.choiceOf('autoguidance').scheme.guide!, condition: null },
    forms: {
      ...Object.fromEntries(parts.map(({ field, variants }) => [field, variants.map(({ value }) => value)])),
      noise: ofGuides('noise'),
      degradation: ofGuides('degradation'),
      interval: [null, { low: 0, high: 1 }],
      spacing: catalogue.spacings.map(({ value }) => value),
      ...Object.fromEntries(
        optional.map(({ field, off }) => [field, [off, ...optional.filter((each) => each.field === field).map(({ on }) => on)]]),
      ),
    },
    items: Object.fromEntries(options.filter(isList).map(({ field, on }) => [field, (on as object[])[0]!])),
  };
}

/**
 * Whether a value has the form of another: the same fields, finite numbers for numbers, lists that are not empty, as many numbers
 * in a list of numbers; texts have to be equal.
 */
function hasForm(value: unknown, form: unknown): boolean {
  if (Array.isArray(form)) {
    if (!Array.isArray(value) || value.length === 0) return false;
    return (typeof form[0] !== 'number' || value.length === form.length) && value.every((item) => hasForm(item, form[0]));
  }
  if (typeof form !== 'object' || form === null) return typeof form === 'number' ? Number.isFinite(value) : value === form;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const [fields, wanted] = [Object.keys(value), Object.keys(form)];
  return (
    fields.length === wanted.length &&
    wanted.every((field) => hasForm((value as Record<string, unknown>)[field], (form as Record<string, unknown>)[field]))
  );
}

/** `given` over `base`, field by field; throws a sentence where it does not fit. */
function complete<T extends object>(table: SchemeTable, given: unknown, base: T, what: string): T {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new Error(`${what} is not a description`);
  const whole = { ...base } as Record<string, unknown>;
  for (const [field, value] of Object.entries(given)) {
    if (!Object.hasOwn(base, field)) throw new Error(`${what} has no field “${field}”`);
    if (value === undefined) continue;
    const usual = whole[field];
    // Version 1 of the description told models by one name, and had all else.
    if (field === 'version' && value === 1) continue;
    if (field === 'main') whole[field] = modelFrom(table, value);
    else if (field === 'guide') whole[field] = value === null ? null : guideFrom(table, value);
    else if (field === 'condition' && value === null) whole[field] = null;
    else if (field === 'combination' && isOwn(value)) whole[field] = readRule(value.own);
    else if (field === 'levels') whole[field] = levelsFrom(table, value);
    else if (Object.hasOwn(takes(table).items, field)) whole[field] = listFrom(value, takes(table).items[field]!, field, what);
    else {
      const like = field === 'condition' ? '' : usual;
      const fits = takes(table).forms[field]?.some((form) => hasForm(value, form)) ?? (typeof value === typeof like && !isInfinite(value));
      if (!fits) throw new Error(`“${field}” of ${what} cannot be ${show(value)}`);
      whole[field] = value;
    }
  }
  return whole as T;
}

/** A list of descriptions, in which no field may be left out. */
function listFrom(given: unknown, item: object, field: string, what: string): unknown[] {
  const fields = Object.entries(item);
  const isLike = (each: unknown) =>
    typeof each === 'object' &&
    each !== null &&
    Object.keys(each).length === fields.length &&
    fields.every(([name, usual]) => {
      const value = (each as Record<string, unknown>)[name];
      return typeof value === typeof usual && !isInfinite(value);
    });
  if (!Array.isArray(given) || !given.every(isLike)) throw new Error(`“${field}” of ${what} cannot be ${show(given)}`);
  if (given.length > mostItems) throw new Error(`“${field}” of ${what} can be ${mostItems} at most`);
  // In the order in which the table has them, so that what is the same is the same text.
  return given.map((each: Record<string, unknown>) => Object.fromEntries(fields.map(([name]) => [name, each[name]])));
}

function modelFrom(table: SchemeTable, given: unknown): ModelName {
  const none: ModelName = { model: '', condition: null };
  const name = typeof given === 'string' ? { ...none, model: given } : complete(table, given, none, 'a model');
  if (!name.model) throw new Error('a model has no name');
  return table.modelName(name);
}

function guideFrom(table: SchemeTable, given: unknown): Guide {
  const guide = complete(table, given, takes(table).plainGuide, 'a guide');
  return { ...guide, ...table.modelName(guide) };
}

/** A description of a scheme whose models are texts, one field each, as changes name them. */
export function inTexts(scheme: Scheme): object {
  const { main, guide } = scheme;
  const { condition, ...rest } = guide ?? { condition: null };
  return { ...scheme, main: textOf(main), guide: guide && { ...rest, model: textOf(guide) } };
}

/** Beyond the range of numbers, which JSON writes as null. */
function isInfinite(value: unknown): boolean {
  return typeof value === 'number' && !Number.isFinite(value);
}

function show(value: unknown): string {
  if (isInfinite(value)) return 'a number beyond all bounds';
  return JSON.stringify(value, (_, inner) => (isInfinite(inner) ? String(inner) : inner));
}

/** Noise levels from a description in which fields may be left out; throws a sentence where a control could not show them. */
function levelsFrom(table: SchemeTable, given: unknown): NoiseLevels {
  const levels = complete(table, given, takes(table).plain.levels, 'a list of noise levels');
  for (const { path, name, least, greatest, whole } of table.catalogue.levels) {
    const value = at({ levels }, path) as number;
    if (!(value >= least && value <= greatest)) throw new Error(`${name} has to be between ${least} and ${greatest}`);
    if (whole && !Number.isInteger(value)) throw new Error(`${name} has to be a whole number`);
  }
  return levels;
}

/** A scheme by its name, or from a description in which fields may be left out; throws a sentence where there is none. */
export function choose(table: SchemeTable, item: unknown): Chosen {
  if (typeof item === 'string') {
    if (!table.hasChoice(item)) throw new Error(`there is no scheme named “${brief(item)}”`);
    return { choice: item, scheme: table.choiceOf(item).scheme };
  }
  const scheme = complete(table, item, takes(table).plain, 'a scheme');
  // Parts that no kind of guide has together can stand only here: menus then show the most general kind.
  const kind = table.kindOfGuide(scheme) as SchemeInfo | undefined;
  return { choice: kind?.id ?? (scheme.guide ? 'autoguidance' : 'none'), scheme };
}

/** What stands between a scheme's name and its changes, between a field and its value, and between schemes. */
const [change, is, next] = ['~', ':', ','];

/**
 * Schemes in an address: `none,ht-1.10~weight:2.5~guide.model:guide-32-0064:A`, each a name and what is changed of it, or a JSON
 * list of names and of descriptions as the command takes them. Throws a sentence where it is neither.
 */
export function readSchemes(table: SchemeTable, text: string): Chosen[] {
  const items: unknown = text.trimStart().startsWith('[') ? parseList(text) : split(text, next).map((item) => item.trim());
  if (!Array.isArray(items) || items.length === 0 || items.length > mostPanels) {
    throw new Error(`one to ${mostPanels} are possible`);
  }
  return items.map((item) => (typeof item === 'string' && item.includes(change) ? readChanged(table, item) : choose(table, item)));
}

function parseList(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('what begins with a bracket is no list in JSON');
  }
}

/** Schemes as an address has them; noise levels are not among it. */
export function writeSchemes(table: SchemeTable, chosen: Chosen[]): string {
  const write = ({ choice, scheme }: Chosen) => {
    const base = { ...table.choiceOf(choice).scheme, levels: scheme.levels };
    return choice + writeChanges(inTexts(base), inTexts(scheme));
  };
  return chosen.map(write).join(next);
}

/** What is changed of something, as `~path:value~path:value`; nothing where it is the same. */
export function writeChanges(base: object, to: object): string {
  return differences(base, to)
    .map(([path, value]) => {
      const plain = typeof value === 'string' && bareWord.test(value);
      return change + path.join('.') + is + (plain ? value : JSON.stringify(value));
    })
    .join('');
}

/** Changed noise levels; throws a sentence where a change does not fit. */
export function readLevels(table: SchemeTable, text: string, base: NoiseLevels): NoiseLevels {
  return levelsFrom(table, readChanges(text, base, 'a list of noise levels'));
}

function readChanges<T extends object>(text: string, base: T, what: string): T {
  return split(text, change)
    .slice(1)
    .reduce((changed, item) => {
      const [path, value] = [item.slice(0, item.indexOf(is)), item.slice(item.indexOf(is) + 1)];
      const pointer = `/${path.split('.').join('/')}`;
      if (!item.includes(is) || at(changed, pointer) === undefined) throw new Error(`${what} has no field “${path}”`);
      return withAt(changed, pointer, readValue(value));
    }, base);
}

function readValue(text: string): unknown {
  if (bareWord.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`“${brief(text)}” is no value: numbers are written as 0.5 or 1e-3, all else as in JSON`);
  }
}

function brief(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** A text that needs no quotes; what JSON reads as something else is none. */
const bareWord = /^(?!(?:true|false|null)$)[A-Za-z][\w.:-]*$/;

function readChanged(table: SchemeTable, item: string): Chosen {
  const name = item.slice(0, item.indexOf(change));
  const { choice, scheme } = choose(table, name);
  const changed = readChanges(item.slice(name.length), inTexts(scheme), 'a scheme');
  return { choice, scheme: complete(table, changed, takes(table).plain, 'a scheme') };
}

/** The parts between separators that stand in no bracket and no quotes. */
function split(text: string, separator: string): string[] {
  const parts = [''];
  let depth = 0;
  let quoted = false;
  let escaped = false;
  for (let index = 0; index < text.length; index++) {
    const letter = text[index]!;
    if (escaped) escaped = false;
    else if (quoted && letter === '\\') escaped = true;
    else if (letter === '"') quoted = !quoted;
    else if (!quoted && '[{'.includes(letter)) depth += 1;
    else if (!quoted && ']}'.includes(letter)) depth -= 1;
    if (letter === separator && depth === 0 && !quoted) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts;
}
