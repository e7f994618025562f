// Schemes in the page's address: `?schemes=none,ht-1.10`, or a JSON list of names and of descriptions as the command
// takes them, in which fields may be left out.
import { catalogue, choiceOf, hasChoice, kindOfGuide, parts, type SchemeInfo } from './catalogue.js';
import { mostPanels } from '../state/state.js';
import type { Guide, Scheme } from './scheme.js';

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
    if (!hasChoice(item)) throw new Error(`there is no scheme named “${item}”`);
    return { choice: item, scheme: choiceOf(item).scheme };
  }
  const scheme = complete(item, plain, 'a scheme');
  // Parts that no kind of guide has together can stand only here: menus then show the most general kind.
  const kind = kindOfGuide(scheme) as SchemeInfo | undefined;
  return { choice: kind?.id ?? (scheme.guide ? 'autoguidance' : 'none'), scheme };
}

/** What the address asks for, panel by panel, and what is wrong with it, in a sentence. */
export function readSchemes(address: string): { chosen: Chosen[]; objection: string | null } {
  const asked = new URL(address).searchParams.get('schemes');
  if (asked === null) return { chosen: [], objection: null };
  const refuse = (reason: string) => ({
    chosen: [],
    objection: `The address asks for schemes that cannot be had, and is ignored there: ${reason}.`,
  });
  try {
    const items: unknown = asked.trimStart().startsWith('[') ? JSON.parse(asked) : asked.split(',').map((name) => name.trim());
    if (!Array.isArray(items) || items.length === 0 || items.length > mostPanels) return refuse(`one to ${mostPanels} are possible`);
    return { chosen: items.map(choose), objection: null };
  } catch (thrown) {
    return refuse(thrown instanceof Error ? thrown.message : String(thrown));
  }
}
