// What runs elsewhere what a panel runs: parts of programs and of a shell's lines, whichever lab they are of.
import { inTexts, writeChanges, type Chosen } from '../scheme/address.js';
import { ownNetworksOf } from '../scheme/own-network.js';
import type { Guide, ModelName, NoiseLevels, Scheme } from '../scheme/scheme.js';
import { textOf, type SchemeTable } from '../scheme/table.js';

/** One line of a shell. */
export function lineOf(words: readonly (string | number)[]): string {
  return words.map((word) => quoted(String(word))).join(' ');
}

function quoted(word: string): string {
  return /^[\w.,:/@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Networks of one's own are files beside. */
function fileOf(table: SchemeTable, model: string): string {
  return table.ships(model) || model.endsWith('.safetensors') ? model : `${model}.safetensors`;
}

/** What has to be there before, as lines that nobody runs. */
export function remarksOf(table: SchemeTable, chosen: Chosen): string {
  const files = ownNetworksOf(table, [chosen]).map((model) => fileOf(table, model));
  return files.map((file) => `# A network of your own: put its file beside, as ${file}\n`).join('');
}

/** A scheme as it is run, its networks files. */
export function settled(table: SchemeTable, { scheme }: Chosen, levels: NoiseLevels): Scheme {
  const named = <T extends ModelName>(name: T): T => ({ ...name, model: fileOf(table, name.model) });
  return { ...scheme, main: named(scheme.main), guide: scheme.guide && named(scheme.guide), levels };
}

/** A scheme by its name and what is changed of it, as the command takes it. */
export function schemeText(table: SchemeTable, chosen: Chosen, levels: NoiseLevels): string {
  return chosen.choice + writeChanges(inTexts(table.choiceOf(chosen.choice).scheme), inTexts(settled(table, chosen, levels)));
}

/** A scheme by its name alone, or a description without what is as in no guidance. */
export function describe(table: SchemeTable, chosen: Chosen, levels: NoiseLevels): string | object {
  const scheme = settled(table, chosen, levels);
  const [usual, plain] = [table.choiceOf(chosen.choice).scheme, table.choiceOf('none').scheme];
  if (isSame(scheme, usual)) return chosen.choice;
  const { main, guide, levels: own, ...others } = scheme;
  const plainGuide = table.choiceOf('autoguidance').scheme.guide!;
  const ofGuide = guide && { model: textOf(guide), ...changed(named(guide), named(plainGuide)) };
  return {
    ...(isSame(main, plain.main) ? {} : { main: textOf(main) }),
    ...(ofGuide && { guide: ofGuide }),
    ...changed(others, plain),
    ...(isSame(own, plain.levels) ? {} : { levels: changed(own, plain.levels) }),
  };
}

/** Without whose it is. */
function named({ model: _, condition: __, ...rest }: Guide): object {
  return rest;
}

function changed(of: object, base: object): object {
  return Object.fromEntries(Object.entries(of).filter(([field, value]) => !isSame(value, (base as Record<string, unknown>)[field])));
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Letters of a line of a program. */
const widest = 100;

/** Plain data as Python has them; what is too long for a line, a field a line. */
export function inPython(value: unknown, indent = ''): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  // All that JSON escapes in texts, Python reads so.
  if (typeof value !== 'object') return JSON.stringify(value);
  const more = `${indent}    `;
  const parts = (inner: string) =>
    Array.isArray(value)
      ? value.map((item) => inPython(item, inner))
      : Object.entries(value).map(([field, each]) => `${JSON.stringify(field)}: ${inPython(each, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const line = `${open}${parts(indent).join(', ')}${close}`;
  if (indent.length + line.length <= widest && !line.includes('\n')) return line;
  return `${open}\n${parts(more)
    .map((part) => `${more}${part},\n`)
    .join('')}${indent}${close}`;
}
