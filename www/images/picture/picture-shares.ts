// How often styles and backgrounds are seen, beside how often they should be.
import { LitElement, css, html } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { properties } from '../../controls/properties.js';
import { controls } from '../../styles/controls.js';
import { formatShare } from '../../text/format.js';
import type { ImagesResult } from '../engine/backend.js';
import { vocabulary } from '../schemes.js';

type Share = ImagesResult['shares']['styles'][number];

const names = { styles: vocabulary.styles, backgrounds: vocabulary.backgrounds.map(({ name }) => name) };

@customElement('gp-picture-shares')
export class PictureShares extends LitElement {
  /** Null before there is one. */
  @property({ attribute: false }) result: ImagesResult | null = null;

  static override styles = [
    controls,
    css`
    :host {
      display: block;
      font-size: var(--size-small);
    }

    table {
      width: 100%;
      border-collapse: collapse;
      font-variant-numeric: tabular-nums;
    }

    caption {
      padding-block: var(--space-2) var(--space-1);
      color: var(--ink-soft);
      text-align: left;
    }

    th,
    td {
      padding: 1px 0;
      font-weight: 400;
      line-height: 1.3;
      text-align: left;
    }

    th {
      width: 5.5rem;
    }

    td:last-child {
      width: 3.5rem;
      text-align: right;
    }

    .bar {
      position: relative;
      height: 0.75rem;
      background: color-mix(in srgb, var(--ink) 7%, transparent);
    }

    .value {
      position: absolute;
      inset: 0 auto 0 0;
      width: var(--value);
      background: var(--accent);
    }

    /* Where it should be, as wide as chance alone makes it, told by its place and shape and not by a colour. */
    .truth {
      position: absolute;
      inset: -1px auto -1px var(--low);
      width: max(2px, calc(var(--high) - var(--low)));
      border-inline: 2px solid var(--ink);
      background: color-mix(in srgb, var(--ink) 25%, transparent);
    }
  `,
  ];

  protected override render() {
    return html`${this.#renderTable('styles', 'Styles')} ${this.#renderTable('backgrounds', 'Backgrounds')}`;
  }

  #renderTable(kind: 'styles' | 'backgrounds', name: string) {
    const shares = this.result?.shares[kind];
    return html`<table>
      <caption>${name} as they are read; the bracket is what perfect samples have, two standard deviations either way</caption>
      <tbody>
        ${names[kind].map((each, index) => this.#renderRow(each, shares?.[index] ?? null))}
      </tbody>
    </table>`;
  }

  #renderRow(name: string, share: Share | null) {
    const percent = (value: number) => `${(100 * Math.min(Math.max(value, 0), 1)).toFixed(2)}%`;
    const places = share
      ? {
          '--value': percent(share.value),
          '--low': percent(share.truth - 2 * share.spread),
          '--high': percent(share.truth + 2 * share.spread),
        }
      : { '--value': '0', '--low': '0', '--high': '0' };
    return html`<tr>
      <th scope="row">${name}</th>
      <td>
        <div class="bar" aria-hidden="true" ${properties(places)}>
          <div class="value"></div>
          ${share ? html`<div class="truth"></div>` : ''}
        </div>
        ${share ? html`<span class="visually-hidden">should be ${formatShare(share.truth)}</span>` : ''}
      </td>
      <td>${share ? formatShare(share.value) : '–'}</td>
    </tr>`;
  }
}
