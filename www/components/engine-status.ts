import { LitElement, css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { PlaneBackend } from '../plane/engine/backend.js';
import { formatPace } from '../text/format.js';

const names = { webgpu: 'WebGPU', cpu: 'the CPU' };

/** Which engine samples, on what, how fast, and why not the other: a quiet line. */
@customElement('gp-engine-status')
export class EngineStatus extends LitElement {
  @property({ attribute: false }) backend: PlaneBackend | null = null;
  /** Particles times steps a second; 0 while unknown. */
  @property({ attribute: false }) pace = 0;
  /** Share of the particles that is drawn while pictures move. */
  @property({ attribute: false }) drawn = 1;
  @property({ attribute: false }) notice = '';
  /** Only what the visitor has to know. */
  @property({ type: Boolean }) brief = false;

  static override styles = css`
    :host {
      display: block;
      color: var(--ink-soft);
      font-size: var(--size-small);
      font-variant-numeric: tabular-nums;
    }

    p {
      margin: 0;
      overflow-wrap: anywhere;
    }

    p:first-child:not(:empty) {
      margin-top: var(--space-4);
    }
  `;

  protected override render() {
    return html`
      ${this.brief ? nothing : html`<p data-engine=${this.backend?.kind ?? nothing}>${this.#describe()}</p>`}
      <p role="status" data-notice>${this.notice}</p>
    `;
  }

  #describe(): string {
    if (!this.backend) return 'Choosing an engine…';
    const { kind, description } = this.backend;
    const speed = this.pace > 0 ? `, ${formatPace(this.pace)} particles × steps a second` : '';
    const thinned = this.drawn < 1 ? ` To keep up, one particle in ${1 / this.drawn} is drawn while pictures move.` : '';
    return `Sampled by ${names[kind]} (${description})${speed}.${thinned}`;
  }
}
