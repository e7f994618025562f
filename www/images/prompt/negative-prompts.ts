// What a scheme leads its pictures away from besides its guide: prompts, each with a weight.
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import '../../controls/range-field.js';
import type { RangeChange } from '../../controls/range-field.js';
import type { Parameter } from '../../scheme/table.js';
import { controls } from '../../styles/controls.js';
import './prompt-field.js';
import type { PromptChange } from './prompt-field.js';
import { pictureSchemes, vocabulary, type Negative } from '../schemes.js';

export class NegativesChange extends Event {
  constructor(
    readonly negatives: Negative[],
    readonly settled: boolean,
  ) {
    super('negatives-change', { bubbles: true, composed: true });
  }
}

const row = pictureSchemes.catalogue.options!.find(({ id }) => id === 'negatives')!;
/** What the table begins with, and its weight as a number with a range. */
const [usual] = row.value['negatives'] as [Negative];
const weight: Parameter = row.parameters[0]!;
/** As many as a graphics device takes (src/images/engine/gpu/steps.rs). */
const most = 8;

@customElement('gp-negative-prompts')
export class NegativePrompts extends LitElement {
  @property({ attribute: false }) negatives: readonly Negative[] = [];
  @property() label = '';

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: var(--space-3);
      }

      .negative {
        display: grid;
        gap: var(--space-2);
      }

      button {
        justify-self: start;
      }
    `,
  ];

  protected override render() {
    const { negatives } = this;
    return html`${negatives.map((negative, index) => this.#renderNegative(negative, index))}
      <button ?disabled=${negatives.length >= most} @click=${() => this.#send([...negatives, usual], true)}>
        Add a negative prompt<span class="visually-hidden"> to ${this.label}</span>
      </button>`;
  }

  #renderNegative(negative: Negative, index: number) {
    const change = (part: Partial<Negative>, settled: boolean) => this.#send(this.negatives.with(index, { ...negative, ...part }), settled);
    return html`<div class="negative" role="group" aria-label="Negative prompt ${index + 1}">
      <gp-prompt-field
        brief
        label="Away from"
        .vocabulary=${vocabulary}
        .value=${negative.prompt}
        @prompt-change=${({ prompt, settled }: PromptChange) => {
          if (settled && prompt !== negative.prompt) change({ prompt }, true);
        }}
      ></gp-prompt-field>
      <gp-range-field
        stacked
        .parameter=${weight}
        .value=${negative.weight}
        @range-change=${({ value, settled }: RangeChange) => change({ weight: value }, settled)}
      ></gp-range-field>
      <button @click=${() => this.#send(this.negatives.toSpliced(index, 1), true)}>Remove it</button>
    </div>`;
  }

  #send(negatives: Negative[], settled: boolean): void {
    this.dispatchEvent(new NegativesChange(negatives, settled));
  }
}
