// The lists of docs/embedding.md, made from what the element is described by. `npm run docs` renews them.
import { demonstrationTitles as ofImages } from '../images/state/demonstration-titles.js';
import { demonstrationTitles as ofPlane } from '../plane/state/demonstration-titles.js';
import { type EmbedProperty, attributes } from './attributes.js';
import { cssProperties, events, groups, methods, parts, properties, slots } from './description.js';
import { embedGroups } from '../components/groups.js';

/** What stands between `<!-- name -->` and `<!-- /name -->`. */
const lists: Record<string, () => string> = {
  attributes: () =>
    table(
      ['attribute', 'type', 'without it', 'what it is'],
      Object.keys(attributes).map((name) => {
        const { type, default: usual, description } = properties[name as EmbedProperty];
        return [code(name), code(type), usual || 'none', description];
      }),
    ),
  groups: () =>
    table(
      ['group', 'what it is', 'shown by itself'],
      Object.entries(groups).map(([name, description]) => [
        code(name),
        description,
        embedGroups.some((group) => group === name) ? 'yes' : '',
      ]),
    ),
  presets: () =>
    table(
      ['lab', 'preset', 'what it shows'],
      Object.entries({ plane: ofPlane, images: ofImages }).flatMap(([lab, titles]) =>
        Object.entries(titles).map(([name, title]) => [code(lab), code(name), title]),
      ),
    ),
  events: () =>
    table(
      ['event', 'when; what its detail is'],
      Object.entries(events).map(([name, description]) => [code(name), description]),
    ),
  methods: () =>
    table(
      ['method', 'what it does', 'resolves with'],
      Object.entries(methods).map(([name, { parameters, result, description }]) => {
        const list = parameters.map(({ name, default: usual }) => (usual === undefined ? name : `${name} = ${usual}`));
        return [code(`${name}(${list.join(', ')})`), description, result === 'void' ? '' : code(result)];
      }),
    ),
  styling: () =>
    table(
      ['', 'what it is'],
      [
        ...Object.entries(slots).map(([name, description]) => [name ? `slot ${code(name)}` : 'other children', description]),
        ...Object.entries(parts).map(([name, description]) => [code(`::part(${name})`), description]),
        ...Object.entries(cssProperties).map(([name, { default: usual, description }]) => [`${code(name)}: ${usual}`, description]),
      ],
    ),
};

/** The text with its lists made anew. */
export function documented(text: string): string {
  return Object.entries(lists).reduce((text, [name, list]) => {
    const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`There is no place for ${name} in the guide.`);
    return `${text.slice(0, from + begin.length)}\n\n${list()}\n\n${text.slice(to)}`;
  }, text);
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');
}

/** Bars would end a cell, in code too. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function code(text: string): string {
  return `\`${text}\``;
}
