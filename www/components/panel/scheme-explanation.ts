import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Scheme } from '../../scheme/scheme.js';
import type { SchemeTable } from '../../scheme/table.js';
import { controls } from '../../styles/controls.js';
import { renderRemarkOf } from '../../text/formula.js';
import { renderReference } from '../../text/reference.js';

/** What a scheme does, in sentences: its kind of guide, and those of its parts that others of the kind have not; and its source. */
@customElement('gp-scheme-explanation')
export class SchemeExplanation extends LitElement {
  @property({ attribute: false }) table!: SchemeTable;
  @property() choice = '';
  @property({ attribute: false }) scheme!: Scheme;

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }

      p {
        margin: 0;
      }

      a {
        color: inherit;
      }
    `,
  ];

  protected override render() {
    const { table } = this;
    const { kind } = table.choiceOf(this.choice);
    const row = table.catalogue.presets.find(({ id }) => id === this.choice) ?? kind;
    const parts = table.ownParts(kind, this.scheme);
    const own = Object.values(parts).map((variant) => `${variant.name}: ${variant.explanation ?? 'a formula as one types it.'}`);
    const symbols = [kind, parts.combination].map((described) => described && renderRemarkOf(described));
    return html`<p>${[kind.explanation, ...own].join(' ')}</p>
      <p>${symbols.map((symbol) => symbol && html`${symbol}; `)}${renderReference(row.reference!)}.</p>`;
  }
}
