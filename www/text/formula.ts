// Typesets the core's plain formulas: letters italic, their digits as subscripts.
import { html, type TemplateResult } from 'lit';

const greek: Record<string, string> = { sigma: 'σ', kappa: 'κ', nu: 'ν' };

export function renderFormula(formula: string): TemplateResult {
  const parts = formula.match(/[A-Za-z]+\d*|[^A-Za-z]+/g) ?? [];
  return html`<span class="formula">${parts.map(renderPart)}</span>`;
}

function renderPart(part: string): TemplateResult | string {
  const symbol = /^([A-Za-z]+)(\d*)$/.exec(part);
  if (!symbol) return part.replaceAll('-', '−').replaceAll('*', '');
  const [, letters = '', digits = ''] = symbol;
  return html`<i>${greek[letters] ?? letters}</i>${digits && html`<sub>${digits}</sub>`}`;
}
