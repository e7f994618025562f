// The schemes of pictures that have a name.
import '../../images/explanations.js';
import { type PictureScheme, pictureSchemes } from '../../images/schemes.js';
import { invalid } from '../options.js';
import type { SchemeDescription } from './description.js';

/** A scheme of the catalogue. */
export interface NamedScheme {
  /** What the functions take: `cfg`. */
  name: string;
  /** What a menu calls it. */
  title: string;
  /** What it does; empty of settings, whose names say it. */
  explanation: string;
  /** Where it was published. */
  reference: string;
  /** The whole description. */
  scheme: PictureScheme;
}

const { catalogue } = pictureSchemes;

/** Kinds of guide, then settings with a name. */
export const schemes: readonly NamedScheme[] = [...catalogue.schemes, ...catalogue.presets].map(
  ({ id, name, explanation = '', reference = '', scheme }) =>
    structuredClone({ name: id, title: name, explanation, reference, scheme: scheme as PictureScheme }),
);

/** A description; a copy, where it has a name. */
export function schemeOf(given: unknown): SchemeDescription {
  const advice = '`schemes` lists the names, and shows what a description is made of.';
  if (typeof given === 'object' && given !== null) return given;
  if (typeof given !== 'string') throw invalid('A scheme has to be a name or a description.', advice);
  if (!pictureSchemes.hasChoice(given)) throw invalid(`There is no scheme of pictures named “${given}”.`, advice);
  return structuredClone(pictureSchemes.choiceOf(given).scheme) as SchemeDescription;
}
