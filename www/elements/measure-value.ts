import { LitElement, css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';

/** One measured number, with what a perfect sampler would give below it. */
@customElement('measure-value')
export class MeasureValue extends LitElement {
  @property() label = '';
  @property() hint = '';
  /** Null while it is still being computed. */
  @property() value: string | null = null;
  @property() perfect = '';

  static override styles = css`
    :host {
      display: block;
      min-width: 0;
    }

    .label,
    .perfect {
      color: var(--ink-soft);
      font-size: var(--size-small);
      line-height: 1.35;
    }

    .value {
      font-size: 1.375rem;
      font-weight: 550;
      font-variant-numeric: tabular-nums;
      letter-spacing: -0.01em;
      line-height: 1.3;
    }

    .waiting {
      color: var(--line-strong);
    }

    .perfect {
      font-variant-numeric: tabular-nums;
    }
  `;

  protected override render() {
    return html`
      <div class="label" title=${this.hint || nothing}>${this.label}</div>
      <div class="value ${this.value === null ? 'waiting' : ''}">${this.value ?? '–'}</div>
      <div class="perfect">${this.perfect || html`&nbsp;`}</div>
    `;
  }
}
