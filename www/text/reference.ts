// Turns the arXiv number in a reference into a link.
import { html, type TemplateResult } from 'lit';

export function renderReference(reference: string): TemplateResult | string {
  const [before, number, after] = reference.split(/arXiv (\d{4}\.\d{5})/);
  return number ? html`${before}<a href="https://arxiv.org/abs/${number}">arXiv ${number}</a>${after}` : reference;
}
