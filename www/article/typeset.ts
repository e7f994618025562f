// The article's source as the page has it: formulas as MathML, numbers from the report, terms and demonstrations checked. What
// does not exist, be it a scheme, a column, a term or a demonstration, fails the build.
import temml from 'temml';
import { titleOfDemonstration } from '../demonstration-titles.js';
import { usualLab } from '../state/lab-name.js';
import { isTerm } from '../text/glossary.js';
import { writeValue, type Part, type Report } from './report.js';

/** `$...$` is a formula in a line and `$$...$$` one of its own; `[[...]]` is from the report. */
export function typeset(source: string, report: Report): string {
  for (const [, name = ''] of source.matchAll(/<gp-glossary-term term="([^"]*)"/g)) {
    if (!isTerm(name)) throw new Error(`The glossary has no term “${name}”.`);
  }
  for (const [, lab = usualLab, name = ''] of source.matchAll(/<show-me (?:lab="([^"]*)" )?what="([^"]*)"/g))
    titleOfDemonstration(lab, name);
  return source
    .replaceAll(/\$\$([^$]+)\$\$/g, (_, formula: string) => setFormula(formula, true))
    .replaceAll(/\$([^$]+)\$/g, (_, formula: string) => setFormula(formula, false))
    .replaceAll(/\[\[([^\]]+)\]\]/g, (_, asked: string) => fromReport(asked, report));
}

function setFormula(formula: string, displayMode: boolean): string {
  const tex = formula.replaceAll('&lt;', '<').replaceAll('&gt;', '>');
  const mathml = temml.renderToString(tex, { displayMode, throwOnError: true, annotate: false });
  // The stylesheet says how formulas stand; styles in the text would ask for a laxer content policy.
  return mathml.replaceAll(/ style="[^"]*"/g, '').replaceAll(/ class="[^"]*"/g, '');
}

/** `[[part: scheme: column]]`, with ` ±` for the standard error; `[[claims]]`, `[[particles]]`, `[[seeds]]`. */
function fromReport(asked: string, report: Report): string {
  if (asked === 'claims') return claimRows(report);
  if (asked === 'particles' || asked === 'seeds') return report.basis[asked].toLocaleString('en');
  const [part = '', scheme = '', column = ''] = asked.split(': ');
  const withError = column.endsWith(' ±');
  const name = withError ? column.slice(0, -2) : column;
  return writeValue(report.value(part as Part, scheme, name), name, withError);
}

function claimRows(report: Report): string {
  const verdict = (text: string) => `<td data-verdict="${text}">${text}</td>`;
  return report
    .claims()
    .map(({ text, networks, exact }) => `<tr><th scope="row">${text}</th>${verdict(networks)}${verdict(exact)}</tr>`)
    .join('\n');
}
