// The article's source as the page has it: formulas as MathML, numbers from the reports, terms and demonstrations checked. What
// does not exist, be it a scheme, a column, a term or a demonstration, fails the build.
import temml from 'temml';
import { titleOfDemonstration } from '../demonstration-titles.js';
import { terms as ofPictures } from '../images/terms.js';
import { usualLab } from '../state/lab-name.js';
import { isTerm } from '../text/glossary.js';
import type { Picture, Report } from './report.js';

export interface Reports {
  plane: Report;
  images: Report;
}

/** What the article has data drawn of, by name. */
const drawings: Readonly<Record<string, string>> = {
  hand: 'drawing-IEgChGA0DMDgCtCvC4B_BsCMDgCtC9B4DrBgEMDgCtCAyEA0EMDgCtC4B6DoBgEMDgCtCwCgC8B0CdExFhDAgG2D0EmEmBoEnB2D1EAhG',
};

/** `$...$` is a formula in a line and `$$...$$` one of its own; `[[drawing: name]]` is data, any other `[[...]]` from a report. */
export function typeset(source: string, reports: Reports): string {
  for (const [, lab = usualLab, name = ''] of source.matchAll(/<gp-glossary-term (?:lab="([^"]*)" )?term="([^"]*)"/g)) {
    if (lab === usualLab ? !isTerm(name) : !Object.hasOwn(ofPictures, name))
      throw new Error(`The glossary has no term “${name}” (${lab}).`);
  }
  for (const [, lab = usualLab, name = ''] of source.matchAll(/<show-me (?:lab="([^"]*)" )?what="([^"]*)"/g))
    titleOfDemonstration(lab, name);
  return source
    .replaceAll(/\$\$([^$]+)\$\$/g, (_, formula: string) => setFormula(formula, true))
    .replaceAll(/\$([^$]+)\$/g, (_, formula: string) => setFormula(formula, false))
    .replaceAll(/\[\[drawing: (\w+)\]\]/g, (_, name: string) => {
      if (!Object.hasOwn(drawings, name)) throw new Error(`There is no drawing of “${name}”.`);
      return drawings[name]!;
    })
    .replaceAll(/\[\[([^\]]+)\]\]/g, (_, asked: string) => fromReport(asked, reports));
}

function setFormula(formula: string, displayMode: boolean): string {
  const tex = formula.replaceAll('&lt;', '<').replaceAll('&gt;', '>');
  const mathml = temml.renderToString(tex, { displayMode, throwOnError: true, annotate: false });
  // The stylesheet says how formulas stand; styles in the text would ask for a laxer content policy.
  return mathml.replaceAll(/ style="[^"]*"/g, '').replaceAll(/ class="[^"]*"/g, '');
}

/**
 * `[[part: row: column]]`, with ` ±` for the standard error; `[[claims]]`, the table of verdicts; `[[claim: text: verdicts]]`,
 * nothing, where the report says so; `[[grid: name]]`, pictures with what stands beside their rows; `[[picture: file]]`, a drawing;
 * and a count, `[[particles]]`.
 * `[[images-...]]` is from the report of pictures, and `[[since-...]]` and `[[images-since-...]]` from the second half of each.
 */
function fromReport(asked: string, { plane, images }: Reports): string {
  const [, ofImages, second, what = ''] = /^(images-)?(since-)?(.*)$/.exec(asked)!;
  const whole = ofImages ? images : plane;
  const report = second ? whole.since : whole;
  if (what === 'claims') return claimRows(report);
  const [, part, rest] = /^([^:]+): (.+)$/.exec(what) ?? [];
  if (!part || !rest) return report.count(what);
  if (part === 'grid') return pictures(report, rest);
  if (part === 'picture') return drawing(report.picture(rest));
  if (part !== 'claim') return report.number(part, rest);
  report.confirm(rest);
  return '';
}

function claimRows(report: Report): string {
  const verdict = (text: string) => `<td data-verdict="${text}">${text}</td>`;
  return report
    .claims()
    .map(({ text, networks, exact }) => `<tr><th scope="row">${text}</th>${verdict(networks)}${verdict(exact)}</tr>`)
    .join('\n');
}

function drawing({ file, alt, width, height }: Picture): string {
  return `<img src="/docs/${file}" alt="${alt}" width="${width}" height="${height}" loading="lazy" decoding="async" />`;
}

/** Each picture has 32 pixels a side, and one pixel lies between them; there are twelve in a row. */
function pictures(report: Report, name: string): string {
  const { alt, rows } = report.grid(name);
  return `<ol class="rows">${rows.map((row) => `<li>${row.replaceAll(' = ', '\u00a0=\u00a0')}</li>`).join('')}</ol>
<div class="scroller" tabindex="0" role="group" aria-label="Pictures, a row for each scheme">
<img src="/docs/images-report/${name}.png" alt="${alt}" width="${2 * (12 * 33 - 1)}" height="${2 * (rows.length * 33 - 1)}" loading="lazy" decoding="async" />
</div>`;
}
