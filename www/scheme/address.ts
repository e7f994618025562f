// Schemes as an address has them: by name, by what is changed of a named one, or described in full, as the command takes
// them; in descriptions fields may be left out.
import { catalogue, choiceOf, hasChoice, kindOfGuide, parts, type SchemeInfo } from './catalogue.js';
import { at, withAt } from './pointer.js';
import type { Guide, Scheme } from './scheme.js';

/** As many schemes as can be told apart on a screen. */
export const mostPanels = 6;

/** A scheme, and what menus call it. */
export interface Chosen {
  choice: string;
  scheme: Scheme;
}

const plain = choiceOf('none').scheme;
const plainGuide: Guide = choiceOf('autoguidance').scheme.guide!;
/** Everything that a guide of the catalogue has in a field. */
const ofGuides = (field: keyof Guide) => catalogue.schemes.flatMap(({ scheme }) => (scheme.guide ? [scheme.guide[field]] : []));

/** What a field may look like, where it is more than a number or a name. */
const forms: Record<string, unknown[]> = {
  ...Object.fromEntries(parts.map(({ field, variants }) => [field, variants.map(({ value }) => value)])),
  noise: ofGuides('noise'),
  degradation: ofGuides('degradation'),
  interval: [null, { low: 0, high: 1 }],
  spacing: catalogue.spacings.map(({ value }) => value),
};

/** Whether a value has the form of another: the same fields, numbers for numbers; texts have to be equal. */
function hasForm(value: unknown, form: unknown): boolean {
  if (Array.isArray(form)) return Array.isArray(value) && value.every((item) => hasForm(item, form[0]));
  if (typeof form !== 'object' || form === null) return typeof form === 'number' ? typeof value === 'number' : value === form;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const [fields, wanted] = [Object.keys(value), Object.keys(form)];
  return (
    fields.length === wanted.length &&
    wanted.every((field) => hasForm((value as Record<string, unknown>)[field], (form as Record<string, unknown>)[field]))
  );
}

/** `given` over `base`, field by field; throws a sentence where it does not fit. */
function complete<T extends object>(given: unknown, base: T, what: string): T {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new Error(`${what} is not a description`);
  const whole = { ...base } as Record<string, unknown>;
  for (const [field, value] of Object.entries(given)) {
    if (!Object.hasOwn(base, field)) throw new Error(`${what} has no field “${field}”`);
    if (value === undefined) continue;
    const usual = whole[field];
    if (field === 'guide') whole[field] = value === null ? null : complete(value, plainGuide, 'a guide');
    else if (field === 'levels') whole[field] = complete(value, plain.levels, 'a list of noise levels');
    else {
      const fits = forms[field]?.some((form) => hasForm(value, form)) ?? typeof value === typeof usual;
      if (!fits) throw new Error(`“${field}” of ${what} cannot be ${JSON.stringify(value)}`);
      whole[field] = value;
    }
  }
  return whole as T;
}

/** A scheme by its name, or from a description in which fields may be left out; throws a sentence where there is none. */
export function choose(item: unknown): Chosen {
  if (typeof item === 'string') {
    if (!hasChoice(item)) throw new Error(`there is no scheme named “${item.length > 40 ? `${item.slice(0, 40)}…` : item}”`);
    return { choice: item, scheme: choiceOf(item).scheme };
  }
  const scheme = complete(item, plain, 'a scheme');
  // Parts that no kind of guide has together can stand only here: menus then show the most general kind.
  const kind = kindOfGuide(scheme) as SchemeInfo | undefined;
  return { choice: kind?.id ?? (scheme.guide ? 'autoguidance' : 'none'), scheme };
}

/** What stands between a scheme's name and its changes, between a field and its value, and between schemes. */
const [change, is, next] = ['~', ':', ','];

/**
 * Schemes in an address: `none,ht-1.10~weight:2.5~guide.model:guide-A32-0064`, each a name and what is changed of it, or a JSON
 * list of names and of descriptions as the command takes them. Throws a sentence where it is neither.
 */
export function readSchemes(text: string): Chosen[] {
  const items: unknown = text.trimStart().startsWith('[') ? JSON.parse(text) : split(text, next).map((item) => item.trim());
  if (!Array.isArray(items) || items.length === 0 || items.length > mostPanels) {
    throw new Error(`one to ${mostPanels} are possible`);
  }
  return items.map((item) => (typeof item === 'string' && item.includes(change) ? readChanged(item) : choose(item)));
}

/** The same from the schemes; noise levels are not among it. */
export function writeSchemes(chosen: Chosen[]): string {
  const write = ({ choice, scheme }: Chosen) => {
    const base = { ...choiceOf(choice).scheme, levels: scheme.levels };
    return choice + writeChanges(base, scheme);
  };
  return chosen.map(write).join(next);
}

/** What is changed of something, as `~path:value~path:value`; nothing where it is the same. */
export function writeChanges(base: object, to: object): string {
  return differences(base, to, [])
    .map(([path, value]) => {
      const plain = typeof value === 'string' && bareWord.test(value);
      return change + path.join('.') + is + (plain ? value : JSON.stringify(value));
    })
    .join('');
}

/** The changed form of something; throws a sentence where a change does not fit. */
export function readChanges<T extends object>(text: string, base: T, what: string): T {
  return split(text, change)
    .slice(1)
    .reduce((changed, item) => {
      const [path, value] = [item.slice(0, item.indexOf(is)), item.slice(item.indexOf(is) + 1)];
      const pointer = `/${path.split('.').join('/')}`;
      if (!item.includes(is) || at(changed, pointer) === undefined) throw new Error(`${what} has no field “${path}”`);
      return withAt(changed, pointer, bareWord.test(value) ? value : JSON.parse(value));
    }, base);
}

/** A text that needs no quotes; what JSON reads as something else is none. */
const bareWord = /^(?!(?:true|false|null)$)[A-Za-z][\w.:-]*$/;

function readChanged(item: string): Chosen {
  const name = item.slice(0, item.indexOf(change));
  const { choice, scheme } = choose(name);
  return { choice, scheme: complete(readChanges(item.slice(name.length), scheme, 'a scheme'), plain, 'a scheme') };
}

function differences(base: unknown, to: unknown, path: string[]): [string[], unknown][] {
  if (base === to || JSON.stringify(base) === JSON.stringify(to)) return [];
  const alike = isRecord(base) && isRecord(to) && Object.keys(base).join() === Object.keys(to).join();
  if (!alike) return [[path, to]];
  return Object.keys(to).flatMap((key) => differences(base[key], to[key], [...path, key]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The parts between separators that stand in no bracket and no quotes. */
function split(text: string, separator: string): string[] {
  const parts = [''];
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const letter = text[index]!;
    if (letter === '"' && text[index - 1] !== '\\') quoted = !quoted;
    else if (!quoted && '[{'.includes(letter)) depth += 1;
    else if (!quoted && ']}'.includes(letter)) depth -= 1;
    if (letter === separator && depth === 0 && !quoted) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts;
}
