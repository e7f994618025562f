import { LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { choiceOf, ownParts } from '../../scheme/catalogue.js';
import { explanationOf } from '../../scheme/explanations.js';
import type { Scheme } from '../../scheme/scheme.js';

/** What a scheme does, in sentences: its kind of guide, and those of its parts that others of the kind have not. */
@customElement('gp-scheme-explanation')
export class SchemeExplanation extends LitElement {
  @property() choice = '';
  @property({ attribute: false }) scheme!: Scheme;

  protected override render() {
    const { kind } = choiceOf(this.choice);
    const own = Object.values(ownParts(kind, this.scheme)).map((variant) => `${variant.name}: ${explanationOf(variant)}`);
    return [explanationOf(kind), ...own].join(' ');
  }
}
