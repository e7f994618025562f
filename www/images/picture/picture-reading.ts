// One picture of a panel: enlarged, beside the nearest of all true ones and what models estimate of it, and what it is read as.
import { LitElement, css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { World } from '../engine/backend.js';
import './thumbnail.js';

/** What is known of it; null of what is not. */
export interface Details {
  /** Counted from 1. */
  number: number;
  /** As it is in the panel. */
  here: Float32Array | null;
  nearest: Float32Array | null;
  /** Whether both models were asked about it. */
  asked: boolean;
  main: Float32Array | null;
  guide: Float32Array | null;
  guided: Float32Array | null;
  /** What it is read as at the end, and how near that is. */
  reading: string;
}

/** In place of what is asked for only then. */
const hint = html`<span class="hint">point at a picture for main and guide</span>`;

@customElement('gp-picture-reading')
export class PictureReading extends LitElement {
  @property({ attribute: false }) world: World | null = null;
  @property({ attribute: false }) details: Details | null = null;
  /** Whether the scheme has a guide. */
  @property({ type: Boolean }) guided = false;

  static override styles = css`
    :host {
      display: block;
      font-size: var(--size-small);
      line-height: 1.35;
    }

    .row {
      display: grid;
      grid-template-columns: 1.5fr 1.5fr 1fr 1fr 1fr;
      gap: var(--space-2);
      align-items: end;
    }

    .hint {
      grid-column: span 2;
      align-self: center;
      color: var(--ink-soft);
      text-align: center;
      text-wrap: balance;
    }

    p {
      /* Of two lines, also before there is anything to say. */
      min-height: calc(2 * 1.35em);
      margin: var(--space-1) 0 0;
      overflow-wrap: anywhere;
    }
  `;

  protected override render() {
    const { world, details } = this;
    const {
      here = null,
      nearest = null,
      main = null,
      guide = null,
      guided = null,
      number = 1,
      reading = '',
      asked = false,
    } = details ?? {};
    const thumbnail = (data: Float32Array | null, label: string) =>
      html`<gp-picture-thumbnail .world=${world} .data=${data} label=${label}></gp-picture-thumbnail>`;
    return html`<div class="row">
        ${thumbnail(here, `picture ${number}`)} ${thumbnail(nearest, 'nearest')}
        ${this.guided ? (asked ? html`${thumbnail(main, 'main')} ${thumbnail(guide, 'guide')}` : hint) : nothing} ${thumbnail(guided, this.guided ? 'guided' : 'D')}
      </div>
      <p data-reading>${reading}</p>`;
  }
}
