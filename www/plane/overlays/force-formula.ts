import { LitElement, css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Quantity } from '../explanation/fields.js';
import type { Forces, Vector } from '../explanation/forces.js';
import { planeSchemes } from '../schemes.js';
import { variantOf } from '../../scheme/table.js';
import type { RunConfig } from '../../scheme/scheme.js';
import type { Pull } from '../pointing/pointing.js';
import { visuallyHidden } from '../../styles/controls.js';
import { quantityColours } from '../../styles/quantity-colours.js';
import { describeLevel, formatDecimal } from '../../text/format.js';
import { renderFormulaOf } from '../../text/formula.js';

const { combinations } = planeSchemes.catalogue;
const [linear] = combinations;

/** How a scheme makes one score of two, with the numbers at a point, each in its arrow's colour. */
@customElement('gp-force-formula')
export class ForceFormula extends LitElement {
  @property({ attribute: false }) pull: Pull | null = null;

  static override styles = [
    visuallyHidden,
    quantityColours,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--space-3);
        align-items: baseline;
        color: var(--ink);
        font-size: var(--size-small);
        font-variant-numeric: tabular-nums;
      }

      p {
        margin: 0;
      }

      .formula {
        font-family: var(--font-math);
        font-size: var(--size-normal);
      }

      code.formula {
        font: var(--size-small) / 1.35 ui-monospace, monospace;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }

      .term {
        color: var(--quantity);
      }

      dl {
        display: grid;
        /* Two terms a row. */
        grid-template-columns: repeat(2, max-content minmax(0, 1fr));
        gap: 0 var(--space-2);
        margin: 0;
        line-height: 1.35;
      }

      dl {
        flex-basis: 100%;
      }

      dt {
        color: var(--quantity);
        font-family: var(--font-math);
      }

      dd {
        margin: 0;
        white-space: nowrap;
      }

      .soft {
        color: var(--ink-soft);
      }
    `,
  ];

  protected override render() {
    if (!this.pull) return nothing;
    const { config, forces } = this.pull;
    if (forces && 'message' in forces) return html`<p class="soft">${forces.message}</p>`;
    return html`<p>${renderRule(config)}</p>${forces ? renderValues(forces, this.pull) : html`<p class="soft">…</p>`}`;
  }
}

function renderRule({ scheme }: RunConfig) {
  const rule = variantOf(combinations, scheme.combination);
  if (rule !== linear) return renderFormulaOf(rule);
  const [s, s0, s1] = [symbol('result', 's', html`<i>w</i>`), symbol('guide', 's', '0'), symbol('main', 's', '1')];
  if (!scheme.guide) return html`<span class="formula">${s} = ${s1}</span>`;
  const difference = html`<span class="term difference"><i>w</i> (${s1} − ${s0})</span>`;
  return html`<span class="formula">${s} = ${s0} + ${difference}</span>`;
}

function symbol(quantity: Quantity, letter: string, index?: unknown) {
  return html`<span class="term ${quantity}"><i>${letter}</i>${index && html`<sub>${index}</sub>`}</span>`;
}

function renderValues({ point, sigma, weight, main, guide, difference, result }: Forces, { step, config }: Pull) {
  const row = (quantity: Quantity, term: unknown, name: string, value: Vector) => html`
    <dt class=${quantity}><span aria-hidden="true">${term}</span><span class="visually-hidden">${name}</span></dt>
    <dd>${pair(value)}</dd>
  `;
  return html`
    <p class="soft">at (${pair(point)}), ${describeLevel(sigma, step, config.scheme.levels.steps)}, <i>w</i> = ${shortly(weight)}</p>
    <dl>
      ${row('main', html`<i>s</i><sub>1</sub>`, 'Score of the main model', main)}
      ${guide ? row('guide', html`<i>s</i><sub>0</sub>`, 'Score of the guide', guide) : nothing}
      ${
        difference
          ? row('difference', html`<i>w</i>(<i>s</i><sub>1</sub> − <i>s</i><sub>0</sub>)`, 'Weighted difference of the scores', difference)
          : nothing
      }
      ${guide ? row('result', html`<i>s</i><sub><i>w</i></sub>`, 'Score that is followed', result) : nothing}
    </dl>
  `;
}

function pair([x, y]: Vector): string {
  return `${shortly(x)}, ${shortly(y)}`;
}

/** Three digits. */
function shortly(value: number): string {
  const magnitude = Math.abs(value);
  return formatDecimal(value, magnitude >= 99.5 ? 0 : magnitude >= 9.95 ? 1 : 2);
}
