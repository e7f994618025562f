// Typesets the core's plain formulas: letters italic, their digits as subscripts.
import { html, type TemplateResult } from 'lit';

/** The guided score itself, without the remark on its symbols that may follow a comma. */
export function renderFormula(formula: string): TemplateResult {
  return html`<span class="formula">${splitRemark(formula)[0].split(symbol).map(renderPart)}</span>`;
}

/** The remark on the formula's symbols, if it has one. */
export function renderRemark(formula: string): TemplateResult | null {
  const [, remark] = splitRemark(formula);
  return remark ? html`${remark.split(/\b(s\d)\b/).map(renderPart)}` : null;
}

const symbol = /([a-zσν]\d*)/;

function splitRemark(formula: string): [string, string] {
  const comma = formula.indexOf(', ');
  return comma < 0 ? [formula, ''] : [formula.slice(0, comma), formula.slice(comma + 2)];
}

/** Every second part is a symbol: a letter, perhaps with a digit. */
function renderPart(part: string, index: number): TemplateResult | string {
  if (index % 2 === 0) return part;
  const digits = part.slice(1);
  return html`<i>${part[0]}</i>${digits && html`<sub>${digits}</sub>`}`;
}
