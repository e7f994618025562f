// Typesets the core's plain formulas: letters italic, their digits as subscripts, words upright.
import { html, type TemplateResult } from 'lit';
import { ownRule, type Described } from '../scheme/table.js';

/** The formula itself, without the remark on its symbols that may follow a comma. */
export function renderFormula(formula: string): TemplateResult {
  return html`<span class="formula">${typeset(splitRemark(formula)[0])}</span>`;
}

/** That of a row of the table; of a rule of one's own its text, as it was typed, without its parameters, which stand beside it. */
export function renderFormulaOf({ id, formula }: Described): TemplateResult {
  return id === ownRule.id ? html`<code class="formula">${formula!.replaceAll(/^ *param .*\n/gm, '')}</code>` : renderFormula(formula!);
}

/** The remark on the symbols of a row's formula, if it has one. */
export function renderRemarkOf({ id, formula }: Described): TemplateResult | null {
  const [, remark] = splitRemark(formula!);
  return remark && id !== ownRule.id ? html`${typeset(remark)}` : null;
}

/** All of it. */
export function renderWhole(formula: string): TemplateResult {
  return html`<span class="formula">${typeset(formula)}</span>`;
}

/** A parameter's symbol: a letter, Greek by name, perhaps with an index; or a short word. */
export function renderSymbol(symbol: string): TemplateResult {
  const [letter, index] = symbol.split('_') as [string, string?];
  const base = typeset(greek[letter] ?? letter);
  return html`${base}${index && html`<sub>${index}</sub>`}`;
}

/** Whether that is a letter, not a word. */
export function isLetter(symbol: string): boolean {
  return symbol.length === 1 || symbol.split('_')[0]! in greek;
}

/** A symbol where there is no markup: σ min. */
export function plainSymbol(symbol: string): string {
  const [letter, ...index] = symbol.split('_') as [string, ...string[]];
  return [greek[letter] ?? letter, ...index].join(' ');
}

const greek: Record<string, string> = { alpha: 'α', beta: 'β', eta: 'η', lambda: 'λ', nu: 'ν', rho: 'ρ', sigma: 'σ' };

/** At the first comma outside of brackets. */
function splitRemark(formula: string): [string, string] {
  let depth = 0;
  for (let at = 0; at < formula.length; at++) {
    if (formula[at] === '(') depth += 1;
    if (formula[at] === ')') depth -= 1;
    if (depth === 0 && formula.startsWith(', ', at)) return [formula.slice(0, at), formula.slice(at + 2)];
  }
  return [formula, ''];
}

/** A raised or lowered part; a letter, or a word that is not the article, with digits and primes. */
const symbol = /(\^\([^)]*\)|[\^_]\p{L}|(?!a [a-z]{2})[A-Za-z]+\d*'*|[α-ω]\u0302?\d*'*)/u;

/** Every second part is a symbol. */
function typeset(text: string): (TemplateResult | string)[] {
  return text.split(symbol).map((part, index) => (index % 2 === 0 ? part : renderSymbolPart(part)));
}

function renderSymbolPart(part: string): TemplateResult | string {
  if (part.startsWith('^')) return html`<sup>${typeset(part.replace(/^\^\(?|\)$/g, ''))}</sup>`;
  if (part.startsWith('_')) return html`<sub>${typeset(part.slice(1))}</sub>`;
  const [, letters, digits, primes] = /^(\D+?)(\d*)('*)$/.exec(part)!;
  if (/^[A-Za-z]{2}/.test(letters!)) return part;
  return html`<i>${letters}</i>${digits && html`<sub>${digits}</sub>`}${primes!.replaceAll("'", '′')}`;
}
