// What the functions are given: schemes by name or description, options, lists of numbers; checked, in sentences.
import type * as core from '../../pkg/guidance_playground.js';
import { choose } from '../scheme/address.js';
import '../plane/explanations.js';
import { planeSchemes } from '../plane/schemes.js';
import type { Control } from '../scheme/table.js';
import { fitTo } from '../scheme/fit.js';
import { papersTree, type Scheme } from '../scheme/scheme.js';
import { invalid } from './options.js';
import type { Combination } from './types.js';

/** A scheme in which fields may be left out: then they are those of no guidance. */
export interface SchemeDescription extends Omit<core.Scheme, 'main' | 'guide' | 'interval' | 'combination'> {
  /** A model and its condition, or both as text: `exact:A`. */
  main?: core.ModelName | string | undefined;
  guide?: core.Guide | null | undefined;
  interval?: core.Interval | null | undefined;
  combination?: Combination | undefined;
}

/** A scheme of the catalogue. */
export interface NamedScheme {
  /** What the functions take: `autoguidance`. */
  name: string;
  /** What a menu calls it: “Autoguidance”. */
  title: string;
  formula: string;
  explanation: string;
  /** Where it was published. */
  reference: string;
  /** Its numbers: what each is, what is accepted, and the JSON pointer to it in `scheme`. */
  parameters: Control[];
  /** The whole description. */
  scheme: Scheme;
}

const { catalogue } = planeSchemes;

/** The schemes that have a name: kinds of guidance, then papers' settings. */
export const schemes: readonly NamedScheme[] = [...catalogue.schemes, ...catalogue.presets].map((row) => {
  const { id, name: title, scheme, kind } = planeSchemes.choiceOf(row.id);
  const { formula, parameters } = kind;
  const [explanation, reference] = [kind.explanation!, row.reference!];
  // A copy: what is done to it is to change no other's.
  return structuredClone({ name: id, title, formula, explanation, reference, parameters, scheme });
});

/** The whole description of a scheme; one that is named has exact models where networks do not know the distribution. */
export function schemeOf(given: string | SchemeDescription, distribution = papersTree): Scheme {
  const advice = '`schemes` lists the names, and shows what a description is made of.';
  if (typeof given !== 'string' && (typeof given !== 'object' || given === null)) {
    throw invalid('A scheme has to be a name or a description.', advice);
  }
  try {
    const chosen = choose(planeSchemes, given);
    return structuredClone((typeof given === 'string' ? fitTo(planeSchemes, chosen, distribution) : chosen).scheme);
  } catch (thrown) {
    throw invalid(`This scheme cannot be used: ${(thrown as Error).message}.`, advice);
  }
}

/** A copy of the coordinates x0, y0, x1, y1, ... of at least one point: what becomes of the list later changes nothing. */
export function pointsOf(given: ArrayLike<number>, what: string): Float32Array {
  const isList = Array.isArray(given) || (ArrayBuffer.isView(given) && !(given instanceof DataView));
  const advice = 'Give them as a Float32Array or an array of numbers.';
  // A buffer that was handed on has nothing left, and cannot even be copied.
  const numbers = !isList || given.length === 0 ? [] : given instanceof Float32Array ? given.slice() : Array.from<unknown>(given);
  if (numbers.length === 0 || numbers.length % 2 !== 0) {
    throw invalid(`${what} have to be an even number of coordinates, x0, y0, x1, y1, ..., and at least one pair.`, advice);
  }
  const wrong = numbers.findIndex((number) => typeof number !== 'number' || !Number.isFinite(Math.fround(number)));
  if (wrong >= 0) {
    throw invalid(`${what} have to be finite numbers: at index ${wrong} there is ${words(numbers[wrong])}.`, advice);
  }
  return Float32Array.from(numbers as number[]);
}

/** A value in a sentence. */
function words(value: unknown): string {
  if (typeof value === 'number' || value === null) return String(value);
  if (value === undefined) return 'nothing';
  return typeof value === 'string' ? `the text “${value}”` : `a value of the type ${typeof value}`;
}
